/** Who asks: before the body is read, so that one who may not ask learns nothing else. */
import { recovering, whenThere, type Step, type StepParts } from '../request.js';

/** The step; without the hook all callers are one. */
export function identify({ identify: ask, errors }: Pick<StepParts, 'identify' | 'errors'>): Step {
  if (!ask) return () => undefined;
  return (request) => {
    const { state } = request;
    return recovering(
      () => whenThere(ask(state.req), (caller) => void (state.caller = caller)),
      (error) => errors.contextFailure(request, error),
    );
  };
}
