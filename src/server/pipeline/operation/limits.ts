/** What an operation may cost, and what its caller may ask for: the last step before anything is asked of the graph. */
import { limitError } from '../../errors/limit-error.js';
import { documentOf } from '../../response-cache/rendered.js';
import { attempt } from '../maybe-promise.js';
import type { Step, StepParts } from '../request.js';
import { admit } from './admission.js';
import { isPlan } from './plan.js';

/** The step. Refuses an operation that passes a limit, and one for which there is no room. */
export function limits(parts: Pick<StepParts, 'admission' | 'errors' | 'explain' | 'planOperation'>): Step {
  const { admission, errors } = parts;
  return (request) => {
    const { state, operation, parameters, asked } = request;
    if (!parameters || !asked) throw new Error('the document must be found before the limits');
    const { passed, cost } = operation.weigh(parameters.variables);
    if (passed) return errors.refusal(request, limitError(passed));
    state.cost = cost;
    state.plannedAt = performance.now();
    const { name, type, hash } = operation;
    const text = parameters.query ?? '';
    request.about = { name, type, hash, cost, document: documentOf(asked), text };
    return attempt(
      () => admit(admission, state, request.about, isPlan(parts, state.req)),
      (error) => errors.refusal(request, error),
    );
  };
}
