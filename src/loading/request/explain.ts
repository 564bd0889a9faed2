/**
 * What a request's loading looked like from outside: one line per REST call, made or refused, one per read that the cache
 * answered, and one per read for which there was no time.
 */
import { operationNames } from '../enos-call.js';
import type { ExplainEntry } from '../load-context.js';

const MAX_PATHS = 50;
const MAX_IDS = 100;

/** One line of `extensions.explain`. Holds no address, header, token or body. */
export interface ExplainedCall {
  /** Contract name of the service, e.g. `asset-tree`. */
  service: string;
  /** operationId, e.g. `searchAssetNode`. */
  operation: string;
  /** What was asked for, as text; the first hundred. */
  keys: string[];
  /** How many there are, named or not. */
  keyCount: number;
  /** Ids that this very call named; empty where it named none. The first hundred. */
  ids: string[];
  /** How many there are, named or not. */
  idCount: number;
  /** Page that the call asked for, as EnOS counts; null where it has none, or no call was made. */
  page: { number: number; size: number } | null;
  /** Fields of the query that needed it, `asset.children.nodes.model`, places in lists left out; the first fifty. */
  paths: string[];
  /** How many there are, named or not. */
  pathCount: number;
  /** `hit`: answered from the cache; `shared-flight`: by another replica that was fetching it. No call was made for either. */
  cache: 'hit' | 'miss' | 'shared-flight';
  /** 1 for the first try; 0 where no call was made, or none came to be sent. */
  attempt: number;
  /** Milliseconds, of the wait where nothing was sent; 0 where no call was made. */
  durationMs: number;
  /** `ok`, the kind of failure, or `call-budget`. */
  outcome: string;
  httpStatus: number | null;
  /** EnOS's code. */
  code: number | null;
  /** EnOS's id of the request. */
  requestId: string | null;
}

/** The lines of all steps, in the order in which the steps ended. */
export function explainCalls(entries: readonly ExplainEntry[]): ExplainedCall[] {
  return entries.flatMap(linesOf);
}

function linesOf({
  service,
  operation,
  hits,
  shared = [],
  misses,
  counts,
  attempts,
  ended,
  paths,
}: ExplainEntry): ExplainedCall[] {
  const needed = [...paths()];
  const neededBy = { paths: needed.slice(0, MAX_PATHS), pathCount: needed.length };
  const lines: ExplainedCall[] = attempts.map((attempt) => {
    const ids = idsOf(attempt.args);
    return {
      ...operationNames(attempt.operation),
      keys: misses,
      keyCount: counts.misses,
      ids: ids.slice(0, MAX_IDS),
      idCount: ids.length,
      page: pageOf(attempt.args),
      ...neededBy,
      cache: 'miss',
      attempt: attempt.attempt,
      durationMs: Math.round(attempt.durationMs * 10) / 10,
      outcome: attempt.outcome,
      httpStatus: attempt.httpStatus,
      code: attempt.code,
      requestId: attempt.requestId,
    };
  });
  const withoutCall = { service, operation, ids: [], idCount: 0, page: null, ...neededBy, ...NO_CALL };
  const answered = (
    keys: string[],
    keyCount: number,
    cache: ExplainedCall['cache'],
    outcome = 'ok',
  ): void => {
    lines.push({ ...withoutCall, keys, keyCount, cache, outcome });
  };
  if (ended) answered(misses, counts.misses, 'miss', ended);
  if (hits.length > 0) answered(hits, counts.hits, 'hit');
  if (shared.length > 0) answered(shared, counts.shared, 'shared-flight');
  return lines;
}

const NO_CALL = { attempt: 0, durationMs: 0, httpStatus: null, code: null, requestId: null } as const;

type Values = Readonly<Record<string, unknown>>;

/** What a call was given: its body, and besides it its query and path. */
function valuesOf(args: unknown): Values[] {
  if (!isRecord(args)) return [];
  return [args['body'], args['query'], args['path'], args].filter(isRecord);
}

/** The page that a call asked for: most services take it in `pagination`, some besides their other parameters. */
function pageOf(args: unknown): ExplainedCall['page'] {
  for (const values of valuesOf(args)) {
    const { pageNo, pageSize } = isRecord(values['pagination']) ? values['pagination'] : values;
    if (pageNo !== undefined && pageSize !== undefined)
      return { number: Number(pageNo), size: Number(pageSize) };
  }
  return null;
}

/**
 * A list of ids in an expression, as expression.ts writes it: `assetId in ('a', "b'c")`. It begins with letters that stand in
 * few places: with any word before them, texts of callers could make the search take seconds.
 */
const IDS_IN_EXPRESSION = /Ids? in \(((?:(?:'[^']*'|"[^"]*")(?:, )?)+)\)/g;
const LITERAL = /'[^']*'|"[^"]*"/g;

/** The ids that a call named: parameters whose names say so, and lists in its expression. */
function idsOf(args: unknown): string[] {
  const ids = valuesOf(args).flatMap((values) =>
    Object.entries(values).flatMap(([name, value]) => {
      if (name === 'expression' && typeof value === 'string') return idsIn(value);
      if (!/Ids?$/.test(name) || name === 'orgId') return [];
      if (Array.isArray(value)) return value.map(String);
      return typeof value === 'string' ? value.split(',') : [];
    }),
  );
  return [...new Set(ids)];
}

function idsIn(expression: string): string[] {
  return [...expression.matchAll(IDS_IN_EXPRESSION)].flatMap(([, list = '']) =>
    [...list.matchAll(LITERAL)].map(([literal]) => literal.slice(1, -1)),
  );
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
