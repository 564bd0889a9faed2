/** The application's token over HTTP: how often it is asked for, and what happens when EnOS no longer takes it. */
import type { ServerResponse } from 'node:http';
import type { CallAttempt, EnosClient } from '../../src/enos/client.js';
import { createEnosClient } from '../../src/enos/create-client.js';
import type { EnosError } from '../../src/enos/errors.js';
import { encryption } from '../../src/enos/request/signature.js';
import { FakeGateway, json, TOKEN_LIFE, tokenReply } from '../support/fake-gateway.js';

let gateway: FakeGateway;
let client: EnosClient;
let clock: number;
let attempts: CallAttempt[];

beforeEach(async () => {
  clock = 1_700_000_000_000;
  attempts = [];
  gateway = await FakeGateway.start();
  client = createEnosClient({
    url: gateway.url,
    accessKey: 'access-key',
    secretKey: 'secret-key',
    integrationUrl: gateway.url,
    timeouts: { total: 5000 },
    now: () => clock,
    onAttempt: (attempt) => attempts.push(attempt),
  });
});
afterEach(async () => {
  await client.close();
  await gateway.stop();
});

const get = () => client.call('asset.getAsset', { query: { orgId: 'o1', assetId: 'a1' } });
const update = () =>
  client.call('asset.updateAsset', {
    query: { orgId: 'o1', isPatchUpdate: true },
    body: { asset: { assetId: 'a1', timezone: '+08:00' } },
  });
const many = (count: number) => Array.from({ length: count }, get);
const failed = (call: Promise<unknown>): Promise<EnosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: EnosError) => error,
  );
const tick = () => new Promise((resolve) => setImmediate(resolve));
const tokensUsed = () => gateway.calls.map(({ headers }) => headers['apim-accesstoken']);
const unauthorized = (response: ServerResponse) =>
  json(response, { message: 'Invalid authentication credentials' }, 401);
/** Takes only calls that carry this token. */
function takeOnly(token: string, refuse = unauthorized): void {
  gateway.answer = (request, response) =>
    request.headers['apim-accesstoken'] === token ? json(response, { code: 0, data: {} }) : refuse(response);
}

test('is asked for once, however many calls wait, and kept', async () => {
  expect(client.credentialsAccepted()).toBeNull();
  await Promise.all(many(50));
  await Promise.all(many(50));
  expect(gateway.tokenActions()).toEqual(['get']);
  expect(new Set(tokensUsed())).toEqual(new Set(['TOKEN-1']));
  expect(client.credentialsAccepted()).toBe(true);
  const body = JSON.parse(gateway.tokenCalls[0]!.body) as { timestamp: number };
  expect(body).toEqual({
    appKey: 'access-key',
    timestamp: clock,
    encryption: encryption('access-key', clock, 'secret-key'),
  });
});

test('is asked for by connect, which proves address and credentials', async () => {
  await client.connect();
  await client.connect();
  expect(gateway.tokenActions()).toEqual(['get']);
  expect(gateway.calls).toHaveLength(0);
});

test('is extended before it ends, once, without holding up calls', async () => {
  await get();
  clock += TOKEN_LIFE * 0.85 * 1000;
  await get();
  expect(gateway.tokenActions()).toEqual(['get']);
  let release = () => {};
  gateway.answerToken = (_, response) => (release = () => json(response, tokenReply('EXTENDED', TOKEN_LIFE)));
  clock += TOKEN_LIFE * 0.1 * 1000;
  await Promise.all(many(20));
  expect(tokensUsed().at(-1)).toBe('TOKEN-1');
  while (gateway.tokenCalls.length < 2) await tick();
  release();
  while (tokensUsed().at(-1) !== 'EXTENDED') await get();
  expect(gateway.tokenActions()).toEqual(['get', 'refresh']);
  expect(JSON.parse(gateway.tokenCalls[1]!.body)).toMatchObject({
    accessToken: 'TOKEN-1',
    appKey: 'access-key',
  });
});

