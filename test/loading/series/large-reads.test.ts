/**
 * What large reads of stored records move: hardly more than is wanted, and nothing that the client has to throw away. The
 * store keeps the contract's limits and sends records as long as those of EnOS.
 */
import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type { PointStorage } from '../../../src/loading/series/types.js';
import { RecordStore, type StoredRecord } from '../../support/record-store.js';
import { recordedLoading } from '../../support/recorded-loading.js';

const KEYS = { accessKey: 'access', secretKey: 'secret' };
const NOW = Date.UTC(2024, 5, 15, 12);
const SECOND = 1000;
const DAY = 86_400 * SECOND;
const from = NOW - 10 * DAY;
const to = from + DAY;
const orgId = 'o1';
const MIB = 1024 * 1024;
const SMALL = 2 * MIB;
const RAW: PointStorage = {
  modelId: 'M',
  signalType: 'AI',
  dataType: 'DOUBLE',
  hasQuality: false,
  kinds: ['AI_RAW'],
};

let store: RecordStore;
let client: EnosClient;
/** With an eighth of the usual cap, so that an eighth of the records is a large read. */
let small: EnosClient;
beforeAll(async () => {
  store = await RecordStore.start();
  // Store and client share a process: neither is as fast as usual.
  const timeouts = { headers: 120_000, idle: 120_000, total: 120_000 };
  client = createEnosClient({ url: store.url, ...KEYS, now: () => NOW, timeouts });
  small = createEnosClient({ url: store.url, ...KEYS, now: () => NOW, timeouts, maxResponseBytes: SMALL });
});
afterAll(async () => {
  await client.close();
  await small.close();
  await store.stop();
});

const every = (
  step: number,
  value: (index: number) => StoredRecord['value'] = (index) => ((index * 7919) % 10_007) / 8,
  start = from,
): StoredRecord[] =>
  Array.from({ length: Math.ceil((to - start) / step) }, (_, index) => ({
    time: start + index * step,
    value: value(index),
  }));
const named = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `turbine-${1000 + index}`);

/** Reads a day of each pair; what came of it, and what the store saw. */
async function readDay(pairs: readonly (readonly [assetId: string, pointId: string])[], by = small) {
  const loading = recordedLoading(by, { orgId, now: () => NOW, settings: { maxSamples: 500_000 } });
  const loaders = createSeriesLoaders(loading.request());
  const series = await Promise.all(
    pairs.map(([assetId, pointId]) =>
      loaders.history({ orgId, assetId, pointId, from, to, storage: RAW, withQuality: false }),
    ),
  );
  const { calls } = store;
  const moved = calls.reduce((sum, { records }) => sum + records, 0);
  return {
    lengths: series.map(({ samples }) => samples.length),
    wanted: series.reduce((sum, { samples }) => sum + samples.length, 0),
    moved,
    thrownAway: calls.filter(({ tooLarge }) => tooLarge).length,
    calls: calls.length,
    bytes: calls.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

describe('a large read of stored records', () => {
  it('of 134 turbines moves each record once, in about as many calls as its bytes need', async () => {
    const records = every(15 * SECOND);
    const assets = named(134);
    store.hold(Object.fromEntries(assets.map((assetId) => [assetId, { power: records }])));
    const read = await readDay(
      assets.map((assetId) => [assetId, 'power']),
      client,
    );
    expect(new Set(read.lengths)).toEqual(new Set([5760]));
    expect(read.wanted).toBe(771_840);
    expect(read.thrownAway).toBe(0);
    expect(read.moved).toBeLessThanOrEqual(1.05 * read.wanted);
    expect(read.calls).toBeLessThanOrEqual(Math.ceil(read.bytes / (16 * MIB)) + 2);
    expect(store.violations).toEqual([]);
  }, 120_000);

  it('of pairs that are dense, sparse and empty goes on with each from where it stands', async () => {
    const assets = named(30);
    const steps = [30, 60, 150, 300, 3600];
    const dense = Object.fromEntries(steps.map((step) => [step, every(step * SECOND)]));
    const held: Record<string, Record<string, StoredRecord[]>> = {};
    const pairs: [string, string][] = [];
    for (const [index, assetId] of assets.entries()) {
      for (const point of ['power', 'speed', 'state']) {
        const step = steps[(index + point.length) % steps.length]!;
        if (point !== 'state' || index % 2 === 0) (held[assetId] ??= {})[point] = dense[step]!;
        pairs.push([assetId, point]);
      }
    }
    store.hold(held, { maxReplyBytes: SMALL });
    const read = await readDay(pairs);
    expect(read.lengths).toEqual(pairs.map(([assetId, point]) => held[assetId]?.[point]?.length ?? 0));
    expect(read.wanted).toBeGreaterThan(70_000);
    expect(read.thrownAway).toBe(0);
    expect(read.moved).toBeLessThanOrEqual(1.3 * read.wanted);
    expect(store.violations).toEqual([]);
  }, 120_000);

  it('of points that differ from asset to asset does not go on with pairs that are not wanted', async () => {
    const records = every(24 * SECOND);
    const assets = named(20);
    const points = assets.map((_, index) => `point${index}`);
    const all = Object.fromEntries(points.map((point) => [point, records]));
    store.hold(Object.fromEntries(assets.map((assetId) => [assetId, all])), { maxReplyBytes: SMALL });
    const read = await readDay(assets.map((assetId, index) => [assetId, points[index]!]));
    expect(new Set(read.lengths)).toEqual(new Set([3600]));
    expect(read.thrownAway).toBe(0);
    expect(read.moved).toBeLessThanOrEqual(1.3 * read.wanted);
  }, 120_000);

  it('of long texts throws away no reply after the first', async () => {
    const assets = named(40);
    const text = JSON.stringify({ alarm: 'x'.repeat(700) });
    const texts = every(480 * SECOND, () => text);
    const numbers = every(80 * SECOND);
    store.hold(Object.fromEntries(assets.map((assetId) => [assetId, { log: texts, power: numbers }])), {
      maxReplyBytes: SMALL,
    });
    const read = await readDay(
      assets.flatMap((assetId) => ['log', 'power'].map((point) => [assetId, point] as const)),
    );
    expect(read.lengths).toEqual(assets.flatMap(() => [180, 1080]));
    expect(read.thrownAway).toBeLessThanOrEqual(1);
    expect(read.moved).toBeLessThanOrEqual(1.3 * read.wanted);
  }, 120_000);

  it('of records that lie ever closer plans no reply for what it has seen so far', async () => {
    const assets = named(8);
    const slow = every(240 * SECOND).filter(({ time }) => time < from + DAY / 2);
    const fast = every(8 * SECOND, undefined, from + DAY / 2);
    store.hold(Object.fromEntries(assets.map((assetId) => [assetId, { power: [...slow, ...fast] }])), {
      maxReplyBytes: SMALL,
    });
    const read = await readDay(assets.map((assetId) => [assetId, 'power']));
    expect(new Set(read.lengths)).toEqual(new Set([slow.length + fast.length]));
    expect(read.thrownAway).toBe(0);
    expect(read.moved).toBeLessThanOrEqual(1.05 * read.wanted);
  }, 120_000);

  it('that fits into one reply stays one call', async () => {
    const assets = named(50);
    store.hold(Object.fromEntries(assets.map((assetId) => [assetId, { power: every(480 * SECOND) }])), {
      maxReplyBytes: SMALL,
    });
    const read = await readDay(assets.map((assetId) => [assetId, 'power']));
    expect([read.wanted, read.moved, read.calls]).toEqual([9_000, 9_000, 1]);
  });
});
