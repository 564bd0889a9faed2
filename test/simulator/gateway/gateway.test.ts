import { signRequest } from '../../../src/simulator/gateway/signature.js';
import { signature } from '../../support/enos-client.js';
import { startTinySimulator, TINY_KEYS } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';

let simulator: TinySimulator;
beforeEach(async () => {
  simulator = await startTinySimulator({ control: true, maxBodyBytes: 10_000 });
});
afterEach(async () => {
  await simulator.close();
});

const getSite = {
  method: 'GET',
  path: '/asset-service/v2.1/assets',
  query: { action: 'get', assetId: 'siteA' },
};
const unauthorized = { status: 401, body: { message: 'Invalid authentication credentials' } };

const VECTORS = [
  {
    url: '/asset-tree-service/v2.1/asset-nodes?treeId=Wf7kQ2Zx&orgId=o16700000000001&action=searchRelatedAsset',
    body: '{"filter":{"isChildOfAssetId":"Rk3vTq8M","nameLike":{"locale":"zh_CN","value":"风机"}},"pagination":{"pageNo":1,"pageSize":50}}',
    digest: '3ec8ec5aff530b035fbd0ed5f07c357b8d735cfe6121b2d43df65ec33fd40f65',
  },
  {
    url: '/tsdb-service/v2.0/raw?orgId=o16700000000001&assetIds=tB4nX9wL&measurepoints=WindSpeed,ActivePower&startTime=2024-05-01T00:00:00%2B08:00&endTime=2024-05-01T01:00:00%2B08:00',
    body: '',
    digest: 'e1a06869f8b15f7579a64101e289abc03241ebb91ee757291ca689107e2058bb',
  },
];

it.each(VECTORS)('signs $url as the contract shows', ({ url, body, digest }) => {
  const accessToken = 'APIM_7Qx2Lk9VbN4sT0eW';
  const secretKey = 'b1f6c3d8-77aa-4e0a-9c35-0d2f6e81a4c9';
  const timestamp = '1700000000000';
  const query = new URL(url, 'http://gateway').searchParams;
  expect(signRequest({ accessToken, timestamp, secretKey, query, body: Buffer.from(body) })).toBe(digest);
  expect(signature({ url, body, accessToken, timestamp, secretKey })).toBe(digest);
});

it('reads decoded values, the first of duplicates, and body bytes as they are sent', async () => {
  const accessToken = await simulator.client.accessToken();
  const timestamp = '5';
  const body = '{ "expression" : "name like \'北\'" }\r\n ';
  const target =
    '/asset-tree-service/v2.1/asset-nodes?orgId=o15724268424841&b=1%2B1+x&a=2&a=3&action=searchAsset';
  const url = `${simulator.url}${target}`;
  const digest = signature({ url, body, accessToken, timestamp, secretKey: TINY_KEYS.secretKey });
  const headers = {
    'content-type': 'application/json',
    'apim-accesstoken': accessToken,
    'apim-timestamp': timestamp,
    'apim-signature': digest,
  };
  const reply = await fetch(url, { method: 'POST', body, headers });
  expect(await reply.json()).toMatchObject({ code: 0, data: [{ assetId: 'siteA' }] });
});

it.each([
  ['a wrong signature', { 'apim-signature': 'a'.repeat(64) }],
  ['an unknown token', { 'apim-accesstoken': 'APIM_stranger' }],
  ['another time than the signed one', { 'apim-timestamp': '1' }],
  ['no signature', { 'apim-signature': '' }],
  ['no token', { 'apim-accesstoken': '' }],
  ['no time', { 'apim-timestamp': '' }],
])('refuses %s with 401 in the gateway’s shape', async (_what, headers) => {
  expect(await simulator.client.call({ ...getSite, headers })).toEqual(unauthorized);
});

it('does not sign the body of a multipart upload', async () => {
  const { client, url } = simulator;
  const accessToken = await client.accessToken();
  const target = `${url}/asset-tree-service/v2.1/asset-nodes?orgId=${client.orgId}&action=searchAsset`;
  const digest = signature({ url: target, accessToken, timestamp: '7', secretKey: TINY_KEYS.secretKey });
  const headers = { 'apim-accesstoken': accessToken, 'apim-timestamp': '7', 'apim-signature': digest };
  const form = new FormData();
  form.set('file', 'x');
  expect((await fetch(target, { method: 'POST', headers, body: form })).status).toBe(200);
});

