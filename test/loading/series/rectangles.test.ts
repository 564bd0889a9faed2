import { packRectangles, type Pair, type Rectangle } from '../../../src/loading/series/packing/rectangles.js';

/** A small generator of the same numbers on every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

function product(assets: number, points: number): Pair[] {
  return Array.from({ length: assets * points }, (_, index) => ({
    assetId: `a${Math.floor(index / points)}`,
    pointId: `p${index % points}`,
  }));
}

function covered(rectangles: readonly Rectangle[]): Set<string> {
  return new Set(
    rectangles.flatMap(({ assets, points }) => assets.flatMap((a) => points.map((p) => `${a},${p}`))),
  );
}

function expectValid(pairs: readonly Pair[], rectangles: readonly Rectangle[], max: number): void {
  const cover = covered(rectangles);
  expect(pairs.filter(({ assetId, pointId }) => !cover.has(`${assetId},${pointId}`))).toEqual([]);
  for (const { assets, points } of rectangles) {
    expect(assets.length * points.length).toBeLessThanOrEqual(max);
    expect(new Set(assets).size).toBe(assets.length);
    expect(new Set(points).size).toBe(points.length);
  }
}

describe('packing pairs into rectangles', () => {
  it('needs no call for no pairs and one call for 50 assets of 4 points', () => {
    expect(packRectangles([], { maxProduct: 3000 })).toEqual([]);
    const [only, ...others] = packRectangles(product(50, 4), { maxProduct: 3000 });
    expect(others).toEqual([]);
    expect(only?.assets).toHaveLength(50);
    expect(only?.points).toEqual(['p0', 'p1', 'p2', 'p3']);
  });

  it.each([
    [3000, 1, 3000, 1],
    [3001, 1, 3000, 2],
    [1, 3001, 3000, 2],
    [750, 4, 3000, 1],
    [751, 4, 3000, 2],
    [2, 3000, 3000, 2],
    [50, 4, 10, 20],
    [7, 3, 10, 3],
    [4, 3, 10, 2],
    [11, 11, 10, 13],
    [5, 5, 10, 3],
    [100, 100, 3000, 4],
  ])('covers a full set of %i assets x %i points under %i in %i calls', (assets, points, max, calls) => {
    const pairs = product(assets, points);
    const rectangles = packRectangles(pairs, { maxProduct: max });
    expectValid(pairs, rectangles, max);
    expect(rectangles).toHaveLength(calls);
  });

  it('equals the ceiling bound wherever the points divide the limit', () => {
    for (const points of [1, 2, 5, 10]) {
      for (let assets = 1; assets <= 40; assets += 1) {
        const rectangles = packRectangles(product(assets, points), { maxProduct: 10 });
        expect(rectangles).toHaveLength(Math.ceil((assets * points) / 10));
      }
    }
  });

  it('covers random ragged sets within the limit, in no more calls than one set of points at a time', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const next = random(seed);
      const max = 1 + next(30);
      const pairs: Pair[] = [];
      const perSet = new Map<string, { assets: number; points: number }>();
      const assets = 1 + next(25);
      for (let asset = 0; asset < assets; asset += 1) {
        const points = Array.from({ length: 8 }, (_, index) => `p${index}`).filter(() => next(3) === 0);
        for (const pointId of points) pairs.push({ assetId: `a${asset}`, pointId });
        if (points.length === 0) continue;
        const set = perSet.get(points.join()) ?? { assets: 0, points: points.length };
        perSet.set(points.join(), { ...set, assets: set.assets + 1 });
      }
      const rectangles = packRectangles(pairs, { maxProduct: max });
      expectValid(pairs, rectangles, max);
      const simple = [...perSet.values()].reduce(
        (sum, set) =>
          sum +
          (set.points > max
            ? set.assets * Math.ceil(set.points / max)
            : Math.ceil(set.assets / Math.floor(max / set.points))),
        0,
      );
      expect(rectangles.length).toBeLessThanOrEqual(simple);
      expect(rectangles.length).toBeGreaterThanOrEqual(Math.ceil(pairs.length / max));
    }
  });

  it('joins sets of different points into one call where the limit has room, and keeps them apart where not', () => {
    const wind = product(50, 4);
    const solar = product(50, 4).map(({ assetId, pointId }) => ({
      assetId: `s${assetId}`,
      pointId: `s${pointId}`,
    }));
    expect(packRectangles([...wind, ...solar], { maxProduct: 3000 })).toHaveLength(1);
    const apart = packRectangles([...wind, ...solar], { maxProduct: 200 });
    expect(apart).toHaveLength(2);
    expect(apart.map(({ assets, points }) => assets.length * points.length)).toEqual([200, 200]);
  });

  it('prefers rows of points where one point is read of many assets', () => {
    const pairs = [
      ...Array.from({ length: 10 }, (_, index) => ({ assetId: `a${index}`, pointId: 'p' })),
      ...Array.from({ length: 10 }, (_, index) => ({ assetId: 'a0', pointId: `q${index}` })),
    ];
    const rectangles = packRectangles(pairs, { maxProduct: 10 });
    expectValid(pairs, rectangles, 10);
    expect(rectangles).toHaveLength(2);
  });

  it('keeps to one point a call where an operation takes one', () => {
    const pairs = product(20, 3);
    const rectangles = packRectangles(pairs, { maxProduct: 3000, maxPoints: 1 });
    expectValid(pairs, rectangles, 3000);
    expect(rectangles.map(({ points }) => points.length)).toEqual([1, 1, 1]);
  });

  it('plans thousands of assets with different points each without delay', () => {
    const next = random(7);
    const pairs = Array.from({ length: 12_000 }, () => ({
      assetId: `a${next(3000)}`,
      pointId: `p${next(40)}`,
    }));
    const rectangles = packRectangles(pairs, { maxProduct: 3000 });
    expectValid(pairs, rectangles, 3000);
    expect(rectangles.length).toBeLessThanOrEqual(40);
  });
});
