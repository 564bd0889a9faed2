/**
 * Judges an answer that was given amid faults against what is true: each part must be true, or missing with a coded error
 * at its place.
 */
import type { Answer } from '../../support/graphql-client.js';

/** An answer as far as it is judged. */
export type Judged = Pick<Answer<Record<string, unknown>>, 'status' | 'data' | 'errors' | 'extensions'>;

/** Codes with which the server may own up to a failure that is not the caller's. */
const FAILURES = new Set([
  'UPSTREAM_ERROR',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
  'RATE_LIMITED',
  'OVERLOADED',
]);

/** Whether an error is of that kind. */
export const isFailure = (error: { extensions: { code: string } }): boolean =>
  FAILURES.has(error.extensions.code);

/** Whether an answer says of itself that parts of it are stale. */
export const isStale = ({ extensions }: Pick<Judged, 'extensions'>): boolean =>
  (extensions?.freshness as { stale?: boolean } | undefined)?.stale === true;

/**
 * What is wrong with an answer; empty if it is right.
 * @param truths answers that were true within the lifetime of what may be cached, the newest first
 * @param older answers that were true before: allowed where the answer says that it is stale
 */
export function faultsOf(answer: Judged, truths: readonly Judged[], older: readonly Judged[] = []): string[] {
  const { errors = [] } = answer;
  const problems: string[] = [];
  const allowed = isStale(answer) ? [...truths, ...older] : truths;
  const expected = new Set(allowed.flatMap((truth) => (truth.errors ?? []).map(describe)));
  for (const error of errors) {
    if (!isFailure(error) && !expected.has(describe(error))) {
      problems.push(`unexpected error ${describe(error)}: ${error.message}`);
    }
  }
  const failed = errors.map((error) => JSON.stringify(error.path ?? []));
  if (answer.data === null) {
    if (errors.length === 0) problems.push('neither data nor errors');
    if (answer.status !== 200 && answer.status !== 503 && answer.status !== 429) {
      problems.push(`status ${answer.status}`);
    }
    return problems;
  }
  compare(
    answer.data,
    allowed.map(({ data }) => data),
    [],
    new Set(failed),
    problems,
  );
  return problems;
}

const describe = (error: { path?: (string | number)[]; extensions: { code: string } }): string =>
  `${error.extensions.code} at ${JSON.stringify(error.path ?? [])}`;

/** Compares part by part, since parts of one answer may come from the cache at different times. */
function compare(
  value: unknown,
  truths: readonly unknown[],
  path: (string | number)[],
  failed: ReadonlySet<string>,
  problems: string[],
): void {
  if (value === null || typeof value !== 'object') {
    if (truths.some((truth) => truth === value)) return;
    // A null that an error explains, at its own place or at one below that may not be null itself.
    const here = JSON.stringify(path);
    const explained = [...failed].some(
      (at) => at === here || at.startsWith(`${here.slice(0, -1)},`) || here === '[]',
    );
    if (value === null && explained) return;
    problems.push(`${path.join('.')}: ${JSON.stringify(value)}, and not ${JSON.stringify(truths[0])}`);
    return;
  }
  if (Array.isArray(value)) {
    const lists = truths.filter(
      (truth) => Array.isArray(truth) && truth.length === value.length,
    ) as unknown[][];
    if (lists.length === 0) problems.push(`${path.join('.')}: a list of ${value.length}`);
    else
      value.forEach((item, i) =>
        compare(
          item,
          lists.map((list) => list[i]),
          [...path, i],
          failed,
          problems,
        ),
      );
    return;
  }
  const objects = truths.filter((truth) => truth !== null && typeof truth === 'object') as Record<
    string,
    unknown
  >[];
  if (objects.length === 0) {
    problems.push(`${path.join('.')}: an object where there is none`);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    compare(
      item,
      objects.map((object) => object[key]),
      [...path, key],
      failed,
      problems,
    );
  }
}
