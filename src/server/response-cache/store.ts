/**
 * The response cache: answers, as bytes, kept until a part of them is no longer fresh, and those under way that others
 * wait for.
 * docs/answers.md says what is kept, for how long, and for whom.
 */
import { LRUCache } from 'lru-cache';
import { Counter, type Registry } from 'prom-client';
import type { AnswerOptions, AnswerSources } from '../options.js';
import type { Compression } from './compression.js';
import type { AnswerOutcome, AnsweredOperation, RenderedAnswer } from './rendered.js';
import type { RequestState } from '../request-state.js';

/** The response cache of a server. */
export interface ResponseCache {
  /** Whether any request need have a key. */
  readonly isOn: boolean;
  readonly compression: Compression;
  /** The answer kept for a key, if it may be sent still. */
  find(key: string): RenderedAnswer | undefined;
  /** Whether a kept answer should be made again, since the first of its parts is about to end. */
  isDue(answer: RenderedAnswer): boolean;
  /** Keeps an answer where that is allowed, in the place of one that is older. */
  keep(key: string, answer: RenderedAnswer): void;
  /** The execution under way for a key, if it may be waited for. */
  underWay(key: string): SharedExecution | undefined;
  /** Makes an execution known to those who come meanwhile, unless there is one already. */
  start(key: string, flight: SharedExecution, about: AnsweredOperation): void;
  /** The execution is over; `answer` is undefined where it serves no other request. Keeps it where it may be kept. */
  settle(key: string, flight: SharedExecution, answer: RenderedAnswer | undefined): void;
  /** Whether those who waited may have the answer: nothing that it was made of has been invalidated since. */
  isCurrent(answer: RenderedAnswer): boolean;
  count(outcome: AnswerOutcome): void;
}

/** Without options the response cache is off. */
const OFF: AnswerOptions = { maxBytes: 0, share: false, compression: 'off' };

/** Makes the cache; its metric is registered once per registry. */
export function createResponseCache(
  { maxBytes, share, compression, isCurrent }: AnswerOptions = OFF,
  registry: Registry,
): ResponseCache {
  const counter = new Counter({
    name: 'graphql_answers_total',
    help: 'Answers that could be shared, by how a request came to its own: kept, joined, executed, not_modified.',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  const outcomes = ['kept', 'joined', 'executed', 'not_modified'] as const;
  const counters = new Map(outcomes.map((outcome) => [outcome, counter.labels({ outcome })]));
  const kept =
    maxBytes > 0
      ? new LRUCache<string, RenderedAnswer>({
          maxSize: maxBytes,
          sizeCalculation: (answer, key) => answer.size + 2 * key.length,
        })
      : undefined;
  const flights = new Map<string, SharedExecution>();
  const hasRight = ({ tags, asOf }: AnswerSources): boolean => isCurrent?.(tags, asOf) ?? true;

  const keep = (key: string, answer: RenderedAnswer): void => {
    const { freshUntil, refreshAt, stale } = answer.sources;
    if (!kept || stale || freshUntil <= Date.now() || !hasRight(answer.sources)) return;
    const before = kept.peek(key)?.sources;
    // Made of the same parts, and perhaps compressed already.
    const isNewer = !before || before.freshUntil < freshUntil || before.refreshAt < refreshAt;
    if (!isNewer && hasRight(before)) return;
    // Parts near their end were renewed when it was made.
    answer.isRenewed = refreshAt <= Date.now();
    kept.set(key, answer);
    // What has grown is measured again, if it is there still.
    answer.grown = () => {
      if (kept.peek(key) !== answer) return;
      // The store measures what it did not hold before.
      kept.delete(key);
      kept.set(key, answer);
    };
  };

  return {
    isOn: kept !== undefined || share,
    compression,
    find: (key) => {
      const answer = kept?.get(key);
      if (!answer) return undefined;
      if (answer.sources.freshUntil > Date.now() && hasRight(answer.sources)) return answer;
      kept?.delete(key);
      return undefined;
    },
    isDue: ({ isRenewed, sources }) => !isRenewed && sources.refreshAt <= Date.now(),
    keep,
    underWay: (key) => flights.get(key),
    start: (key, flight, about) => {
      flight.about = about;
      if (share && flights.get(key) === undefined) flights.set(key, flight);
    },
    settle: (key, flight, answer) => {
      if (flights.get(key) === flight) flights.delete(key);
      if (answer) keep(key, answer);
      flight.end(answer);
    },
    isCurrent: ({ sources }) => hasRight(sources),
    count: (outcome) => counters.get(outcome)?.inc(),
  };
}

/** One execution and all who wait for it. */
export class SharedExecution {
  /** The answer; undefined where it cannot serve the others, who then ask for themselves. Never rejects. */
  readonly outcome: Promise<RenderedAnswer | undefined>;
  /** Known once it has started. */
  about!: AnsweredOperation;
  private land: (answer: RenderedAnswer | undefined) => void = () => undefined;
  private waiting = 0;
  private readonly controller = new AbortController();

  constructor() {
    this.outcome = new Promise((resolve) => (this.land = resolve));
  }

  /** Ends the execution when no request waits for it any more, or the time of the first one is over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The request for which it is executed. When its time is over, so is the execution's: its loaders have that deadline. */
  lead(state: RequestState): void {
    this.waiting += 1;
    state.whenAborted((reason) => this.leave(reason, isTimeout(reason)));
  }

  /** A request that waits with it, for as long as its own time lasts. */
  join(state: RequestState): void {
    this.waiting += 1;
    state.whenAborted((reason) => this.leave(reason, false));
  }

  /** Tells all who wait. */
  end(answer: RenderedAnswer | undefined): void {
    this.land(answer);
  }

  private leave(reason: unknown, ends: boolean): void {
    this.waiting -= 1;
    if (ends || this.waiting === 0) this.controller.abort(reason);
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
