import { PairMap } from '../../../src/loading/series/pairs/pair-map.js';

describe('values by asset and point', () => {
  it('tells pairs apart whose ids only together are alike', () => {
    const map = new PairMap<number>();
    map.set('a', 'b,c', 1);
    map.set('a,b', 'c', 2);
    expect([map.get('a', 'b,c'), map.get('a,b', 'c'), map.get('a', 'b')]).toEqual([1, 2, undefined]);
  });

  it('knows what was set, in whatever order it is asked for', () => {
    const map = new PairMap<string>();
    const pairs = ['x', 'y', 'z'].flatMap((asset) => ['p', 'q'].map((point) => [asset, point] as const));
    expect(map.has('x', 'p')).toBe(false);
    // The row that was looked for in vain must be found once it is there.
    for (const [asset, point] of pairs) map.set(asset, point, `${asset}.${point}`);
    for (const [asset, point] of [...pairs].reverse())
      expect(map.get(asset, point)).toBe(`${asset}.${point}`);
    map.set('x', 'p', 'again');
    expect(map.get('x', 'p')).toBe('again');
    expect(map.has('x', 'other')).toBe(false);
    expect(map.has('other', 'p')).toBe(false);
  });

  it('keeps undefined apart from nothing', () => {
    const map = new PairMap<undefined>();
    map.set('a', 'p', undefined);
    expect([map.has('a', 'p'), map.has('a', 'q')]).toEqual([true, false]);
  });

  it('tells all, and takes over what another one has', () => {
    const one = new PairMap<number>();
    const other = new PairMap<number>();
    one.set('a', 'p', 1);
    one.set('a', 'q', 2);
    other.set('a', 'q', 3);
    other.set('b', 'p', 4);
    one.add(other);
    const told: unknown[] = [];
    one.forEach((value, asset, point) => told.push([asset, point, value]));
    expect(told).toEqual([
      ['a', 'p', 1],
      ['a', 'q', 3],
      ['b', 'p', 4],
    ]);
  });
});
