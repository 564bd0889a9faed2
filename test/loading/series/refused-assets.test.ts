/** Calls that assets cost which may not be read: found once, remembered as a hint, and few where everything is refused. */
import { EnosError } from '../../../src/enos/errors.js';
import type { LoadContext } from '../../../src/loading/load-context.js';
import { RefusalHints } from '../../../src/loading/runtime.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import { scriptedLoading, type RecordedCall } from '../../support/recorded-loading.js';

const orgId = 'o1';
const NOT_FOUND_LIFETIME = 5_000;
const listOf = (body: Record<string, unknown>): string[] => String(body['assetIds']).split(',');

/** An EnOS that refuses each call which names one of `denied`, over requests without a cache of values. */
class Estate {
  now = Date.UTC(2024, 5, 15, 12);
  denied = new Set<string>();
  readonly loading = scriptedLoading((call) => this.answer(call), { orgId, now: () => this.now });

  constructor(private readonly failing?: (assets: readonly string[]) => EnosError | undefined) {}

  private answer({ body, operation }: RecordedCall): Record<string, unknown> {
    const assets = listOf(body);
    const failure = this.failing?.(assets);
    if (failure) throw failure;
    const names = { service: 'tsdb-data', operation: operation.replace(/^.*\./, '') };
    if (assets.some((assetId) => this.denied.has(assetId)))
      throw new EnosError({ kind: 'refused', ...names, code: 80401, message: 'Asset unauthorized' });
    const items = assets.map((assetId) => ({
      assetId,
      pointId: 'p',
      timestamp: this.now - 1_000,
      p: 1,
      value: 1,
    }));
    return { code: 0, msg: 'OK', data: { items } };
  }

  /** Reads the latest values of a0 ... as a request of its own: which failed, and with how many calls. */
  async read(count: number, more: Partial<LoadContext> = {}): Promise<{ failed: number[]; calls: number }> {
    const context = { ...this.loading.request(), ...more };
    const lifetimes = { ...context.settings.lifetimes, latest: 0, notFound: NOT_FOUND_LIFETIME };
    const series = createSeriesLoaders({ ...context, settings: { ...context.settings, lifetimes } });
    const settled = await Promise.allSettled(
      Array.from({ length: count }, (_, index) =>
        series.latest({ orgId, assetId: `a${index}`, pointId: 'p' }),
      ),
    );
    for (const result of settled)
      if (result.status === 'rejected' && this.failing === undefined)
        expect(result.reason).toMatchObject({ kind: 'refused', code: 80401 });
    const failed = settled.flatMap((result, index) => (result.status === 'rejected' ? [index] : []));
    return { failed, calls: this.loading.taken().length };
  }
}

describe('one refused asset among 134', () => {
  test('is found out once; the next requests ask it alone, in one further call', async () => {
    const estate = new Estate();
    estate.denied.add('a57');
    const first = await estate.read(134);
    expect(first.failed).toEqual([57]);
    expect(first.calls).toBeGreaterThan(2);
    for (let request = 0; request < 3; request += 1) {
      estate.now += NOT_FOUND_LIFETIME - 1;
      expect(await estate.read(134)).toEqual({ failed: [57], calls: 2 });
    }
  });

  test('is a hint and no answer: it is asked, and answered once it may be read', async () => {
    const estate = new Estate();
    estate.denied.add('a57');
    await estate.read(134);
    estate.denied.clear();
    expect(await estate.read(134)).toEqual({ failed: [], calls: 2 });
    expect(await estate.read(134)).toEqual({ failed: [], calls: 1 });
  });

  test('is forgotten after the lifetime of what was not found', async () => {
    const estate = new Estate();
    estate.denied.add('a57');
    const { calls } = await estate.read(134);
    estate.now += NOT_FOUND_LIFETIME;
    estate.denied.clear();
    expect(await estate.read(134)).toEqual({ failed: [], calls: 1 });
    estate.denied.add('a57');
    expect(await estate.read(134)).toEqual({ failed: [57], calls });
  });

  test('is remembered of its identity only', async () => {
    const estate = new Estate();
    estate.denied.add('a57');
    const { calls } = await estate.read(134);
    const other = { identity: { id: 'somebody-else', orgId } };
    expect(await estate.read(134, other)).toEqual({ failed: [57], calls });
    expect(await estate.read(134, other)).toEqual({ failed: [57], calls: 2 });
  });
});

