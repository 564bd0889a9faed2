/**
 * The response cache: answers as bytes that are kept until a part of them is no longer fresh, and those under way that others
 * wait for.
 * docs/answers.md says what is kept, for how long, and for whom.
 */
import { LRUCache } from 'lru-cache';
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { AnswerOptions, AnswerSources } from '../options.js';
import type { Compression } from './compression.js';
import type { Flight } from './flight.js';
import type { AnswerOutcome, AnsweredOperation, RenderedAnswer } from './rendered.js';

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
  underWay(key: string): Flight | undefined;
  /** Makes an execution known to those who come meanwhile, unless there is one already. */
  start(key: string, flight: Flight, about: AnsweredOperation): void;
  /** The execution is over; `answer` is undefined where it is for nobody else. Keeps it where it may be kept. */
  settle(key: string, flight: Flight, answer: RenderedAnswer | undefined): void;
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
  const flights = new Map<string, Flight>();
  const hasRight = ({ tags, asOf }: AnswerSources): boolean => isCurrent?.(tags, asOf) ?? true;

  const keep = (key: string, answer: RenderedAnswer): void => {
    const { freshUntil, refreshAt, stale } = answer.sources;
    if (!kept || stale || freshUntil <= Date.now() || !hasRight(answer.sources)) return;
    const before = kept.peek(key)?.sources;
    // Made of the same parts, and perhaps compressed already.
    const isNewer = !before || before.freshUntil < freshUntil || before.refreshAt < refreshAt;
    if (!isNewer && hasRight(before)) return;
    // Whoever made it of parts that are near their end has had them renewed.
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
