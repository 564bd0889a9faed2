/** Series in chunks: the same values as without a cache, whatever was asked before, for no more calls than they need. */
import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { outcomeCodec } from '../../../src/loading/read/codec.js';
import { CHUNK_CODEC } from '../../../src/loading/series/chunks/chunks.js';
import type { Chunk } from '../../../src/loading/series/chunks/chunk-types.js';
import { addSamples, columnsOf } from '../../../src/loading/series/chunks/columns.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type {
  AggregateRequest,
  HistoryRequest,
  PointStorage,
  Sample,
} from '../../../src/loading/series/types.js';
import { startSimulator, type RunningSimulator } from '../../../src/simulator/server.js';
import { recordedLoading, type RecordedLoading } from '../../support/recorded-loading.js';
import { SERIES_ORG as orgId, seriesWorld, type Records } from '../../support/series-world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2024, 5, 15, 12, 3);
const KEYS = { accessKey: 'access', secretKey: 'secret' };

/** The same numbers on every run (mulberry32), whole, from 0 to below `most`. */
function random(seed: number): (most: number) => number {
  let state = seed | 0;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
}

/** Records every seven minutes with gaps of hours. */
function records(seed: number, from: number, to: number): Records {
  const next = random(seed);
  const made: [number, number][] = [];
  for (let time = from; time < to; time += 7 * MINUTE + next(60) * 1000) {
    if (next(40) === 0) time += next(9) * HOUR;
    made.push([time, next(10_000) / 100]);
  }
  return made;
}

const SPRING = Date.UTC(2024, 2, 31, 1);
const ranges = [
  [SPRING - 6 * DAY, SPRING + 6 * DAY],
  [NOW - 4 * DAY, NOW],
] as const;

function world(): ReturnType<typeof seriesWorld> {
  const of = (seed: number): Records =>
    ranges.flatMap(([from, to], index) => records(seed + index, from, to));
  return seriesWorld({
    'wt1.power': of(1),
    'wt2.power': of(3),
    'wt1.speed': of(5),
    'wt1.count': of(7),
    'wt1.energy': of(9),
  });
}

const storage = (kinds: string[], more: Partial<PointStorage> = {}): PointStorage => ({
  modelId: 'Turbine',
  signalType: 'AI',
  dataType: 'DOUBLE',
  hasQuality: true,
  kinds,
  ...more,
});
const STORAGES: Record<string, PointStorage> = {
  power: storage(['AI_RAW', 'AI_NORMALIZED']),
  speed: storage(['AI_RAW', 'AI_NORMALIZED']),
  count: storage(['AI_RAW']),
  energy: storage(['PI'], { signalType: 'PI' }),
};

let simulator: RunningSimulator;
let client: EnosClient;
let now = NOW;
beforeAll(async () => {
  simulator = await startSimulator({
    world: world(),
    credentials: KEYS,
    now: () => NOW,
    log: () => undefined,
  });
  client = createEnosClient({ url: simulator.url, ...KEYS, now: () => NOW });
});
beforeEach(() => {
  now = NOW;
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const OFF = { seriesPast: 0, seriesTail: 0 };
const lifetimes = {
  models: 0,
  assets: 0,
  trees: 0,
  alerts: 0,
  latest: 0,
  seriesPast: HOUR,
  seriesTail: 5_000,
  seriesLateData: 15 * MINUTE,
  users: 60_000,
  notFound: 0,
};
const loadingOf = (more: Partial<typeof lifetimes> = {}): RecordedLoading =>
  recordedLoading(client, { orgId, now: () => now, settings: { lifetimes: { ...lifetimes, ...more } } });

const history = (more: Partial<HistoryRequest> = {}): HistoryRequest => {
  const pointId = more.pointId ?? 'power';
  const known = STORAGES[pointId] ?? storage([]);
  return {
    orgId,
    assetId: 'wt1',
    pointId,
    from: NOW - DAY,
    to: NOW,
    storage: known,
    withQuality: false,
    ...more,
  };
};
const aggregate = (more: Partial<AggregateRequest> = {}): AggregateRequest => {
  const {
    orgId: org,
    assetId,
    pointId,
    from,
    to,
    storage: known,
  } = history({ pointId: more.pointId ?? 'power' });
  const range = { orgId: org, assetId, pointId, from, to, storage: known };
  return { ...range, interval: { minutes: 10 }, aggregate: 'avg', timezone: 'Europe/Copenhagen', ...more };
};

/** Seeded questions about parts of the two time ranges, long ones and short ones. */
function questions(
  seed: number,
  count: number,
): { from: number; to: number; pick: (most: number) => number }[] {
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const [start, end] = ranges[next(2)] ?? ranges[0];
    const length = [2, 5, 26, 60, 100][next(5)] ?? 5;
    const from = start + next((end - start) / MINUTE) * MINUTE - next(3) * HOUR;
    return { from, to: from + length * HOUR + next(7200) * 1000, pick: next };
  });
}