test('expire is the seconds left, not a fresh life', async () => {
  gateway.answerToken = (_, response) => json(response, tokenReply('OLD', 100));
  await get();
  clock += 99_000;
  await get();
  while (gateway.tokenCalls.length < 2) await tick();
  expect(gateway.tokenActions()).toEqual(['get', 'refresh']);
});

test('is taken anew when EnOS does not extend it, and when it has ended', async () => {
  await get();
  gateway.answerToken = ({ path }, response) =>
    path.endsWith('refresh')
      ? json(response, { status: 1204, msg: 'cannot refresh', business: 'apim-token-service', data: null })
      : json(response, tokenReply('NEW', TOKEN_LIFE));
  clock += TOKEN_LIFE * 0.95 * 1000;
  while (tokensUsed().at(-1) !== 'NEW') await get();
  expect(gateway.tokenActions()).toEqual(['get', 'refresh', 'get']);
  clock += TOKEN_LIFE * 1000;
  await get();
  expect(gateway.tokenActions()).toEqual(['get', 'refresh', 'get', 'get']);
});

test('goes on being used while the token service fails before its end, and is asked for seldom', async () => {
  await get();
  gateway.answerToken = (_, response) => json(response, { message: 'Service unavailable' }, 500);
  clock += TOKEN_LIFE * 0.95 * 1000;
  await Promise.all(many(10));
  while (client.credentialsAccepted() !== false) await get();
  const asked = gateway.tokenCalls.length;
  await Promise.all(many(10));
  expect(gateway.tokenCalls.length).toBe(asked);
  expect(tokensUsed().every((token) => token === 'TOKEN-1')).toBe(true);
});

describe.each([
  ['HTTP 401', unauthorized],
  [
    'HTTP 403 of the gateway',
    (r: ServerResponse) => json(r, { message: 'Your IP address is not allowed' }, 403),
  ],
  ['code 1203', (r: ServerResponse) => json(r, { code: 1203, msg: 'token expired' })],
  ['status 1203', (r: ServerResponse) => json(r, { status: 1203, msg: 'token expired' })],
  ['code 1204', (r: ServerResponse) => json(r, { code: 1204, msg: 'token expired' }, 401)],
  [
    'HTTP 401 with a code that nobody documents',
    (r: ServerResponse) => json(r, { code: 401, msg: 'no' }, 401),
  ],
])('refused with %s', (_, refuse) => {
  test('is taken anew once for all calls, each of which is replayed once, writes too', async () => {
    await get();
    takeOnly('TOKEN-2', refuse);
    await Promise.all([...many(20), update()]);
    expect(gateway.tokenActions()).toEqual(['get', 'get']);
    expect(gateway.calls).toHaveLength(1 + 21 * 2);
    expect(client.credentialsAccepted()).toBe(true);
  });

  test('again: the call fails, and the next one finds its way when EnOS has come round', async () => {
    takeOnly('NONE', refuse);
    const error = await failed(get());
    expect(error).toMatchObject({
      kind: 'credentials',
      service: 'asset',
      operation: 'getAsset',
      retryable: false,
      message: 'EnOS refuses the credentials of this application',
    });
    expect(gateway.calls).toHaveLength(2);
    takeOnly('TOKEN-3', refuse);
    await get();
    expect(client.credentialsAccepted()).toBe(true);
  });
});

const forbidden = (response: ServerResponse) => response.writeHead(403).end('Forbidden');

