/** What the pipeline is made of: steps, and the request that they fill in. */
import type { Answer } from '../answer.js';
import type { AnswerErrors } from '../errors/answer-errors.js';
import type { DocumentChecker } from '../documents/apollo.js';
import type { Operations, PreparedOperation } from '../documents/operations.js';
import type { FragmentCache } from '../execution/fragment-cache.js';
import type { RunResult } from '../execution/run.js';
import { ANYBODY, type Caller, type DocumentRequest, type MaybePromise } from '../hooks.js';
import type { ServerContext, ServerOptions } from '../options.js';
import type { RequestState } from '../request-state.js';
import type { SharedExecution, ResponseCache } from '../response-cache/store.js';
import type { AnsweredOperation } from '../response-cache/rendered.js';
import type { Deadlines } from '../http/deadline.js';
import { mediaTypeFor } from '../http/safe-get.js';
import type { Parameters } from './operation/parameters.js';

/**
 * One step: the answer, which ends the pipeline; or undefined, and the next step follows. A promise only where something
 * must be awaited.
 */
export type Step = (request: PipelineRequest) => MaybePromise<Answer | undefined>;

/** What steps are made of: each takes what it needs. */
export interface StepParts extends ServerOptions {
  deadlines: Deadlines;
  checker: DocumentChecker;
  operations: Operations;
  errors: AnswerErrors;
  cache: ResponseCache;
  /** Absent: no fragments of answers are kept. */
  fragments: FragmentCache | undefined;
}

/** One request to /graphql, or one operation of a batch. Each field is set by the step that its comment names. */
export class PipelineRequest {
  /** Of the answer; undefined where the client takes none of ours. */
  readonly mediaType: string | undefined;
  /** read: the body as it came; undefined where there is no JSON. */
  bytes: Buffer | undefined;
  /** response cache: what the answer is kept and shared by; undefined for an answer of this request only. */
  key: string | undefined;
  /** parse: the JSON of the body. */
  body: unknown;
  /** find document, response cache: how the request names its document. */
  asked: DocumentRequest | undefined;
  /** find document: what it asks, with the text of the document; undefined where that is not in order. */
  parameters: Parameters | undefined;
  /** context: those who wait for the same answer. */
  flight: SharedExecution | undefined;
  /** context */
  context: ServerContext | undefined;
  /** check document */
  operation!: PreparedOperation;
  /** limits */
  about!: AnsweredOperation;
  /** execute */
  result!: RunResult;

  constructor(readonly state: RequestState) {
    this.mediaType = mediaTypeFor(state.req.headers.accept);
  }

  get caller(): Caller {
    return this.state.caller ?? ANYBODY;
  }

  /** What stands in the answer's `extensions`, as far as it is known; undefined for nothing. */
  get extensions(): Record<string, unknown> | undefined {
    const { context } = this;
    const all = {
      ...this.state.ticket?.extensions,
      ...context?.answerExtensions?.(),
      ...context?.responseExtensions?.(),
    };
    return Object.keys(all).length > 0 ? all : undefined;
  }
}

/** Runs the steps from one of them on, until one answers. Throws or rejects with what a step does. */
export function runSteps(
  steps: readonly Step[],
  request: PipelineRequest,
  from = 0,
): MaybePromise<Answer | undefined> {
  for (let at = from; at < steps.length; at += 1) {
    const answer = steps[at]?.(request);
    if (answer instanceof Promise) return answer.then((given) => given ?? runSteps(steps, request, at + 1));
    if (answer) return answer;
  }
  return undefined;
}

/** Goes on with a value: at once, if it is there. */
export function whenThere<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** What the work gives, or what `recover` makes of its failure. */
export function recovering<T, R>(
  work: () => MaybePromise<T>,
  recover: (error: unknown) => R,
): MaybePromise<T | R> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}