describe('the same answers as without a cache', () => {
  test.each([1, 2, 3])('of stored records, in any order and together (seed %i)', async (seed) => {
    const [cached, plain] = [loadingOf(), loadingOf(OFF)];
    const asking = questions(seed, 8);
    for (const question of [...asking, ...asking.map((one) => ({ ...one, from: one.from + HOUR }))]) {
      const asked = ['power', 'count', 'speed'].flatMap((pointId) =>
        ['wt1', 'wt2'].map((assetId) =>
          history({ ...question, pointId, assetId, withQuality: question.pick(2) === 0 }),
        ),
      );
      const chosen = asked.filter((_, index) => (index + question.to) % 4 > 0);
      const wider = chosen.map((one, index) => ({ ...one, to: one.to + (index % 2) * 30 * HOUR }));
      const read = (loading: RecordedLoading) => {
        const loaders = createSeriesLoaders(loading.request());
        return Promise.all([...chosen, ...wider].map((one) => loaders.history(one)));
      };
      expect(await read(cached)).toEqual(await read(plain));
    }
    expect(cached.calls.length).toBeLessThan(plain.calls.length);
  });

  test.each([4, 5, 6])('of aggregates, across a change of clocks (seed %i)', async (seed) => {
    const [cached, plain] = [loadingOf(), loadingOf(OFF)];
    const asking = questions(seed, 10);
    for (const question of [...asking, ...asking.map((one) => ({ ...one, from: one.from - 3 * HOUR }))]) {
      const intervals = [{ minutes: 5 }, { minutes: 10 }, { minutes: 60 }, { days: 1 }];
      const index = asking.findIndex(({ to }) => to === question.to);
      const interval = intervals[index % 4] ?? { minutes: 10 };
      const timezone = ['Europe/Copenhagen', '+08:00', 'Australia/Lord_Howe'][index % 3] ?? '+00:00';
      const asked = (['avg', 'max', 'count'] as const).flatMap((name) =>
        ['power', 'energy'].map((pointId) =>
          aggregate({ from: question.from, to: question.to, aggregate: name, pointId, interval, timezone }),
        ),
      );
      const read = (loading: RecordedLoading) => {
        const loaders = createSeriesLoaders(loading.request());
        return Promise.all(asked.map((one) => loaders.aggregate(one)));
      };
      expect(await read(cached)).toEqual(await read(plain));
    }
    expect(cached.calls.length).toBeLessThan(plain.calls.length);
  });
});

test('64-bit integers, texts and qualities come back from the cache as they went in', () => {
  const samples: Sample[] = [
    { time: 1000, value: 9_007_199_254_740_993n, quality: null },
    { time: 1007, value: 'text', quality: 0 },
    { time: 4999, value: -0.1, quality: 9 },
  ];
  for (const some of [samples, [], samples.slice(0, 1), samples.slice(2)]) {
    const chunk: Chunk = { from: 1000, to: 5000, columns: columnsOf(some) };
    const codec = outcomeCodec(CHUNK_CODEC);
    const back = codec.decode(codec.encode(chunk)) as Chunk;
    expect(back).toEqual(chunk);
    const read: Sample[] = [];
    addSamples(read, back.columns, 1000, 5000);
    expect(read).toEqual(some);
  }
});

