/**
 * Whatever the size of pages, nulls, repeated instants and gaps: what is read of stored records is what is stored. Each case
 * is random, over HTTP, and compared with a naive reading of the same records; a failure names the seed.
 */
import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type { PointStorage } from '../../../src/loading/series/types.js';
import { merged, RecordStore, type StoredRecord, type StoredRecords } from '../../support/record-store.js';
import { recordedLoading, type RecordedLoading } from '../../support/recorded-loading.js';
import { expectSame } from '../../support/expect-same.js';

const KEYS = { accessKey: 'access', secretKey: 'secret' };
const NOW = Date.UTC(2024, 5, 15, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const from = NOW - 10 * DAY;
const orgId = 'o1';
const SEEDS = Number(process.env['SERIES_SEEDS'] ?? 40);

const storage = (kinds: string[], more: Partial<PointStorage> = {}): PointStorage => ({
  modelId: 'M',
  signalType: 'AI',
  dataType: 'DOUBLE',
  hasQuality: false,
  kinds,
  ...more,
});
const RAW = storage(['AI_RAW']);
const LOOSE = storage([]);

/** The same numbers for a seed on every run (mulberry32), whole, from 0 to below `most`. */
function random(seed: number): (most: number) => number {
  let state = seed | 0;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

/** Records with nulls, instants that repeat (with other values, or null), and gaps. */
function randomRecords(next: (most: number) => number, value: () => StoredRecord['value']): StoredRecord[] {
  const records: StoredRecord[] = [];
  const count = [0, 3, 40, 300, 900][next(5)]!;
  const step = [20, SECOND, 10 * SECOND, MINUTE][next(4)]!;
  const nulls = [0, 20, 2, 1][next(4)]!;
  const repeats = [0, 30, 3][next(3)]!;
  const gaps = [0, 50][next(2)]!;
  let time = from - 20 * step + next(1000);
  for (let index = 0; index < count; index += 1) {
    const repeated = repeats > 0 && next(repeats) === 0;
    if (!repeated) time += gaps > 0 && next(gaps) === 0 ? next(5) * HOUR : 1 + next(step);
    const isNull = nulls > 0 && (nulls === 1 ? next(50) > 0 : next(nulls) === 0);
    records.push({ time, value: isNull ? null : value() });
  }
  return records;
}
const SECOND = 1000;

let store: RecordStore;
const clients: EnosClient[] = [];
beforeAll(async () => {
  store = await RecordStore.start();
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await store.stop();
});

function loadingOf(maxResponseBytes: number | undefined): RecordedLoading {
  const client = createEnosClient({
    url: store.url,
    ...KEYS,
    now: () => NOW,
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  });
  clients.push(client);
  return recordedLoading(client, { orgId, now: () => NOW });
}

const within = (records: readonly StoredRecord[], to: number): StoredRecord[] =>
  merged(records).filter(({ time }) => time >= from && time < to);
const plain = (samples: readonly { time: number; value: unknown }[]) =>
  samples.map(({ time, value }) => ({ time, value }));

/** A random store, and a client whose replies hold few records or many. */
function caseOf(seed: number) {
  const next = random(seed);
  const assets = Array.from({ length: 1 + next(6) }, (_, index) => `asset${index}`);
  const points = ['power', 'speed', 'quality', 'note'].slice(0, 1 + next(4));
  const records: Record<string, Record<string, StoredRecord[]>> = {};
  for (const assetId of assets) {
    for (const pointId of points) {
      const value = (): StoredRecord['value'] =>
        pointId === 'note' ? 'x'.repeat(next(200)) + 'é' : next(100_000) / 100;
      (records[assetId] ??= {})[pointId] = randomRecords(next, value);
    }
  }
  const maxReplyBytes = [3_000, 20_000, 200_000, undefined][next(4)];
  store.hold(records, { omitNulls: next(3) === 0 });
  const to = from + [MINUTE, HOUR, 6 * HOUR, 5 * DAY][next(4)]!;
  return { next, assets, points, records, to, loading: loadingOf(maxReplyBytes) };
}

const seeds = Array.from({ length: SEEDS }, (_, index) => 1000 + index);

describe('stored records that are read whole', () => {
  it.each(seeds)('are those that are stored, with and without a limit: seed %d', async (seed) => {
    const { next, assets, points, records, to, loading } = caseOf(seed);
    const loaders = createSeriesLoaders(loading.request());
    await Promise.all(
      assets.flatMap((assetId) =>
        points.map(async (pointId) => {
          const limit = next(2) === 0 ? 1 + next(400) : undefined;
          const policy = next(5) === 0 ? LOOSE : RAW;
          const series = await loaders.history({
            orgId,
            assetId,
            pointId,
            from,
            to,
            storage: policy,
            withQuality: false,
            ...(limit === undefined ? {} : { limit }),
          });
          const all = within(records[assetId]![pointId]!, to);
          const about = { seed, assetId, pointId, limit };
          expectSame(
            { about, truncated: series.truncated, samples: plain(series.samples) },
            {
              about,
              truncated: limit !== undefined && all.length > limit,
              samples: all.slice(0, limit),
            },
          );
        }),
      ),
    );
    // What the cache holds of it answers a part of the time range.
    const again = createSeriesLoaders(loading.request());
    const middle = from + Math.floor((to - from) / 2);
    for (const assetId of assets) {
      const pointId = points[next(points.length)]!;
      const { samples } = await again.history({
        orgId,
        assetId,
        pointId,
        from: middle,
        to,
        storage: RAW,
        withQuality: false,
      });
      const expected = within(records[assetId]![pointId]!, to).filter(({ time }) => time >= middle);
      expectSame({ seed, assetId, samples: plain(samples) }, { seed, assetId, samples: expected });
    }
    expect(store.violations).toEqual([]);
  });

  it.each(seeds)('are all counted in what is computed of them: seed %d', async (seed) => {
    const { next, assets, points, records, to, loading } = caseOf(seed);
    const loaders = createSeriesLoaders(loading.request());
    const minutes = [1, 5, 60][next(3)]!;
    await Promise.all(
      assets.flatMap((assetId) =>
        points.map(async (pointId) => {
          const aggregate = (['count', 'first', 'last'] as const)[next(3)]!;
          const limit = next(3) === 0 ? 1 + next(20) : undefined;
          const series = await loaders.aggregate({
            orgId,
            assetId,
            pointId,
            from,
            to,
            interval: { minutes },
            aggregate,
            storage: RAW,
            timezone: '+00:00',
            ...(limit === undefined ? {} : { limit }),
          });
          const start = Math.floor(from / (minutes * MINUTE)) * minutes * MINUTE;
          const byInterval = new Map<number, StoredRecord[]>();
          const end = Math.ceil(to / (minutes * MINUTE)) * minutes * MINUTE;
          for (const record of merged(records[assetId]![pointId]!)) {
            if (record.time < start || record.time >= end) continue;
            const interval = Math.floor(record.time / (minutes * MINUTE)) * minutes * MINUTE;
            byInterval.set(interval, [...(byInterval.get(interval) ?? []), record]);
          }
          const expected = [...byInterval].map(([time, group]) => ({
            time,
            value:
              aggregate === 'count'
                ? group.length
                : aggregate === 'first'
                  ? group[0]!.value
                  : group.at(-1)!.value,
          }));
          const about = { seed, assetId, pointId, aggregate, limit, minutes };
          expectSame(
            { about, truncated: series.truncated, samples: plain(series.samples) },
            {
              about,
              truncated: limit !== undefined && expected.length > limit,
              samples: expected.slice(0, limit),
            },
          );
        }),
      ),
    );
    expect(store.violations).toEqual([]);
  });
});

describe('aggregates that EnOS computes', () => {
  const minutes = 10;
  const to = from + 2 * DAY;
  const read = (limit: number | undefined) =>
    createSeriesLoaders(loadingOf(undefined).request()).aggregate({
      orgId,
      assetId: 'asset0',
      pointId: 'power',
      from,
      to,
      interval: { minutes },
      aggregate: 'avg',
      storage: storage(['AI_RAW', 'AI_NORMALIZED']),
      timezone: '+00:00',
      ...(limit === undefined ? {} : { limit }),
    });

  it.each(seeds)('are all there, whichever intervals come without a value: seed %d', async (seed) => {
    const next = random(seed);
    const nulls = [0, 20, 2, 40][next(4)]!;
    const gaps = [0, 5][next(2)]!;
    const intervals: StoredRecord[] = [];
    for (let time = from; time < to; time += minutes * MINUTE) {
      if (gaps > 0 && next(gaps) === 0) continue;
      const isNull = nulls === 40 ? next(40) > 0 : nulls > 0 && next(nulls) === 0;
      intervals.push({ time, value: isNull ? null : next(1000) / 8 });
    }
    store.hold({ asset0: { 'avg(power)': intervals } }, { omitNulls: next(3) === 0 });
    for (const limit of [undefined, 1 + next(10), 1 + next(200)]) {
      const { samples, truncated } = await read(limit);
      const all = merged(intervals);
      expectSame(
        { seed, limit, truncated, samples: plain(samples) },
        {
          seed,
          limit,
          truncated: limit !== undefined && all.length > limit,
          samples: all.slice(0, limit),
        },
      );
    }
    expect(store.violations).toEqual([]);
  });

  it('cost no further call where no interval came without a value', async () => {
    const intervals = Array.from({ length: 288 }, (_, index) => ({
      time: from + index * minutes * MINUTE,
      value: index,
    }));
    store.hold({ asset0: { 'avg(power)': intervals } });
    expect((await read(9)).samples).toHaveLength(9);
    expect((await read(undefined)).samples).toHaveLength(288);
    expect(store.calls.map(({ records }) => records)).toEqual([10, 288]);
  });

  it('of long ids are asked for by what a reply can hold', async () => {
    const intervals = Array.from({ length: 288 }, (_, index) => ({
      time: from + index * minutes * MINUTE,
      value: index / 7,
    }));
    const assets = Array.from({ length: 60 }, (_, index) => `asset-${index}-${'x'.repeat(90)}`);
    const maxReplyBytes = 1024 * 1024;
    store.hold(Object.fromEntries(assets.map((assetId) => [assetId, { 'avg(power)': intervals }])), {
      maxReplyBytes,
    });
    const loaders = createSeriesLoaders(loadingOf(maxReplyBytes).request());
    const series = await Promise.all(
      assets.map((assetId) =>
        loaders.aggregate({
          orgId,
          assetId,
          pointId: 'power',
          from,
          to,
          interval: { minutes },
          aggregate: 'avg',
          storage: storage(['AI_RAW', 'AI_NORMALIZED']),
          timezone: '+00:00',
        }),
      ),
    );
    expect(new Set(series.map(({ samples }) => samples.length))).toEqual(new Set([288]));
    expect(store.calls.filter(({ tooLarge }) => tooLarge)).toEqual([]);
  });
});

describe('states read from their records', () => {
  it.each(seeds)('are those of the records, whatever lies before and between: seed %d', async (seed) => {
    const next = random(seed);
    const records: Record<string, Record<string, StoredRecord[]>> = {};
    const assets = Array.from({ length: 40 }, (_, index) => `asset${index}`);
    for (const assetId of assets) records[assetId] = { state: randomRecords(next, () => next(4)) };
    store.hold(records, { omitNulls: next(3) === 0 });
    const loading = loadingOf([100_000, 400_000, undefined][next(3)]);
    const to = from + [MINUTE, HOUR, 5 * DAY][next(3)]!;
    const loaders = createSeriesLoaders(loading.request());
    await Promise.all(
      assets.map(async (assetId) => {
        const key = { orgId, assetId, pointId: 'state' };
        const samples = await loaders.stateChanges(key, from, to, () => ['DI']);
        expectSame(
          { seed, assetId, samples: plain(samples) },
          {
            seed,
            assetId,
            samples: naiveChanges(records[assetId]!['state']!, to),
          },
        );
      }),
    );
    expect(store.violations).toEqual([]);
    expect(store.calls.map(({ path }) => path)).toContain('raw');
  });
});

function naiveChanges(stored: readonly StoredRecord[], to: number): { time: number; value: unknown }[] {
  const found: { time: number; value: unknown }[] = [];
  for (const { time, value } of merged(stored)) {
    if (time < from - 30 * DAY || time >= to) continue;
    if (time <= from) found.splice(0, 1, { time: from, value });
    else if (found.at(-1)?.value !== value) found.push({ time, value });
  }
  return found;
}

describe('a page with records that hold nothing', () => {
  const everyMinute = (count: number, isNull: (index: number) => boolean): StoredRecord[] =>
    Array.from({ length: count }, (_, index) => ({
      time: from + index * SECOND,
      value: isNull(index) ? null : index,
    }));
  const request = (limit?: number) => ({
    orgId,
    assetId: 'a',
    pointId: 'p',
    from,
    to: from + HOUR,
    storage: RAW,
    withQuality: false,
    ...(limit === undefined ? {} : { limit }),
  });
  const holding = (records: StoredRecords) => {
    store.hold(records);
    return createSeriesLoaders(loadingOf(undefined).request());
  };

  it('gives as many values as the limit asks for, and says that there are more', async () => {
    const loaders = holding({ a: { p: everyMinute(1186, (index) => index === 7 || index === 100) } });
    const { samples, truncated } = await loaders.history(request(200));
    expect([samples.length, truncated]).toEqual([200, true]);
    expect(store.calls.length).toBeLessThanOrEqual(2);
  });

  it('costs one call where the first page holds all that is wanted', async () => {
    const loaders = holding({ a: { p: everyMinute(1186, () => false) } });
    const { samples, truncated } = await loaders.history(request(200));
    expect([samples.length, truncated, store.calls.length]).toEqual([200, true, 1]);
    expect(store.calls[0]!.records).toBe(201);
  });

  it('is followed by larger ones, so that a long run of nulls costs few calls', async () => {
    const loaders = holding({ a: { p: everyMinute(3000, (index) => index < 2990) } });
    const { samples, truncated } = await loaders.history(request(5));
    expect([samples.length, truncated]).toEqual([5, true]);
    expect(store.calls.length).toBeLessThanOrEqual(12);
  });

  it('may lie within one instant from end to end', async () => {
    const same = Array.from({ length: 50 }, (_, index) => ({ time: from + 5, value: index }));
    const loaders = holding({ a: { p: [...same, { time: from + 6, value: -1 }] } });
    const { samples, truncated } = await loaders.history(request(3));
    expect([plain(samples), truncated]).toEqual([
      [
        { time: from + 5, value: 49 },
        { time: from + 6, value: -1 },
      ],
      false,
    ]);
  });
});
