import { asset } from '../../src/loading/entities/asset.js';
import { createEntityLoader } from '../../src/loading/entity/loader.js';
import { explainCalls } from '../../src/loading/request/explain.js';
import type { ExplainEntry } from '../../src/loading/load-context.js';
import { scriptedLoading } from '../support/recorded-loading.js';

const attempt = {
  operation: 'asset.getAsset' as const,
  attempt: 1,
  startedAt: 0,
  durationMs: 12.3456,
  outcome: 'ok',
  httpStatus: 200,
  code: 0,
  requestId: 'r-1',
  args: { body: { assetIds: ['b', 'c'], pagination: { pageNo: 2, pageSize: 50 } }, query: { orgId: 'o' } },
};
const paths = () => ['asset', 'asset.model'];

test('one line per REST call, named by the call itself, and one for what the cache held', () => {
  const lines = explainCalls([
    {
      service: 'asset-tree',
      operation: 'searchAssetNode',
      hits: ['a'],
      misses: ['b'],
      counts: { hits: 1, shared: 0, misses: 1 },
      attempts: [attempt, { ...attempt, attempt: 2 }],
      paths,
    },
  ]);
  expect(lines).toEqual([
    expect.objectContaining({
      service: 'asset',
      operation: 'getAsset',
      keys: ['b'],
      ids: ['b', 'c'],
      page: { number: 2, size: 50 },
      paths: ['asset', 'asset.model'],
      cache: 'miss',
      attempt: 1,
      durationMs: 12.3,
      requestId: 'r-1',
    }),
    expect.objectContaining({ operation: 'getAsset', attempt: 2 }),
    expect.objectContaining({
      service: 'asset-tree',
      operation: 'searchAssetNode',
      keys: ['a'],
      ids: [],
      page: null,
      cache: 'hit',
      attempt: 0,
      durationMs: 0,
    }),
  ]);
});

test('ids that a call names in its expression are its ids too', () => {
  const expression = `assetId in ('a', "b'c", 'd, e') and severityId in ('s') and name like 'in (x)'`;
  const [line] = explainCalls([
    {
      ...{ service: 'alert', operation: 'searchActiveAlerts', hits: [], misses: ['a ACTIVE'], paths },
      counts: { hits: 0, shared: 0, misses: 1 },
      attempts: [{ ...attempt, args: { body: { expression } } }],
    },
  ]);
  expect(line).toMatchObject({ ids: ['a', "b'c", 'd, e', 's'], idCount: 4 });
});

test('keys, fields and ids beyond those that are named are counted', () => {
  const assetIds = Array.from({ length: 130 }, (_, i) => `a${i}`);
  const [line] = explainCalls([
    {
      ...{ service: 'asset', operation: 'getAsset', hits: [], misses: ['a0'] },
      counts: { hits: 0, shared: 0, misses: 250 },
      attempts: [{ ...attempt, args: { body: { assetIds } } }],
      paths: () => Array.from({ length: 60 }, (_, i) => `field${i}`),
    },
  ]);
  expect(line).toMatchObject({ keyCount: 250, idCount: 130, pathCount: 60 });
  expect([line?.ids.length, line?.paths.length]).toEqual([100, 50]);
});

test('a read for which the request had no time is a line without a call', async () => {
  const entries: ExplainEntry[] = [];
  const asked: string[] = [];
  const loading = scriptedLoading(
    ({ operation }) => {
      asked.push(operation);
      return {};
    },
    { orgId: 'o', now: Date.now },
  );
  const context = {
    ...loading.request(),
    deadline: Date.now() - 1,
    explain: (entry: ExplainEntry) => void entries.push(entry),
  };
  await expect(createEntityLoader(context, asset).load({ orgId: 'o', id: 'a' })).rejects.toMatchObject({
    kind: 'timeout',
  });
  expect(asked).toEqual([]);
  expect(explainCalls(entries)).toMatchObject([
    { keys: ['a'], cache: 'miss', attempt: 0, outcome: 'timeout', requestId: null, idCount: 0 },
  ]);
});

test('a read that the cache answered wholly is one line without a call', () => {
  const [only, ...others] = explainCalls([
    {
      ...{ service: 'model', operation: 'searchThingModel', hits: ['m'], misses: [], attempts: [], paths },
      counts: { hits: 120, shared: 0, misses: 0 },
    },
  ]);
  expect(only).toMatchObject({ cache: 'hit', httpStatus: null, keyCount: 120 });
  expect(others).toEqual([]);
});
