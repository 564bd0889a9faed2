import { EnosError } from '../../../src/enos/errors.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type { HistoryRequest, PointStorage } from '../../../src/loading/series/types.js';
import { scriptedLoading, type RecordedCall } from '../../support/recorded-loading.js';

const NOW = Date.UTC(2024, 5, 15, 12);
const SECOND = 1000;
const from = Date.UTC(2024, 5, 14);
const orgId = 'o1';
const options = { orgId, now: () => NOW };

const storage: PointStorage = {
  modelId: 'M',
  signalType: 'AI',
  dataType: 'DOUBLE',
  hasQuality: true,
  kinds: ['AI_RAW'],
};
const request = (assetId: string, more: Partial<HistoryRequest> = {}): HistoryRequest => ({
  orgId,
  assetId,
  pointId: 'p',
  from,
  to: from + 24 * 3600 * SECOND,
  storage,
  withQuality: false,
  ...more,
});

const ok = (items: unknown[]): Record<string, unknown> => ({
  code: 0,
  msg: 'OK',
  submsg: null,
  data: { items },
});
const listOf = (body: Record<string, unknown>, name: string): string[] => String(body[name]).split(',');

/** Answers raw reads from records every `step` milliseconds per asset, page by page as EnOS does. */
function store(steps: Record<string, number>): (call: RecordedCall) => Record<string, unknown> {
  return ({ body }) => {
    const start = Date.parse(String(body['startTime']));
    const end = Date.parse(String(body['endTime']));
    const size = Number(body['pageSize']);
    return ok(
      listOf(body, 'assetIds').flatMap((assetId) => {
        const step = steps[assetId];
        if (step === undefined) return [];
        const first = from + Math.ceil((start - from) / step) * step;
        const count = Math.max(0, Math.min(size, Math.ceil((end - first) / step)));
        return Array.from({ length: count }, (_, index) => {
          const timestamp = first + index * step;
          return { assetId, timestamp, localtime: '2024-06-14 00:00:00', p: (timestamp - from) / step };
        });
      }),
    );
  };
}

describe('paging of stored records', () => {
  it('goes on from the last record of the pairs whose page came back full, all in one call a page', async () => {
    const loading = scriptedLoading(store({ dense: 5 * SECOND, other: 7 * SECOND, sparse: 3600 * SECOND }), {
      ...options,
      settings: { maxSamples: 100_000 },
    });
    const loaders = createSeriesLoaders(loading.request());
    const assets = [
      'dense',
      'other',
      'sparse',
      'empty',
      ...Array.from({ length: 60 }, (_, index) => `e${index}`),
    ];
    const series = await Promise.all(assets.map((assetId) => loaders.history(request(assetId))));
    expect(series.slice(0, 4).map(({ samples }) => samples.length)).toEqual([17_280, 12_343, 24, 0]);
    for (const { samples } of series.slice(0, 3)) {
      expect(samples.filter(({ value }, index) => value !== index)).toEqual([]);
    }
    const pages = loading.calls.map(({ body }) => [listOf(body, 'assetIds').length, body['pageSize']]);
    const page = Number(pages[0]?.[1]);
    expect(pages).toEqual([
      [64, page],
      [2, expect.any(Number)],
    ]);
    // As many as one reply can hold, all of them full.
    expect(64 * page).toBeGreaterThan(100_000);
    expect(64 * page).toBeLessThan(160_000);
    // Both start where the hindmost stands, at its last instant, of which there may be more.
    const hindmost = from + (page - 1) * 5 * SECOND;
    expect(Date.parse(String(loading.calls[1]?.body['startTime']))).toBe(hindmost);
  });

  it('keeps assets x points x pageSize below the bound, and what may come below what a reply can hold', async () => {
    const loading = scriptedLoading(() => ok([]), options);
    const loaders = createSeriesLoaders(loading.request());
    const pairs = Array.from({ length: 7000 }, (_, index) => request(`a${index}`));
    await Promise.all(pairs.map((pair) => loaders.history(pair)));
    expect(loading.calls).toHaveLength(3);
    for (const { body } of loading.calls) {
      const product = listOf(body, 'assetIds').length * listOf(body, 'pointIds').length;
      expect(product * Number(body['pageSize'])).toBeLessThanOrEqual(640_000);
      expect(product * Number(body['pageSize'])).toBeGreaterThan(80_000);
      expect(product * Number(body['pageSize'])).toBeLessThan(160_000);
    }
  });

  it('asks for less where a reply is larger than the client takes, until all is answered', async () => {
    const full = store(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`a${i}`, 60 * SECOND])));
    const loading = scriptedLoading((call) => {
      const envelope = full(call) as { data: { items: unknown[] } };
      if (envelope.data.items.length <= 2_000) return envelope;
      throw new EnosError({
        kind: 'invalid-response',
        service: 'tsdb-data',
        operation: 'getAssetRawDataByTimeRange',
        message: 'The reply of EnOS is too large',
      });
    }, options);
    const loaders = createSeriesLoaders(loading.request());
    const pairs = Array.from({ length: 8 }, (_, index) => request(`a${index}`));
    const series = await Promise.all(pairs.map((pair) => loaders.history(pair)));
    expect(series.map(({ samples }) => samples.length)).toEqual(pairs.map(() => 1440));
    expect(loading.calls.length).toBeLessThanOrEqual(15);
  });

  it('stops with an error where later pages bring the same records again', async () => {
    const loading = scriptedLoading(({ body }) => {
      const size = Number(body['pageSize']);
      return ok(Array.from({ length: size }, (_, i) => ({ assetId: 'a', timestamp: from + i, p: i })));
    }, options);
    const loaders = createSeriesLoaders(loading.request());
    const wanted = request('a', { to: from + 24 * 3600 * SECOND, limit: 20_000 });
    const series = await loaders.history(wanted);
    expect([series.samples.length, series.truncated]).toEqual([20_000, true]);
    const many = scriptedLoading(
      ({ body }) =>
        ok(
          Array.from({ length: Number(body['pageSize']) }, (_, i) => ({
            assetId: 'a',
            timestamp: from + i,
            p: i,
          })),
        ),
      { ...options, settings: { maxSamples: 100_000 } },
    );
    const refused = createSeriesLoaders(many.request()).history(request('a'));
    await expect(refused).rejects.toMatchObject({ kind: 'invalid-response' });
    expect(many.calls).toHaveLength(2);
  });

  it('fails only the pairs of the call that failed', async () => {
    const loading = scriptedLoading(({ body }) => {
      if (listOf(body, 'assetIds').includes('a0')) {
        throw new EnosError({
          kind: 'refused',
          service: 'tsdb-data',
          operation: 'raw',
          code: 80500,
          message: 'no',
        });
      }
      return ok([]);
    }, options);
    const loaders = createSeriesLoaders(loading.request());
    const settled = await Promise.allSettled(
      Array.from({ length: 7000 }, (_, index) => loaders.history(request(`a${index}`))),
    );
    const first = listOf(
      loading.calls.find(({ body }) => listOf(body, 'assetIds').includes('a0'))?.body ?? {},
      'assetIds',
    );
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(first.length);
    expect(loading.calls).toHaveLength(3);
  });
});