describe('many refused assets', () => {
  test.each([
    [2, 3],
    [134, 23],
    [3000, 23],
  ])('all of %d cost at most %d calls, and fewer while that is remembered', async (count, most) => {
    const estate = new Estate();
    for (let index = 0; index < count; index += 1) estate.denied.add(`a${index}`);
    const first = await estate.read(count);
    expect(first.failed).toHaveLength(count);
    expect(first.calls).toBeLessThanOrEqual(most);
    const second = await estate.read(count);
    expect(second.failed).toHaveLength(count);
    expect(second.calls).toBeLessThanOrEqual(9);
  });

  test('all of them are asked again when the rights come back', async () => {
    const estate = new Estate();
    for (let index = 0; index < 134; index += 1) estate.denied.add(`a${index}`);
    await estate.read(134);
    estate.denied.clear();
    const { failed, calls } = await estate.read(134);
    expect(failed).toEqual([]);
    expect(calls).toBeLessThanOrEqual(9);
    expect(await estate.read(134)).toEqual({ failed: [], calls: 1 });
  });

  test('a third of them, side by side, leave the others with their answers', async () => {
    const estate = new Estate();
    const denied = Array.from({ length: 45 }, (_, index) => index + 45);
    for (const index of denied) estate.denied.add(`a${index}`);
    const { failed, calls } = await estate.read(134);
    expect(failed).toEqual(denied);
    expect(calls).toBeLessThanOrEqual(165);
  });

  test.each([[2], [3], [5], [8], [13], [21]])(
    'every %dth of a large site: exactly those are refused',
    async (step) => {
      const estate = new Estate();
      const denied = Array.from({ length: Math.ceil(134 / step) }, (_, index) => index * step);
      for (const index of denied) estate.denied.add(`a${index}`);
      const { failed, calls } = await estate.read(134);
      expect(failed).toEqual(denied);
      expect(calls).toBeLessThanOrEqual(165);
    },
  );

  test('however many they are, a request asks no more than some 160 times for them', async () => {
    const estate = new Estate();
    const denied = Array.from({ length: 500 }, (_, index) => index * 2);
    for (const index of denied) estate.denied.add(`a${index}`);
    for (let request = 0; request < 3; request += 1) {
      const { failed, calls } = await estate.read(1_000);
      expect(failed).toEqual(expect.arrayContaining(denied));
      // Not everything that may be read counts as refused.
      expect(failed.length).toBeLessThan(960);
      expect(calls).toBeLessThanOrEqual(175);
    }
  });

  test('failures of another kind are no refusals: nothing is concluded from them', async () => {
    const outage = new EnosError({ kind: 'timeout', service: 'tsdb-data', operation: 'x', message: 'late' });
    // Whatever is asked alone fails, so that samples tell nothing; two of the assets may not be read.
    const estate = new Estate((assets) => (assets.length === 1 ? outage : undefined));
    for (let index = 0; index < 64; index += 2) estate.denied.add(`a${index}`);
    const context = estate.loading.request();
    const series = createSeriesLoaders(context);
    const settled = await Promise.allSettled(
      Array.from({ length: 64 }, (_, index) => series.latest({ orgId, assetId: `a${index}`, pointId: 'p' })),
    );
    const reasons = settled.map((result) =>
      result.status === 'rejected' ? (result.reason as unknown) : null,
    );
    expect(reasons.filter((reason) => reason === outage).length).toBeGreaterThan(32);
  });
});

test('what is remembered is bounded, in characters', () => {
  const hints = new RefusalHints();
  const of = (assetId: string) =>
    ({ identity: 'i', operation: 'tsdb-data.getAssetLatestData', orgId, assetId }) as const;
  for (let index = 0; index < 5_000; index += 1) hints.add(of(`${index}${'x'.repeat(1_000)}`), 10);
  expect(hints.has(of(`0${'x'.repeat(1_000)}`), 5)).toBe(false);
  expect(hints.has(of(`4999${'x'.repeat(1_000)}`), 5)).toBe(true);
  expect(hints.has(of(`4999${'x'.repeat(1_000)}`), 10)).toBe(false);
});
