/**
 * The short road: an operation that was answered before is answered again without Apollo's pipeline, which would parse,
 * validate and measure it anew and ask hooks of which we use a few. Whatever is not plain (unknown operations, refusals of
 * a limit, variables that do not fit, mutations) goes through Apollo: before anything has been asked of the graph.
 */
import { newHead } from '../answer-errors.js';
import type { AnswerErrors } from '../answer-errors.js';
import type { Answer } from '../answer.js';
import type { Answers } from '../answers/answers.js';
import type { Compression } from '../answers/compression.js';
import { audienceOf } from '../answers/key.js';
import { Flight } from '../answers/flight.js';
import { documentOf, renderAnswer } from '../answers/rendered.js';
import { resultBytes } from '../answers/result-text.js';
import type { AnsweredOperation, RenderedAnswer } from '../answers/rendered.js';
import { showAnswer } from '../answers/show.js';
import type { BoundOperation } from '../execution/compile.js';
import type { KeptParts } from '../execution/kept-parts.js';
import type { RunResult } from '../execution/run.js';
import type { PartsOfCaller } from '../execution/run-parts.js';
import { ANYBODY } from '../hooks.js';
import type { Admission, AdmissionRequest, Caller, DocumentRequest, MaybePromise } from '../hooks.js';
import { wantsCost } from '../limits/admission.js';
import type { Operations } from '../operations.js';
import type { ServerContext, Work } from '../options.js';
import type { RequestState } from '../request-state.js';
import type { Parameters } from './parameters.js';

/** An operation that the short road can answer, its variables read. */
export interface ShortRequest {
  about: AnsweredOperation;
  bound: BoundOperation;
  mediaType: string;
  /** What its answer is kept and shared by; undefined for an answer of its own. */
  key: string | undefined;
}

/** What the short road is made of. */
export interface ShortRoadParts {
  operations: Operations;
  errors: AnswerErrors;
  admission: Admission | undefined;
  answers: Answers;
  compression: Compression;
  /** Where objects of answers are kept; absent: nowhere. */
  keptParts: KeptParts | undefined;
}

/** Answers known operations. */
export interface ShortRoad {
  /** The request made ready, or undefined where Apollo must answer it. */
  take(
    parameters: Parameters,
    asked: DocumentRequest,
    mediaType: string,
    key?: string,
  ): ShortRequest | undefined;
  answer(
    state: RequestState,
    request: ShortRequest,
    context: (work: Work) => MaybePromise<ServerContext>,
  ): Promise<Answer>;
  /** Asks whether the request may have an answer that is there already. Throws or rejects where it may not. */
  admitAnswered(state: RequestState, about: AnsweredOperation): MaybePromise<void>;
}

/** Makes the short road. */
export function createShortRoad(parts: ShortRoadParts): ShortRoad {
  const { operations, errors, admission, answers, keptParts } = parts;

  const partsFor = (state: RequestState, context: ServerContext): PartsOfCaller | undefined => {
    const marks = keptParts && context.sourceMarks?.();
    if (!marks) return undefined;
    const { partition } = state.caller ?? ANYBODY;
    return { kept: keptParts, audience: audienceOf(state.req, partition), marks };
  };

  return {
    take: ({ query, operationName, variables, extensions }, document, mediaType, key) => {
      if (query === undefined || extensions?.['persistedQuery'] !== undefined) return undefined;
      const prepared = operations.find(query, operationName);
      if (!prepared?.compiled) return undefined;
      const { cost } = prepared.weigh(variables);
      if (cost === undefined) return undefined;
      const bound = prepared.compiled.bind(variables);
      if (!bound) return undefined;
      const { name, type, hash } = prepared;
      const about = { name, type, hash, cost, document: documentOf(document), text: query };
      return { about, bound, mediaType, key };
    },
    answer: async (state, { about, bound, mediaType, key }, makeContext) => {
      noteOperation(state, about);
      state.plannedAt = performance.now();
      const flight = key === undefined ? undefined : new Flight(about);
      flight?.lead(state);
      let context: ServerContext;
      try {
        const made = makeContext(flight ?? state);
        context = made instanceof Promise ? await made : made;
      } catch (error) {
        return errors.contextFailure(error, mediaType);
      }
      if (admission) {
        try {
          const ticket = admission.admit(new Asking(state, about, false));
          state.hold(ticket instanceof Promise ? await ticket : ticket);
        } catch (error) {
          return errors.refusal(state, error, mediaType, context.responseExtensions?.());
        }
      }
      const ofCaller = partsFor(state, context);
      if (!flight || key === undefined || !context.sources) {
        const result = bound.execute({ context, parts: ofCaller });
        return completed(
          state,
          result instanceof Promise ? await result : result,
          context,
          mediaType,
          errors,
        );
      }
      let rendered: RenderedAnswer | undefined;
      answers.depart(key, flight);
      try {
        const pending = bound.execute({ context, parts: ofCaller });
        const result = pending instanceof Promise ? await pending : pending;
        rendered = renderAnswer(result, context, mediaType, about);
        return rendered
          ? showAnswer(state, rendered, 'executed', parts)
          : completed(state, result, context, mediaType, errors);
      } finally {
        answers.arrive(key, flight, rendered);
      }
    },
    admitAnswered: (state, about) => {
      noteOperation(state, about);
      const ticket = admission?.admit(new Asking(state, about, true));
      if (ticket instanceof Promise) return ticket.then((granted) => state.hold(granted));
      if (ticket) state.hold(ticket);
      return undefined;
    },
  };
}

function noteOperation(state: RequestState, { name, type, hash, cost }: AnsweredOperation): void {
  state.operationName = name?.slice(0, 100);
  state.operationType = type;
  state.operationHash = hash;
  state.cost = cost;
}

/** The question whether there is room, its costly parts worked out when they are asked for. */
class Asking implements AdmissionRequest {
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

/** The result as it is sent: errors as the caller may see them, extensions, and the headers of the ticket. */
function completed(
  state: RequestState,
  result: RunResult,
  context: ServerContext,
  mediaType: string,
  errors: AnswerErrors,
): Answer {
  const { ticket } = state;
  const { errors: failures } = result;
  const all = { ...ticket?.extensions, ...context.answerExtensions?.(), ...context.responseExtensions?.() };
  const extensions = Object.keys(all).length > 0 ? all : undefined;
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
  return { status, headers, body: resultBytes(result, shown, extensions) };
}
