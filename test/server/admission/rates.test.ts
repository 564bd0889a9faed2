/** Quotas by a clock of our own: in one process, and shared with a store that can fail. */
import type { SharedQuota } from '../../../src/server/admission/shared-quota.js';
import { createRates } from '../../../src/server/admission/rates.js';

let clock = 0;
const now = () => clock;
beforeEach(() => {
  clock = 0;
});
const quota = { windowMs: 60_000, requests: 6, cost: 1_000 };
const one = { requests: 1, cost: 10 };

describe('in one process', () => {
  test('a quota is spent, and comes back evenly', async () => {
    const rates = createRates({ quota, shared: undefined, now });
    for (let i = 0; i < 6; i += 1) expect(rates.take('a', one)).toMatchObject({ waitMs: 0 });
    expect(rates.take('a', one)).toMatchObject({ waitMs: 10_000, left: { requests: 0 } });
    clock = 9_999;
    expect(await rates.take('a', one)).not.toMatchObject({ waitMs: 0 });
    clock = 10_000;
    expect(rates.take('a', one)).toMatchObject({ waitMs: 0 });
  });

  test('callers do not spend of one another', () => {
    const rates = createRates({ quota, shared: undefined, now });
    for (let i = 0; i < 7; i += 1) void rates.take('a', one);
    expect(rates.take('b', one)).toMatchObject({ waitMs: 0, left: { requests: 5, cost: 990 } });
  });

  test('cost is counted apart from requests', () => {
    const rates = createRates({ quota, shared: undefined, now });
    expect(rates.take('a', { requests: 1, cost: 900 })).toMatchObject({ waitMs: 0 });
    expect(rates.take('a', { requests: 1, cost: 200 })).toMatchObject({ waitMs: 6_000 });
    expect(rates.take('a', { requests: 1, cost: 100 })).toMatchObject({ waitMs: 0 });
  });

  test('what costs more than the whole quota costs the whole quota', () => {
    const rates = createRates({ quota, shared: undefined, now });
    expect(rates.take('a', { requests: 1, cost: 50_000 })).toMatchObject({ waitMs: 0, left: { cost: 0 } });
    expect(rates.take('a', { requests: 1, cost: 50_000 })).toMatchObject({ waitMs: 60_000 });
  });
});

describe('with a shared store', () => {
  test('a busy caller seldom waits for it', async () => {
    let asked = 0;
    const shared: SharedQuota = {
      take: async (_caller, _needed, wanted) => {
        asked += 1;
        return { granted: wanted, left: { requests: 1e6, cost: 1e6 }, waitMs: 0 };
      },
    };
    const rates = createRates({ quota: { windowMs: 60_000, requests: 1e6, cost: 1e9 }, shared, now });
    let waited = 0;
    for (let i = 0; i < 5_000; i += 1) {
      const verdict = rates.take('a', one);
      if (verdict instanceof Promise) waited += 1;
      expect(await verdict).toMatchObject({ waitMs: 0 });
      clock += 1;
    }
    expect(asked).toBeLessThan(100);
    expect(waited).toBeLessThan(20);
  });

  test('one that fails is replaced by the count of this process, which has been kept along', async () => {
    let works = true;
    const shared: SharedQuota = {
      take: async (_caller, needed) => {
        if (!works) throw new Error('out of reach');
        return { granted: needed, left: { requests: 100, cost: 100_000 }, waitMs: 0 };
      },
    };
    const rates = createRates({ quota, shared, now });
    for (let i = 0; i < 4; i += 1) expect(await rates.take('a', one)).toMatchObject({ waitMs: 0 });
    works = false;
    const verdicts = await Promise.all(Array.from({ length: 4 }, () => rates.take('a', one)));
    expect(verdicts.map(({ waitMs }) => waitMs === 0)).toEqual([true, true, false, false]);
  });

  test('a refusal is not asked for again at once', async () => {
    let asked = 0;
    const shared: SharedQuota = {
      take: async () => {
        asked += 1;
        return { granted: { requests: 0, cost: 0 }, left: { requests: 0, cost: 0 }, waitMs: 30_000 };
      },
    };
    const rates = createRates({ quota, shared, now });
    for (let i = 0; i < 100; i += 1) expect((await rates.take('a', one)).waitMs).toBeGreaterThan(0);
    expect(asked).toBe(1);
    clock = 1_001;
    await rates.take('a', one);
    expect(asked).toBe(2);
  });
});
