/**
 * The short road: an operation that was answered before is answered again without Apollo's pipeline, which would parse,
 * validate and measure it anew and ask hooks of which we use a few. Whatever is not plain (unknown operations, refusals of
 * a limit, variables that do not fit, mutations) goes through Apollo: before anything has been asked of the graph.
 */
import type { ExecutionResult } from 'graphql';
import { newHead } from '../answer-errors.js';
import type { AnswerErrors } from '../answer-errors.js';
import type { Answer } from '../answer.js';
import type { BoundOperation } from '../execution/compile.js';
import { ANYBODY } from '../hooks.js';
import type { Admission, AdmissionRequest, Caller, MaybePromise } from '../hooks.js';
import type { Operations, PreparedOperation } from '../operations.js';
import type { ServerContext } from '../options.js';
import type { RequestState } from '../request-state.js';
import type { Parameters } from './parameters.js';

/** An operation that the short road can answer, its variables read. */
export interface ShortRequest {
  prepared: PreparedOperation;
  bound: BoundOperation;
  variables: Parameters['variables'];
  mediaType: string;
}

/** What the short road is made of. */
export interface ShortRoadParts {
  operations: Operations;
  errors: AnswerErrors;
  admission: Admission | undefined;
}

/** Answers known operations. */
export interface ShortRoad {
  /** The request made ready, or undefined where Apollo must answer it. */
  take(parameters: Parameters, mediaType: string): ShortRequest | undefined;
  answer(
    state: RequestState,
    request: ShortRequest,
    context: () => MaybePromise<ServerContext>,
  ): Promise<Answer>;
}

/** Makes the short road. */
export function createShortRoad({ operations, errors, admission }: ShortRoadParts): ShortRoad {
  return {
    take: ({ query, operationName, variables, extensions }, mediaType) => {
      if (query === undefined || extensions?.['persistedQuery'] !== undefined) return undefined;
      const prepared = operations.find(query, operationName);
      if (!prepared?.compiled || prepared.passedLimit(variables)) return undefined;
      const bound = prepared.compiled.bind(variables);
      return bound && { prepared, bound, variables, mediaType };
    },
    answer: async (state, { prepared, bound, variables, mediaType }, makeContext) => {
      state.operationName = prepared.name?.slice(0, 100);
      state.operationType = prepared.type;
      let context: ServerContext;
      try {
        const made = makeContext();
        context = made instanceof Promise ? await made : made;
      } catch (error) {
        return errors.contextFailure(error, mediaType);
      }
      if (admission) {
        try {
          const ticket = admission.admit(new Asking(state, prepared, variables));
          state.hold(ticket instanceof Promise ? await ticket : ticket);
        } catch (error) {
          return errors.refusal(state, error, mediaType, context.responseExtensions?.());
        }
      }
      const result = bound.execute({ context });
      return completed(state, result instanceof Promise ? await result : result, context, mediaType, errors);
    },
  };
}

/** The question whether there is room, its costly parts worked out when they are asked for. */
class Asking implements AdmissionRequest {
  readonly answered = false;

  constructor(
    private readonly state: RequestState,
    private readonly prepared: PreparedOperation,
    private readonly variables: Parameters['variables'],
  ) {}

  get caller(): Caller {
    return this.state.caller ?? ANYBODY;
  }

  get operationName(): string | undefined {
    return this.prepared.name;
  }

  get operationType(): string {
    return this.prepared.type;
  }

  get cost(): number {
    return this.prepared.costOf(this.variables);
  }

  get signal(): AbortSignal {
    return this.state.signal;
  }
}

/** The result as it is sent: errors as the caller may see them, extensions, and the headers of the ticket. */
function completed(
  state: RequestState,
  { data, errors: failures }: ExecutionResult,
  context: ServerContext,
  mediaType: string,
  errors: AnswerErrors,
): Answer {
  const { ticket } = state;
  const more = context.responseExtensions?.();
  const all = ticket?.extensions || more ? { ...ticket?.extensions, ...more } : undefined;
  const extensions = all && Object.keys(all).length > 0 ? all : undefined;
  const headers: string[] = [];
  let status = 200;
  let shown;
  if (failures) {
    const head = newHead();
    errors.log(failures, state.requestId);
    shown = errors.show(failures, head);
    errors.count(state, shown);
    status = head.status ?? 200;
    headers.push(...[...head.headers].flat());
  }
  if (ticket?.headers) for (const [name, value] of Object.entries(ticket.headers)) headers.push(name, value);
  headers.push('Content-Type', mediaType);
  // In Apollo's order, to its last byte.
  return { status, headers, body: `${JSON.stringify({ errors: shown, data, extensions })}\n` };
}
