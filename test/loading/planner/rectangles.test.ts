/** The packer against an exhaustive search, and against its stated bound where no search is possible. */
import { packRectangles, type Pair, type Rectangle } from '../../../src/loading/series/packing/rectangles.js';

/** The same numbers on every run (mulberry32), between 0 and 1. */
function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function ragged(seed: number, assets: number, points: number, share: number): Pair[] {
  const next = random(seed);
  const pairs: Pair[] = [];
  for (let asset = 0; asset < assets; asset += 1) {
    for (let point = 0; point < points; point += 1) {
      if (next() < share) pairs.push({ assetId: `a${asset}`, pointId: `p${point}` });
    }
  }
  return pairs;
}

/** Fewest rectangles, and the least assets x points of so many, over every way to split the pairs into groups. */
function exhaustive(pairs: readonly Pair[], most: number, maxPoints = Infinity): [number, number] {
  let best: [number, number] = [Infinity, Infinity];
  const groups: { assets: Set<string>; points: Set<string> }[] = [];
  const area = (): number => groups.reduce((sum, group) => sum + group.assets.size * group.points.size, 0);
  const place = (index: number): void => {
    if (groups.length > best[0] || (groups.length === best[0] && area() >= best[1])) return;
    const pair = pairs[index];
    if (!pair) {
      best = [groups.length, area()];
      return;
    }
    for (const group of groups) {
      const assets = new Set(group.assets).add(pair.assetId);
      const points = new Set(group.points).add(pair.pointId);
      if (assets.size * points.size > most || points.size > maxPoints) continue;
      const before = { ...group };
      Object.assign(group, { assets, points });
      place(index + 1);
      Object.assign(group, before);
    }
    groups.push({ assets: new Set([pair.assetId]), points: new Set([pair.pointId]) });
    place(index + 1);
    groups.pop();
  };
  place(0);
  return best;
}

function measure(rectangles: readonly Rectangle[]): [number, number] {
  return [
    rectangles.length,
    rectangles.reduce((sum, { assets, points }) => sum + assets.length * points.length, 0),
  ];
}

/** As few rectangles as the best cover has, and hardly more assets x points. */
function expectFewest(
  seed: number,
  rectangles: readonly Rectangle[],
  [calls, area]: readonly [number, number],
): void {
  const [found, covered] = measure(rectangles);
  expect({ seed, calls: found }).toEqual({ seed, calls });
  expect(covered - area).toBeLessThanOrEqual(MOST_SURPLUS);
}

/** Pairs more than in the best cover of the small sets, which have at most eleven. */
const MOST_SURPLUS = 2;

function expectCover(
  pairs: readonly Pair[],
  rectangles: readonly Rectangle[],
  most: number,
  maxPoints = Infinity,
): void {
  const covered = new Set<string>();
  for (const { assets, points } of rectangles) {
    expect(assets.length * points.length).toBeLessThanOrEqual(most);
    expect(points.length).toBeLessThanOrEqual(maxPoints);
    for (const assetId of assets) for (const pointId of points) covered.add(`${assetId},${pointId}`);
  }
  expect(pairs.filter(({ assetId, pointId }) => !covered.has(`${assetId},${pointId}`))).toEqual([]);
}

const SMALL = [
  { assets: 3, points: 3, share: 0.8 },
  { assets: 4, points: 3, share: 0.7 },
  { assets: 4, points: 4, share: 0.5 },
  { assets: 6, points: 3, share: 0.5 },
  { assets: 3, points: 7, share: 0.4 },
  { assets: 9, points: 2, share: 0.5 },
];

describe('small sets', () => {
  test.each(SMALL)(
    'of $assets assets, $points points: as few calls as trying everything finds, 60 times',
    (shape) => {
      let worked = 0;
      for (let seed = 1; seed <= 60; seed += 1) {
        const most = 1 + Math.floor(random(seed * 31)() * 9);
        // Every way to split more than eleven pairs would take too long to try.
        const pairs = ragged(seed, shape.assets, shape.points, shape.share).slice(0, 11);
        if (pairs.length === 0) continue;
        const rectangles = packRectangles(pairs, { maxProduct: most });
        expectCover(pairs, rectangles, most);
        expectFewest(seed, rectangles, exhaustive(pairs, most));
        worked += rectangles.length > 1 ? 1 : 0;
      }
      expect(worked).toBeGreaterThan(10);
    },
  );

  test('as few calls with a limit of points too, 100 times', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const pairs = ragged(seed, 4, 4, 0.6).slice(0, 10);
      if (pairs.length === 0) continue;
      const maxPoints = 1 + (seed % 3);
      const rectangles = packRectangles(pairs, { maxProduct: 6, maxPoints });
      expectCover(pairs, rectangles, 6, maxPoints);
      expectFewest(seed, rectangles, exhaustive(pairs, 6, maxPoints));
    }
  });

  test('the order of the pairs and the names of assets and points change no number of calls', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const pairs = ragged(seed, 5, 4, 0.5);
      const renamed = [...pairs].reverse().map((pair) => ({
        assetId: `${random(Number(pair.assetId.slice(1)))()}`,
        pointId: `x${pair.pointId}`,
      }));
      const [calls] = measure(packRectangles(pairs, { maxProduct: 6 }));
      expect(measure(packRectangles(renamed, { maxProduct: 6 }))[0]).toBe(calls);
    }
  });
});

describe('large sets', () => {
  const distinct = (pairs: readonly Pair[], by: 'assetId' | 'pointId', of: 'assetId' | 'pointId'): number => {
    const sets = new Map<string, string[]>();
    for (const pair of pairs) sets.set(pair[by], [...(sets.get(pair[by]) ?? []), pair[of]]);
    return new Set([...sets.values()].map((set) => set.sort().join())).size;
  };

  test.each([
    [400, 6, 0.5, 100],
    [1000, 20, 0.3, 3000],
    [60, 12, 0.9, 10],
    [3000, 4, 0.95, 3000],
    [12, 300, 0.5, 400],
  ])(
    '%i assets, %i points, a share of %f, under %i: within the stated bound',
    (assets, points, share, most) => {
      const pairs = ragged(assets + points, assets, points, share);
      const rectangles = packRectangles(pairs, { maxProduct: most });
      expectCover(pairs, rectangles, most);
      const sets = Math.min(distinct(pairs, 'assetId', 'pointId'), distinct(pairs, 'pointId', 'assetId'));
      expect(rectangles.length).toBeLessThanOrEqual((2 * pairs.length) / most + sets);
      expect(rectangles.length).toBeGreaterThanOrEqual(Math.ceil(pairs.length / most));
    },
  );

  test.each([
    [1000, 3, 3000, 1],
    [1001, 3, 3000, 2],
    [1000, 40, 3000, 14],
    [5000, 4, 3000, 7],
    [1000, 7, 400, 18],
    [50, 3, 10, 15],
    [13, 17, 10, 23],
  ])(
    'a full set of %i assets x %i points under %i is as many calls as its pairs fill',
    (assets, points, most, calls) => {
      const pairs = ragged(1, assets, points, 2);
      const rectangles = packRectangles(pairs, { maxProduct: most });
      expectCover(pairs, rectangles, most);
      expect([Math.ceil(pairs.length / most), rectangles.length]).toEqual([calls, calls]);
    },
  );
});