describe('a gateway that answers 403', () => {
  test('to everything: the token is renewed at growing intervals only, and the refusal is known', async () => {
    gateway.answer = (_, response) => forbidden(response);
    for (let query = 0; query < 20; query += 1)
      expect(await failed(get())).toMatchObject({ httpStatus: 403 });
    expect(gateway.tokenCalls.length).toBeLessThanOrEqual(3);
    expect(client.credentialsAccepted()).toBe(false);
    const at: number[] = [];
    for (let second = 1; second <= 130; second += 1) {
      const before = gateway.tokenCalls.length;
      clock += 1_000;
      await failed(get());
      await failed(client.call('asset-tree.getAssetTree', { query: { orgId: 'o1', treeId: 't1' } }));
      if (gateway.tokenCalls.length > before) at.push(second);
    }
    expect(at).toEqual([1, 3, 7, 15, 31, 61, 91, 121]);
    gateway.answer = (_, response) => json(response, { code: 0, data: {} });
    await get();
    expect(client.credentialsAccepted()).toBe(true);
  });

  test('to one operation takes no token from the others, and is not held for a refusal of the application', async () => {
    gateway.answer = ({ path }, response) =>
      path.includes('/asset-tree-service/') ? forbidden(response) : json(response, { code: 0, data: {} });
    const tree = () => client.call('asset-tree.getAssetTree', { query: { orgId: 'o1', treeId: 't1' } });
    for (let round = 0; round < 20; round += 1) {
      expect(await failed(tree())).toMatchObject({ kind: 'credentials', httpStatus: 403 });
      await get();
      expect(client.credentialsAccepted()).toBe(true);
    }
    expect(gateway.tokenCalls.length).toBeLessThanOrEqual(3);
    // Its own pause keeps no other operation from a renewal that helps.
    const last = `TOKEN-${gateway.tokenCalls.length}`;
    gateway.answer = ({ headers }, response) =>
      headers['apim-accesstoken'] === last ? forbidden(response) : json(response, { code: 0, data: {} });
    await get();
    await tree();
  });

  test('to a call for a user says nothing of the application', async () => {
    gateway.answer = (_, response) => forbidden(response);
    for (let round = 0; round < 10; round += 1)
      await failed(
        client.call(
          'app-portal.getAppMenuAndPermission',
          { query: { accessKey: 'a1' } },
          { userToken: 'someone' },
        ),
      );
    expect(gateway.tokenCalls.length).toBeLessThanOrEqual(3);
    expect(client.credentialsAccepted()).toBe(true);
  });

  test('until an error of a service shows that it lets calls through again', async () => {
    gateway.answer = (_, response) => forbidden(response);
    await failed(get());
    expect(client.credentialsAccepted()).toBe(false);
    gateway.answer = (_, response) => json(response, { code: 99404, msg: 'Asset not found' }, 404);
    expect(await failed(get())).toMatchObject({ kind: 'refused', code: 99404 });
    expect(client.credentialsAccepted()).toBe(true);
  });
});

test('the readiness to serve is gone while EnOS refuses even new tokens', async () => {
  takeOnly('NONE');
  await failed(get());
  expect(client.credentialsAccepted()).toBe(false);
});

test.each([
  ['99403 with HTTP 403', { code: 99403, msg: 'Denied resource: orgId o1' }, 403],
  ['99403 with HTTP 200', { code: 99403, msg: 'Denied resource: orgId o1' }, 200],
  ['80401 with HTTP 401', { code: 80401, msg: 'Asset unauthorized' }, 401],
  ['31401 with HTTP 401', { code: 31401, message: 'unauthenticated' }, 401],
])('is kept when a service denies a right of its own: %s', async (_, body, status) => {
  gateway.answer = (_request, response) => json(response, body, status);
  expect(await failed(get())).toMatchObject({ kind: 'refused', code: body.code, httpStatus: status });
  expect(gateway.calls).toHaveLength(1);
  expect(gateway.tokenActions()).toEqual(['get']);
});

test('a used timestamp (1001) is replaced by a later one, also when the clock stands still', async () => {
  gateway.answerToken = (_, response) =>
    gateway.tokenCalls.length < 3
      ? json(response, { status: 1001, msg: 'used', business: 'apim-token-service', data: null })
      : json(response, tokenReply('THIRD', TOKEN_LIFE));
  await get();
  const timestamps = gateway.tokenCalls.map(
    ({ body }) => (JSON.parse(body) as { timestamp: number }).timestamp,
  );
  expect(timestamps).toEqual([clock, clock + 1, clock + 2]);
});

