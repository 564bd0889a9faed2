/** Integers beyond 2^53 in series, read from a gateway over HTTP: what is made of many values is not rounded. */
import type { EnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import {
  addRecord,
  emptyBucket,
  valueOf,
  toExactNumber,
} from '../../../src/loading/series/intervals/accumulate.js';
import { createSeriesLoaders } from '../../../src/loading/series/create.js';
import type { AggregateFunction } from '../../../src/loading/series/types.js';
import { FakeGateway } from '../../support/fake-gateway.js';
import { recordedLoading } from '../../support/recorded-loading.js';

const ORG = 'o1';
const NOW = Date.UTC(2024, 5, 15, 12);
const FROM = Date.UTC(2024, 5, 14);
const MINUTE = 60_000;
/** Neighbours that one double stands for. */
const VALUES = ['9007199788603573', '9007199788603571', '9007199788603575', '9007199788603577'] as const;

let gateway: FakeGateway;
let client: EnosClient;
beforeAll(async () => {
  gateway = await FakeGateway.start();
  client = createEnosClient({ url: gateway.url, accessKey: 'a', secretKey: 's', now: () => NOW });
});
afterAll(async () => {
  await client.close();
  await gateway.stop();
});

/** Answers with these items, their values as they stand in JSON. */
function answerItems(items: readonly string[]): void {
  gateway.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"code":0,"msg":"OK","requestId":"r","data":{"items":[${items.join(',')}]}}`);
  };
}

async function aggregated(
  aggregate: AggregateFunction,
  kinds: readonly string[],
  minutes = 10,
): Promise<unknown[]> {
  const loaders = createSeriesLoaders(recordedLoading(client, { orgId: ORG, now: () => NOW }).request());
  const { samples } = await loaders.aggregate({
    ...{ orgId: ORG, assetId: 'a', pointId: 'p', from: FROM, to: FROM + minutes * MINUTE, timezone: 'UTC' },
    interval: { minutes },
    aggregate,
    storage: { modelId: 'M', signalType: 'AI', dataType: 'INT', hasQuality: false, kinds },
  });
  return samples.map(({ value }) => value);
}

describe.each([
  ['as numbers', (value: string) => value],
  ['as text', (value: string) => `"${value}"`],
])('integers of 64 bits that EnOS sends %s', (_how, written) => {
  test.each<[AggregateFunction, bigint]>([
    ['min', 9007199788603571n],
    ['max', 9007199788603577n],
    ['sum', 36028799154414296n],
  ])('%s of stored records is exact', async (aggregate, expected) => {
    answerItems(
      VALUES.map(
        (value, index) => `{"assetId":"a","timestamp":${FROM + index * MINUTE},"p":${written(value)}}`,
      ),
    );
    expect(await aggregated(aggregate, ['AI_RAW'])).toEqual([expected]);
  });

  test.each<AggregateFunction>(['min', 'max', 'first', 'last', 'sum'])(
    '%s that EnOS computes is exact',
    async (aggregate) => {
      answerItems([`{"assetId":"a","timestamp":${FROM},"${aggregate}(p)":${written(VALUES[0])}}`]);
      expect(await aggregated(aggregate, ['AI_NORMALIZED'])).toEqual([9007199788603573n]);
    },
  );

  test('energy of today is exact', async () => {
    answerItems([`{"assetId":"a","timestamp":${FROM},"sum(p)":${written(VALUES[0])}}`]);
    const loaders = createSeriesLoaders(recordedLoading(client, { orgId: ORG, now: () => NOW }).request());
    const sample = await loaders.energyToday({ orgId: ORG, assetId: 'a', pointId: 'p' });
    expect(sample?.value).toBe(9007199788603573n);
  });
});

test('any integers: smallest, greatest and sum are those of their exact values', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let turn = 0; turn < 300; turn += 1) {
    const size = 2n ** BigInt(Math.floor(random() * 63));
    const values = Array.from({ length: 1 + Math.floor(random() * 30) }, () => {
      const value = (BigInt(Math.floor(random() * 2 ** 50)) * size) / 2n ** 48n;
      return random() < 0.5 ? value : -value;
    });
    const of = (aggregate: AggregateFunction): bigint => {
      const bucket = emptyBucket();
      values.forEach((value, time) => {
        const exact = toExactNumber(random() < 0.5 ? value : String(value));
        addRecord(bucket, { time, value: exact, quality: null }, aggregate);
      });
      return BigInt(valueOf(bucket, aggregate) as number | bigint);
    };
    expect(of('min')).toBe(values.reduce((a, b) => (b < a ? b : a)));
    expect(of('max')).toBe(values.reduce((a, b) => (b > a ? b : a)));
    expect(of('sum')).toBe(values.reduce((a, b) => a + b));
  }
});

test('fractions stay what they were: doubles, summed with little error', () => {
  const bucket = emptyBucket();
  for (const value of [0.1, '0.2', 0.3]) addRecord(bucket, { time: 0, value, quality: null }, 'sum');
  expect(valueOf(bucket, 'sum')).toBeCloseTo(0.6, 15);
  expect(toExactNumber('9007199788603573.5')).toBe(Number('9007199788603573.5'));
  expect(toExactNumber('-0000000000000000005')).toBe(-5);
  for (const none of ['', 'x', null, `${'9'.repeat(100_000)}x`, {}]) expect(toExactNumber(none)).toBeNull();
});
