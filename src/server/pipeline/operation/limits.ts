/** What an operation may cost, and what its caller may ask for: the last step before anything is asked of the graph. */
import { wantsCost } from '../../admission/admission.js';
import {
  ANYBODY,
  type Admission,
  type AdmissionRequest,
  type Caller,
  type MaybePromise,
} from '../../hooks.js';
import { limitError } from '../../errors/codes.js';
import type { RequestState } from '../../request-state.js';
import { documentOf, type AnsweredOperation } from '../../response-cache/rendered.js';
import { recovering, type Step, type StepParts } from '../request.js';
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
    return recovering(
      () => admit(admission, state, request.about, isPlan(parts, state.req)),
      (error) => errors.refusal(request, error),
    );
  };
}

/**
 * Asks whether there is room, and holds the ticket until the request is over. `answered`: nothing will run. Throws or rejects
 * with the refusal.
 */
export function admit(
  admission: Admission | undefined,
  state: RequestState,
  about: AnsweredOperation,
  answered: boolean,
): MaybePromise<undefined> {
  const ticket = admission?.admit(new Question(state, about, answered));
  if (ticket instanceof Promise) return ticket.then((granted) => void state.hold(granted));
  if (ticket) state.hold(ticket);
  return undefined;
}

/** The question, its costly parts worked out when they are asked for. */
class Question implements AdmissionRequest {
  constructor(
    private readonly state: RequestState,
    private readonly about: AnsweredOperation,
    readonly answered: boolean,
  ) {}

  get caller(): Caller {
    return this.state.caller ?? ANYBODY;
  }

  get operationName(): string | undefined {
    return this.about.name;
  }

  get operationType(): string {
    return this.about.type;
  }

  get cost(): number {
    return this.about.cost;
  }

  get showCost(): boolean {
    return wantsCost(this.state.req);
  }

  get signal(): AbortSignal {
    return this.state.signal;
  }

  get hasEnded(): boolean {
    return this.state.hasEnded;
  }
}