test('the misspelt stauts of one edition is read', async () => {
  gateway.answerToken = (_, response) =>
    json(response, { stauts: 0, msg: 'SUCCESS', business: 'x', data: { accessToken: 'SPELT', expire: 10 } });
  await get();
  expect(tokensUsed()).toEqual(['SPELT']);
  gateway.answerToken = (_, response) =>
    json(response, { stauts: 1002, msg: 'no', business: 'x', data: null });
  clock += 20_000;
  expect(await failed(get())).toMatchObject({ kind: 'credentials', code: 1002 });
});

test.each([
  [1002, 'credentials'],
  [1003, 'credentials'],
  [1004, 'credentials'],
  [1202, 'credentials'],
  [1005, 'refused'],
])('a key pair refused with %d is %s, told by the token service', async (code, kind) => {
  gateway.answerToken = (_, response) =>
    json(response, { status: code, msg: 'because', business: 'x', data: null });
  const errors = await Promise.all(many(5).map(failed));
  for (const error of errors) {
    expect(error).toMatchObject({
      kind,
      code,
      service: 'token',
      operation: 'getAccessToken',
      message: 'because',
    });
  }
  expect(gateway.tokenCalls).toHaveLength(1);
  expect(gateway.calls).toHaveLength(0);
  expect(client.credentialsAccepted()).toBe(false);
});

test.each([
  ['no token', { status: 0, msg: 'SUCCESS', business: 'x', data: null }],
  ['an empty one', tokenReply('', 7200)],
  ['one that no header takes', tokenReply('a\r\nb: c', 7200)],
  ['no life', { status: 0, msg: 'SUCCESS', business: 'x', data: { accessToken: 'A' } }],
])('a token service that gives %s has no valid reply', async (_, reply) => {
  gateway.answerToken = (_request, response) => json(response, reply);
  expect(await failed(get())).toMatchObject({ kind: 'invalid-response', service: 'token' });
});

test('a caller that goes away takes nobody else along', async () => {
  let release = () => {};
  gateway.answerToken = (_, response) => (release = () => json(response, tokenReply('LATE', TOKEN_LIFE)));
  const controller = new AbortController();
  const leaving = failed(
    client.call('asset.getAsset', { query: { orgId: 'o1', assetId: 'a1' } }, { signal: controller.signal }),
  );
  const staying = get();
  while (gateway.tokenCalls.length === 0) await tick();
  controller.abort();
  expect(await leaving).toMatchObject({ kind: 'cancelled', operation: 'getAsset' });
  release();
  await staying;
  expect(tokensUsed()).toEqual(['LATE']);
});

test('attempts are told, those with the token service too', async () => {
  await get();
  takeOnly('TOKEN-2');
  const own: CallAttempt[] = [];
  const query = { orgId: 'o1', assetId: 'a1' };
  await client.call('asset.getAsset', { query }, { onAttempt: (attempt) => own.push(attempt) });
  expect(own.map(({ attempt, outcome, httpStatus, code }) => [attempt, outcome, httpStatus, code])).toEqual([
    [1, 'http', 401, null],
    [2, 'ok', 200, 0],
  ]);
  expect(attempts.map(({ operation }) => operation)).toEqual([
    'token.getAccessToken',
    'asset.getAsset',
    'asset.getAsset',
    'token.getAccessToken',
    'asset.getAsset',
  ]);
});

test('integration operations carry the token and no signature', async () => {
  await client.call('connection.deleteFile', { query: { orgId: 'o1', fileUri: 'enos-connect://x' } });
  const { headers } = gateway.calls[0]!;
  expect(headers).toMatchObject({ 'apim-accesstoken': 'TOKEN-1' });
  expect(headers).not.toHaveProperty('apim-signature');
  expect(headers).not.toHaveProperty('apim-timestamp');
});
