/** Lists of more ids than one question holds: right totals, right windows, the order kept. */
import type { Slice, Window } from '../../../src/loading/common.js';
import {
  filteredWhole,
  mergedInOrder,
  oneAfterTheOther,
  seenIds,
} from '../../../src/loading/guard/narrow.js';

const all = Array.from({ length: 2_500 }, (_, n) => `a${String(n).padStart(4, '0')}`);

/** EnOS, which knows every second of the ids. */
function enos(compare: (a: string, b: string) => number = (a, b) => (a < b ? -1 : 1)) {
  const asked: { ids: number; window: Window }[] = [];
  const ask = async (ids: readonly string[], window: Window): Promise<Slice<string>> => {
    expect(ids.length).toBeLessThanOrEqual(1_000);
    asked.push({ ids: ids.length, window });
    const found = ids.filter((id) => Number(id.slice(1)) % 2 === 0).sort(compare);
    return {
      items: found.slice(window.offset, window.offset + window.limit),
      offset: window.offset,
      totalCount: found.length,
    };
  };
  return { asked, ask };
}
const even = all.filter((_, n) => n % 2 === 0);

test.each([
  { offset: 0, limit: 3 },
  { offset: 498, limit: 4 },
  { offset: 499, limit: 502 },
  { offset: 1_249, limit: 10 },
  { offset: 5_000, limit: 10 },
  { offset: 0, limit: 0 },
])('one after the other and merged: %j', async (window) => {
  const expected = {
    items: even.slice(window.offset, window.offset + window.limit),
    offset: window.offset,
    totalCount: even.length,
  };
  expect(await oneAfterTheOther(all, window, enos().ask)).toEqual(expected);
  expect(await mergedInOrder(all, window, (a, b) => (a < b ? -1 : 1), enos().ask)).toEqual(expected);
  const downwards = (a: string, b: string): number => (a < b ? 1 : -1);
  expect(await mergedInOrder(all, window, downwards, enos(downwards).ask)).toEqual({
    ...expected,
    items: [...even].reverse().slice(window.offset, window.offset + window.limit),
  });
});

test('ids that fit are one question, no ids are none', async () => {
  const { asked, ask } = enos();
  const window = { offset: 1, limit: 2 };
  expect(await oneAfterTheOther(all.slice(0, 1_000), window, ask)).toMatchObject({ totalCount: 500 });
  expect(asked).toEqual([{ ids: 1_000, window }]);
  expect(await oneAfterTheOther([], window, ask)).toEqual({ items: [], offset: 1, totalCount: 0 });
  expect(await mergedInOrder([], window, () => 0, ask)).toEqual({ items: [], offset: 1, totalCount: 0 });
  expect(asked).toHaveLength(1);
});

test('a list read whole keeps its order and counts what is seen; one that is too long is refused by name', async () => {
  const list = [...all].reverse();
  const read = async ({ offset, limit }: Window): Promise<Slice<string>> => ({
    items: list.slice(offset, offset + limit),
    offset,
    totalCount: list.length,
  });
  const seen = new Set(even);
  expect(await filteredWhole({ offset: 1, limit: 2 }, (id) => seen.has(id), read)).toEqual({
    items: ['a2496', 'a2494'],
    offset: 1,
    totalCount: even.length,
  });
  const endless = async (window: Window): Promise<Slice<string>> => ({
    ...(await read(window)),
    totalCount: 50_001,
  });
  await expect(filteredWhole({ offset: 0, limit: 1 }, () => true, endless)).rejects.toMatchObject({
    argument: 'filter',
  });
});

test('wanted ids are cut to the seen ones, each once, in one order', () => {
  expect(seenIds(new Set(['b', 'a', 'c']), ['c', 'x', 'a', 'c'])).toEqual(['a', 'c']);
  expect(seenIds(new Set(['b', 'a']), undefined)).toEqual(['a', 'b']);
  expect(seenIds(new Set(['b']), [])).toEqual([]);
});