describe('assets that may not be read', () => {
  const denying = (denied: (assetId: string) => boolean) =>
    scriptedLoading(({ body }) => {
      if (!listOf(body, 'assetIds').some(denied)) return ok([]);
      throw new EnosError({
        kind: 'refused',
        service: 'tsdb-data',
        operation: 'x',
        code: 80401,
        message: 'no',
      });
    }, options);
  const readLatest = async (loading: ReturnType<typeof denying>, count: number) => {
    const loaders = createSeriesLoaders(loading.request());
    const settled = await Promise.allSettled(
      Array.from({ length: count }, (_, index) =>
        loaders.latest({ orgId, assetId: `a${index}`, pointId: 'p' }),
      ),
    );
    return settled.flatMap((result, index) => (result.status === 'rejected' ? [index] : []));
  };

  it.each([
    [2, 3],
    [50, 13],
    [1024, 21],
  ])('cost 2 log2(n) further calls for one among %d', async (count, calls) => {
    const loading = denying((assetId) => assetId === 'a1');
    expect(await readLatest(loading, count)).toEqual([1]);
    expect(loading.calls.length).toBeLessThanOrEqual(calls);
  });

  it('are found wherever they stand', async () => {
    const loading = denying((assetId) => ['a0', 'a31', 'a32', 'a99'].includes(assetId));
    expect(await readLatest(loading, 100)).toEqual([0, 31, 32, 99]);
  });
});

describe('pages of aggregates', () => {
  it('asks for exactly the intervals of the stretch, and splits so that the product holds', async () => {
    const loading = scriptedLoading(() => ok([]), options);
    const loaders = createSeriesLoaders(loading.request());
    const ask = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          loaders.aggregate({
            ...request(`a${index}`),
            interval: { minutes: 10 },
            aggregate: 'avg',
            storage: { ...storage, kinds: ['AI_NORMALIZED'] },
            timezone: '+08:00',
          }),
        ),
      );
    await ask(200);
    expect(loading.calls.map(({ body }) => [body['pageSize'], listOf(body, 'assetIds').length])).toEqual([
      [144, 200],
    ]);
    loading.taken();
    await createSeriesLoaders(loading.request()).aggregate({
      ...request('long', { to: from + 30 * 24 * 3600 * SECOND }),
      interval: { minutes: 10 },
      aggregate: 'avg',
      limit: 9,
      storage: { ...storage, kinds: ['AI_NORMALIZED'] },
      timezone: '+08:00',
    });
    expect(loading.calls[0]?.body['pageSize']).toBe(10);
  });
});

