/** What a request's loading looked like from outside: one line per REST call, and one per read that the cache answered. */
import { operationNames } from './enos-call.js';
import type { ExplainEntry } from './load-context.js';

/** One line of `extensions.explain`. Holds no address, header, token or body. */
export interface ExplainedCall {
  /** Contract name of the service, e.g. `asset-tree`. */
  service: string;
  /** operationId, e.g. `searchAssetNode`. */
  operation: string;
  /** What was asked for, as text. */
  keys: string[];
  /** `hit`: answered from the cache, no call was made. */
  cache: 'hit' | 'miss';
  /** 1 for the first try; 0 where no call was made. */
  attempt: number;
  /** Milliseconds; 0 where no call was made. */
  durationMs: number;
  /** `ok`, or the kind of failure. */
  outcome: string;
  httpStatus: number | null;
  /** EnOS's code. */
  code: number | null;
  /** EnOS's id of the request. */
  requestId: string | null;
}

/** The lines of all steps, in the order in which the steps ended. */
export function explainCalls(entries: readonly ExplainEntry[]): ExplainedCall[] {
  return entries.flatMap(({ service, operation, hits, misses, attempts }) => {
    const lines: ExplainedCall[] = attempts.map((attempt) => ({
      ...operationNames(attempt.operation),
      keys: misses,
      cache: 'miss',
      attempt: attempt.attempt,
      durationMs: Math.round(attempt.durationMs * 10) / 10,
      outcome: attempt.outcome,
      httpStatus: attempt.httpStatus,
      code: attempt.code,
      requestId: attempt.requestId,
    }));
    if (hits.length > 0) {
      const untouched = {
        attempt: 0,
        durationMs: 0,
        outcome: 'ok',
        httpStatus: null,
        code: null,
        requestId: null,
      };
      lines.push({ service, operation, keys: hits, cache: 'hit', ...untouched });
    }
    return lines;
  });
}
