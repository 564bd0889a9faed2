/** Lists that hold only what may be seen, with the right totals: EnOS is asked for the seen assets by id. */
import { chunk } from '../chunk.js';
import { InputError, type Slice, type Window } from '../common.js';
import { all, type MaybePromise } from '../maybe.js';

/** Ids of one question: a page of EnOS must be able to hold all that they find. */
export const MAX_IDS = 1000;
/** Longest list that is read whole where its order must be kept. */
const MAX_WHOLE = 50_000;

/** The seen ids, or those among the wanted ones; in one order always, so that equal questions are the same question. */
export function seenIds(seen: ReadonlySet<string>, wanted: readonly string[] | undefined): readonly string[] {
  if (wanted !== undefined) return [...new Set(wanted.filter((id) => seen.has(id)))].sort();
  let ids = sorted.get(seen);
  if (ids === undefined) sorted.set(seen, (ids = [...seen].sort()));
  return ids;
}

/** All ids of a set in order: every list of a request asks for them. */
const sorted = new WeakMap<ReadonlySet<string>, readonly string[]>();

/** Asks for a window of what a list of ids finds. */
export type AskByIds<T> = (ids: readonly string[], window: Window) => MaybePromise<Slice<T>>;

/** A window of lists that follow one another, each of a part of the ids; one question where one part is all. */
export function oneAfterTheOther<T>(
  ids: readonly string[],
  window: Window,
  ask: AskByIds<T>,
): MaybePromise<Slice<T>> {
  if (ids.length === 0) return nothing(window);
  return ids.length <= MAX_IDS ? ask(ids, window) : readInTurn(chunk(ids, MAX_IDS), window, ask);
}

/** A window of lists merged into one order: each part is asked for all that may come before the window's end. */
export function mergedInOrder<T>(
  ids: readonly string[],
  window: Window,
  compare: (a: T, b: T) => number,
  ask: AskByIds<T>,
): MaybePromise<Slice<T>> {
  if (ids.length === 0) return nothing(window);
  return ids.length <= MAX_IDS ? ask(ids, window) : readMerged(chunk(ids, MAX_IDS), window, compare, ask);
}

async function readInTurn<T>(
  parts: readonly (readonly string[])[],
  window: Window,
  ask: AskByIds<T>,
): Promise<Slice<T>> {
  const totals = await Promise.all(
    parts.map(async (part) => (await ask(part, { offset: 0, limit: 0 })).totalCount),
  );
  let before = 0;
  const reads: MaybePromise<Slice<T>>[] = [];
  parts.forEach((part, index) => {
    const total = totals[index] ?? 0;
    const start = Math.max(0, window.offset - before);
    const end = Math.min(total, window.offset + window.limit - before);
    before += total;
    if (start < end) reads.push(ask(part, { offset: start, limit: end - start }));
  });
  const items = (await all(reads)).flatMap((slice) => slice.items);
  return { items, offset: window.offset, totalCount: before };
}

async function readMerged<T>(
  parts: readonly (readonly string[])[],
  { offset, limit }: Window,
  compare: (a: T, b: T) => number,
  ask: AskByIds<T>,
): Promise<Slice<T>> {
  const reach = { offset: 0, limit: limit === 0 ? 0 : offset + limit };
  const slices = await all(parts.map((part) => ask(part, reach)));
  const totalCount = slices.reduce((sum, slice) => sum + slice.totalCount, 0);
  const items = slices.flatMap((slice) => slice.items).sort(compare);
  return { items: items.slice(offset, offset + limit), offset, totalCount };
}

function nothing<T>({ offset }: Window): Slice<T> {
  return { items: [], offset, totalCount: 0 };
}

/** A window of the seen items of a list, in the list's own order: the list is read whole. Rejects with `InputError`. */
export async function filteredWhole<T>(
  window: Window,
  isSeen: (item: T) => boolean,
  ask: (window: Window) => MaybePromise<Slice<T>>,
): Promise<Slice<T>> {
  const first = await ask({ offset: 0, limit: MAX_IDS });
  if (first.totalCount > MAX_WHOLE) {
    throw new InputError(
      `The list holds ${first.totalCount} assets, more than the ${MAX_WHOLE} that can be checked for your rights: narrow it by "filter"`,
      'filter',
    );
  }
  const offsets: number[] = [];
  for (let offset = MAX_IDS; offset < first.totalCount; offset += MAX_IDS) offsets.push(offset);
  const rest = await all(offsets.map((offset) => ask({ offset, limit: MAX_IDS })));
  const items = [first, ...rest].flatMap((slice) => slice.items).filter(isSeen);
  const { offset, limit } = window;
  return { items: items.slice(offset, offset + limit), offset, totalCount: items.length };
}