describe('shapes of items', () => {
  const read = async (items: unknown[], pointId = 'p') => {
    const loading = scriptedLoading(() => ok(items), options);
    const { samples } = await createSeriesLoaders(loading.request()).history(
      request('a', { pointId, withQuality: true }),
    );
    return { samples, format: loading.calls[0]?.body['itemFormat'] };
  };

  it('reads one item per value, per instant and per series, quality under either name', async () => {
    const plain = await read([
      { assetId: 'a', timestamp: from + 1, localtime: null, p: '1.5', quality: '0' },
      { assetId: 'a', timestamp: from, p: 7n, dataQuality: 3 },
      { assetId: 'b', timestamp: from, p: 1 },
      { assetId: 'a', timestamp: from + 2, p: null },
    ]);
    expect(plain.samples).toEqual([
      { time: from, value: 7n, quality: 3 },
      { time: from + 1, value: '1.5', quality: 0 },
    ]);
    const merged = await read([{ assetId: 'a', timestamp: from, p: true, q: 1 }]);
    expect(merged.samples).toEqual([{ time: from, value: true, quality: null }]);
    const columns = await read([
      {
        assetId: 'a',
        pointId: 'p',
        timestamp: [from, from + 1],
        localTime: ['2024-06-14T00:00:00 +00:00', null],
        value: ['1', null],
        dataQuality: [0, 1],
      },
    ]);
    expect(columns.samples).toEqual([{ time: from, value: '1', quality: 0 }]);
  });

  it('gives the quality only where it was asked for, from one call', async () => {
    const loading = scriptedLoading(
      () => ok([{ assetId: 'a', timestamp: from, p: 1, quality: '4' }]),
      options,
    );
    const loaders = createSeriesLoaders(loading.request());
    const [asked, other] = await Promise.all([
      loaders.history(request('a', { withQuality: true })),
      loaders.history(request('a')),
    ]);
    expect([asked.samples[0]?.quality, other.samples[0]?.quality]).toEqual([4, null]);
    expect(loading.calls.map(({ body }) => body['withQuality'])).toEqual([true]);
  });

  it('asks for columns where a point is named as a fixed key', async () => {
    const { samples, format } = await read(
      [{ assetId: 'a', pointId: 'quality', timestamp: [from], value: [0.5] }],
      'quality',
    );
    expect([samples, format]).toEqual([[{ time: from, value: 0.5, quality: null }], 2]);
  });

  it('refuses a reply without items', async () => {
    const loading = scriptedLoading(() => ({ code: 0, msg: 'OK', data: null }), options);
    const latest = createSeriesLoaders(loading.request()).latest({ orgId, assetId: 'a', pointId: 'p' });
    await expect(latest).rejects.toMatchObject({ kind: 'invalid-response', operation: 'getAssetLatestData' });
  });
});

describe('durations of states', () => {
  const key = { orgId, assetId: 'a', pointId: 's' };
  const item = (scanEndTimestamp: number, durations: unknown[]) => ({
    assetId: 'a',
    pointId: 's',
    scanEndTimestamp,
    durations,
  });

  it('goes on where EnOS stopped scanning, and adds up', async () => {
    const middle = from + 600 * SECOND;
    const to = from + 1000 * SECOND;
    const loading = scriptedLoading(
      ({ body }) =>
        Date.parse(String(body['startTime'])) < middle
          ? ok([
              item(middle, [
                { status: 1, duration: 500_000 },
                { status: 'Unknown', duration: 100_000 },
              ]),
            ])
          : ok([item(to, [{ status: 1, duration: 400_000 }])]),
      options,
    );
    const durations = await createSeriesLoaders(loading.request()).stateDurations(key, from, to);
    expect(durations).toEqual([
      { state: 1, duration: 900_000 },
      { state: null, duration: 100_000 },
    ]);
    expect(loading.calls).toHaveLength(2);
  });

  it('counts what EnOS cannot scan as time without a known state, instead of asking for ever', async () => {
    const loading = scriptedLoading(
      ({ body }) => ok([item(Math.min(from + 60_000, Date.parse(String(body['startTime'])) + 60_000), [])]),
      options,
    );
    const durations = await createSeriesLoaders(loading.request()).stateDurations(key, from, from + 100_000);
    expect(durations).toEqual([{ state: null, duration: 40_000 }]);
    expect(loading.calls).toHaveLength(2);
  });
});
