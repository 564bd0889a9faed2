/** Asks whether there is room for an operation. */
import { ANYBODY } from '../../hooks.js';
import type { Admission, AdmissionRequest, Caller, MaybePromise } from '../../hooks.js';
import type { AnsweredOperation } from '../../response-cache/rendered.js';
import { wantsCost } from '../../admission/admission.js';
import type { RequestState } from '../../request-state.js';

/** Asks, and holds the ticket until the request is over. `answered`: nothing will run. Throws or rejects with the refusal. */
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
