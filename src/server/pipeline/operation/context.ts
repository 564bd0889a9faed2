/** The context in which the operation will run. */
import type { IncomingMessage } from 'node:http';
import type { Caller, MaybePromise } from '../../hooks.js';
import type { RequestInfo, ServerContext, Work } from '../../options.js';
import type { RequestState } from '../../request-state.js';
import { SharedExecution } from '../../response-cache/store.js';
import { recovering, whenThere, type PipelineRequest, type Step, type StepParts } from '../request.js';

/** The step. The work of an answer that others may wait for ends when no client waits any more, not with this request. */
export function makeContext(parts: Pick<StepParts, 'context' | 'explain' | 'errors'>): Step {
  const { errors } = parts;
  return (request) => {
    const { state, key } = request;
    if (key !== undefined) {
      request.flight = new SharedExecution();
      request.flight.lead(state);
    }
    return recovering(
      () => whenThere(contextFor(parts, request, request.flight), (made) => void (request.context = made)),
      (error) => errors.contextFailure(request, error),
    );
  };
}

/** A context for the work on a request's operation, by default until the request ends. Throws or rejects as `context` does. */
export function contextFor(
  { context, explain }: Pick<StepParts, 'context' | 'explain'>,
  { state, caller }: PipelineRequest,
  work: Work = state,
): MaybePromise<ServerContext> {
  return context(new GraphRequest(state, caller, explain, work));
}

/** The facts about one request, for the context function. */
class GraphRequest implements RequestInfo {
  constructor(
    private readonly state: RequestState,
    readonly caller: Caller,
    private readonly explainAllowed: boolean,
    /** Whose signal ends the work. */
    private readonly work: Work,
  ) {}

  get req(): IncomingMessage {
    return this.state.req;
  }

  get signal(): AbortSignal {
    return this.work.signal;
  }

  get deadline(): number {
    const { deadline } = this.state;
    if (deadline === undefined) throw new Error('the deadline must begin before the operation');
    return deadline;
  }

  get renews(): boolean {
    return this.work.renews === true;
  }

  get requestId(): string {
    return this.state.requestId;
  }

  get acceptLanguage(): string | undefined {
    return this.state.req.headers['accept-language'];
  }

  get explain(): boolean {
    return this.explainAllowed && this.state.req.headers['x-enos-explain'] === '1';
  }
}
