import { shouldRefreshEarly } from '../../src/cache/early-refresh.js';

const entry = { storedAt: 0, freshUntil: 100_000 };
/** Draws spread evenly, so that shares are exact and nothing is left to chance. */
const share = (now: number, costMs?: number) => {
  const draws = Array.from({ length: 10_000 }, (_, i) => i / 10_000);
  return draws.filter((draw) => shouldRefreshEarly(entry, now, draw, costMs)).length / draws.length;
};

describe('shouldRefreshEarly', () => {
  it('says yes to the share that the exponential distribution gives', () => {
    expect(share(98_000)).toBeCloseTo(Math.exp(-1), 2);
    expect(share(90_000)).toBeCloseTo(Math.exp(-5), 2);
    expect(share(50_000)).toBe(0);
  });

  it('is likelier nearer to the end, and with a dearer fetch', () => {
    expect(share(99_000)).toBeGreaterThan(share(98_000));
    expect(share(90_000, 5_000)).toBeGreaterThan(share(90_000, 1_000));
    expect(share(99_999, 0)).toBe(0);
  });

  it('is certain at the end and after', () => {
    expect(share(100_000)).toBe(1);
    expect(share(150_000, 0)).toBe(1);
  });
});
