/** The check of requests that the acceptance tests rely on refuses what the contract refuses. */
import { requestErrors } from '../support/enos-requests.js';

const headers = {
  'apim-accesstoken': 't',
  'apim-signature': '0'.repeat(64),
  'apim-timestamp': '1700000000000',
  'content-type': 'application/json',
};

function errorsOf(operationId: string, body: unknown, edition = '2.3', query = 'orgId=o1'): string[] {
  const text = body === undefined ? '' : JSON.stringify(body);
  return requestErrors(operationId, { query: new URLSearchParams(query), headers, body: text }, edition);
}

test.each([
  [
    'searchAssetNode',
    { expression: "assetIds in ('a') and name.en_US like 'x'", pagination: { pageNo: 1, pageSize: 1000 } },
  ],
  ['searchAssetTree', { expression: "treeId in ('a', 'b') or exists(tags.k)" }],
  [
    'getAssetRawDataByTimeRange',
    { assetIds: 'a', pointIds: 'p', startTime: '2024-01-01T00:00:00Z', endTime: '2024-01-02T00:00:00Z' },
  ],
])('%s as it is documented', (operationId, body) => {
  expect(errorsOf(operationId, body)).toEqual([]);
});

test.each([
  ['an operator that the field does not take', 'searchAssetNode', { expression: "assetIds like 'a'" }, '2.3'],
  ['a field of a later edition', 'searchAssetTree', { expression: "treeId in ('a')" }, '2.1'],
  ['not exists where only exists is taken', 'searchAssetNode', { expression: 'not exists(tags.k)' }, '2.3'],
  ['a page over the largest', 'searchAssetNode', { pagination: { pageNo: 1, pageSize: 1001 } }, '2.3'],
  [
    'sorters',
    'searchAssetNode',
    { pagination: { pageNo: 1, pageSize: 9, sorters: [{ field: 'name' }] } },
    '2.3',
  ],
  ['a filter for EnOS Edge', 'searchAssetTree', { filter: { tags: {} } }, '2.3'],
  ['an unknown member', 'searchAssetNode', { expresion: '' }, '2.3'],
  [
    'too many ids',
    'getAssetTrees',
    { assetIds: Array.from({ length: 101 }, (_, index) => String(index)) },
    '2.3',
  ],
  [
    'a later operation',
    'searchAlerts',
    { startOccurTime: '2024-01-01T00:00:00Z', endOccurTime: '2024-01-02T00:00:00Z' },
    '2.1',
  ],
  [
    'a later member',
    'searchThingModel',
    { relationFilter: { relatedModelId: 'a', relationType: 'child' } },
    '2.1',
  ],
  [
    'too many pairs',
    'getAssetLatestData',
    { assetIds: Array(1501).fill('a').join(','), pointIds: 'p,q' },
    '2.3',
  ],
  ['no time', 'getAssetRawDataByTimeRange', { assetIds: 'a', pointIds: 'p' }, '2.3'],
  ['no body', 'searchAssetNode', undefined, '2.3'],
])('%s is an error', (_, operationId, body, edition) => {
  expect(errorsOf(operationId, body, edition)).not.toEqual([]);
});

test('missing, unknown and repeated parameters are errors', () => {
  expect(errorsOf('searchAssetNode', {}, '2.3', '')).toEqual(['no parameter orgId']);
  expect(errorsOf('searchAssetNode', {}, '2.3', 'orgId=o1&orgid=o1')).toEqual(['unknown parameter orgid']);
  expect(errorsOf('searchAssetNode', {}, '2.3', 'orgId=o1&orgId=o1')).toEqual(['parameter orgId twice']);
});