it('checks the age of the time only when asked to', async () => {
  const strict = await startTinySimulator({ timestampSkew: 60_000, now: () => Date.now() + 120_000 });
  const late = await strict.client.call(getSite);
  await strict.close();
  expect(late).toEqual(unauthorized);
  expect((await simulator.client.call(getSite)).status).toBe(200);
});

it('answers 404 for what the contract does not know and the internal error of the service for what it knows and is not played', async () => {
  const noRoute = { status: 404, body: { message: 'no Route matched with those values' } };
  expect(await simulator.client.call({ path: '/nowhere' })).toEqual(noRoute);
  expect(await simulator.client.call({ ...getSite, method: 'DELETE' })).toEqual(noRoute);
  expect(await simulator.client.call({ ...getSite, query: { action: 'fetch' } })).toEqual(noRoute);
  const forecast = { path: '/ml-service/v1.0/forecasts', query: { action: 'run' }, body: {} };
  const msg = 'machineLearningForecast is not simulated';
  // Not 503, which clients repeat.
  expect(await simulator.client.call(forecast)).toMatchObject({ status: 200, body: { code: 99500, msg } });
  expect(simulator.faults.splice(0)).toEqual([msg]);
  const unsigned = { ...forecast, headers: { 'apim-signature': 'x' } };
  expect(await simulator.client.call(unsigned)).toEqual(unauthorized);
});

it('answers 413 for a body beyond the limit, with and without a declared length', async () => {
  const path = '/asset-tree-service/v2.1/asset-nodes';
  const body = { expression: 'x'.repeat(20_000) };
  const tooLarge = { status: 413, body: { message: 'Request size limit exceeded' } };
  expect(await simulator.client.call({ path, query: { action: 'searchAsset' }, body })).toEqual(tooLarge);
  const stream = new Blob([JSON.stringify(body)]).stream();
  const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
  expect((await fetch(`${simulator.url}${path}?action=searchAsset`, init)).status).toBe(413);
});

it('refuses another organization in the service’s own envelope', async () => {
  const reply = await simulator.client.call({ ...getSite, query: { ...getSite.query, orgId: 'o1' } });
  expect(reply).toMatchObject({
    status: 200,
    body: { code: 99403, msg: 'Denied resource: orgId o1', data: null },
  });
});

it('counts matched calls, refused ones and token calls included', async () => {
  const count = async () => (await fetch(`${simulator.url}/__calls`)).json();
  expect(await count()).toEqual({});
  await simulator.client.call(getSite);
  await simulator.client.call({ ...getSite, headers: { 'apim-signature': 'x' } });
  await simulator.client.call({ path: '/nowhere' });
  await simulator.client.askToken('refresh', { accessToken: 'x' });
  expect(await count()).toEqual({ getAccessToken: 1, getAsset: 2, refreshAccessToken: 1 });
  expect((await fetch(`${simulator.url}/__calls`, { method: 'DELETE' })).status).toBe(204);
  expect(await count()).toEqual({});
});

it('hides the control paths unless told otherwise', async () => {
  const plain = await startTinySimulator();
  const reply = await fetch(`${plain.url}/__calls`);
  await plain.close();
  expect(reply.status).toBe(404);
});

it('keeps connections open between calls', async () => {
  const reply = await fetch(`${simulator.url}/__calls`);
  await reply.text();
  expect(reply.headers.get('connection')).toBe('keep-alive');
});

it('answers the service’s internal error, and says so in the log, when its own reply breaks the contract', async () => {
  const broken = await startTinySimulator({ handlers: { getAsset: () => ({ data: { assetId: 5 } }) } });
  const reply = await broken.client.call(getSite);
  await broken.close();
  expect(reply).toMatchObject({ status: 200, body: { code: 99500, data: null } });
  expect(broken.faults.join()).toContain('not as the contract says');
});

it('holds replies to what the contract requires where nothing is projected', async () => {
  const handlers = { searchAssetNode: () => ({ data: [{ assetId: 'siteA' }] }) };
  const broken = await startTinySimulator({ handlers });
  const search = { path: '/asset-tree-service/v2.1/asset-nodes', query: { action: 'searchAsset' }, body: {} };
  const reply = await broken.client.call(search);
  await broken.close();
  expect(reply.body.code).toBe(99500);
  expect(broken.faults.join()).toContain('modelId is required');
});