describe('calls', () => {
  const assets = ['wt1', 'wt2'];
  const raw = (loading: RecordedLoading, from: number, to: number, more: Partial<HistoryRequest> = {}) => {
    const loaders = createSeriesLoaders(loading.request());
    return Promise.all(assets.map((assetId) => loaders.history(history({ assetId, from, to, ...more }))));
  };
  const means = (loading: RecordedLoading, from: number, to: number) => {
    const loaders = createSeriesLoaders(loading.request());
    return Promise.all(assets.map((assetId) => loaders.aggregate(aggregate({ assetId, from, to }))));
  };
  const asked = (loading: RecordedLoading): [number, number][] =>
    loading.calls
      .splice(0)
      .map(({ body }) => [Date.parse(String(body['startTime'])), Date.parse(String(body['endTime']))]);

  test('the first read of a range is one call, and the same range again is none', async () => {
    const loading = loadingOf();
    const [from, to] = [NOW - 3 * DAY - 17 * MINUTE, NOW - 2 * DAY - 5 * MINUTE];
    await raw(loading, from, to);
    await means(loading, from, to);
    const first = asked(loading);
    expect(first).toHaveLength(2);
    // Whole chunks of four hours.
    for (const [start, end] of first) {
      expect([start % (4 * HOUR), end % (4 * HOUR)]).toEqual([0, 0]);
      expect(start).toBeLessThanOrEqual(from);
      expect(end).toBeGreaterThanOrEqual(to);
    }
    await raw(loading, from, to);
    await means(loading, from, to);
    await raw(loading, from + HOUR, to - HOUR);
    expect(asked(loading)).toEqual([]);
  });

  test('the last 24 hours, a little later: one call for the chunks at the end, for all assets', async () => {
    // The cache lives by the real clock, in which nothing of the tail outlives a step here.
    const loading = loadingOf({ seriesTail: 0 });
    await raw(loading, now - DAY, now);
    await means(loading, now - DAY, now);
    expect(asked(loading)).toHaveLength(2);
    for (let step = 1; step <= 3; step += 1) {
      now += 10 * MINUTE;
      await raw(loading, now - DAY, now);
      // The fixed chunk in which the oldest late data may still arrive, and those after it.
      const settled = Math.floor((now - 15 * MINUTE) / (4 * HOUR)) * 4 * HOUR;
      const again = asked(loading);
      expect(again).toHaveLength(1);
      expect(again[0]?.[0]).toBeGreaterThanOrEqual(settled - 4 * HOUR);
      await means(loading, now - DAY, now);
      const averages = asked(loading);
      expect(averages).toHaveLength(1);
      expect(averages[0]?.[0]).toBeGreaterThanOrEqual(settled - 4 * HOUR);
    }
  });

  test('late data: what ended within the bound is read again, what ended before is not', async () => {
    const loading = loadingOf();
    const end = Math.floor(NOW / (4 * HOUR)) * 4 * HOUR;
    now = end + 14 * MINUTE;
    await raw(loading, end - DAY, end);
    asked(loading);
    // The tail lives for seconds by the real clock: a cache of its own shows what it would still hold.
    const strict = loadingOf({ seriesTail: 0 });
    await raw(strict, end - DAY, end);
    asked(strict);
    await raw(strict, end - DAY, end);
    expect(asked(strict)).toEqual([[end - 4 * HOUR, end]]);
    now = end + 15 * MINUTE;
    await raw(strict, end - DAY, end);
    expect(asked(strict)).toEqual([[end - 4 * HOUR, end]]);
    await raw(strict, end - DAY, end);
    expect(asked(strict)).toEqual([]);
  });

  test('series of which different parts are cached are read together where that is fewer calls', async () => {
    const loading = loadingOf();
    const from = NOW - 3 * DAY;
    const loaders = createSeriesLoaders(loading.request());
    await loaders.history(history({ from, to: from + DAY }));
    asked(loading);
    await raw(loading, from, from + 2 * DAY);
    expect(asked(loading)).toHaveLength(1);
  });

  test('a limit, and a stretch of few hours, are read as they are asked', async () => {
    const loading = loadingOf();
    await raw(loading, NOW - 2 * DAY, NOW - DAY, { limit: 10 });
    await raw(loading, NOW - 2 * HOUR, NOW);
    const calls = loading.calls.map(({ body }) => body['pageSize']);
    expect(calls[0]).toBe(11);
    expect(asked(loading)).toEqual([
      [NOW - 2 * DAY, NOW - DAY],
      [NOW - 2 * HOUR, NOW],
    ]);
  });

  test('whole chunks are not asked for where they could cost another call', async () => {
    const loading = loadingOf();
    const loaders = createSeriesLoaders(loading.request());
    // At one record a minute 1,000 series fill three pages of 640 in 32 hours, but a fourth in the 36 of whole chunks.
    const from = NOW - 3 * DAY + 2 * HOUR;
    const to = from + 32 * HOUR;
    const ids = Array.from({ length: 1000 }, (_, index) => (index === 0 ? 'wt1' : `none${index}`));
    const settled = await Promise.allSettled(
      ids.map((assetId) => loaders.history(history({ assetId, from, to }))),
    );
    expect(settled).toHaveLength(1000);
    expect(asked(loading)[0]).toEqual([from, to]);
  });

  test('refuses more records than one answer may hold, whether cached or not', async () => {
    const loading = recordedLoading(client, {
      orgId,
      now: () => now,
      settings: { lifetimes, maxSamples: 40 },
    });
    const read = () => createSeriesLoaders(loading.request()).history(history());
    await expect(read()).rejects.toThrow(/more than 40/);
    await expect(read()).rejects.toThrow(/more than 40/);
    const short = await createSeriesLoaders(loading.request()).history(history({ from: NOW - 4 * HOUR }));
    expect(short.samples.length).toBeGreaterThan(2);
  });
});
