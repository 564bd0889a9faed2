import { explainCalls } from '../../src/loading/explain.js';

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

test('a read that the cache answered wholly is one line without a call', () => {
  const [only, ...others] = explainCalls([
    { service: 'model', operation: 'searchThingModel', hits: ['m'], misses: [], attempts: [], paths },
  ]);
  expect(only).toMatchObject({ cache: 'hit', httpStatus: null });
  expect(others).toEqual([]);
});
