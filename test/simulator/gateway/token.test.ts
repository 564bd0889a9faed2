import { encryptCredentials } from '../../../src/simulator/gateway/signature.js';
import { contractErrors } from '../../support/enos-contract.js';
import { startTinySimulator, TINY_KEYS } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';

let simulator: TinySimulator;
beforeEach(async () => {
  simulator = await startTinySimulator();
});
afterEach(async () => {
  await simulator.close();
});

const tokenOf = (body: Record<string, unknown>) => body.data as { accessToken: string; expire: number };

it('makes encryption as the contract shows it', () => {
  expect(
    encryptCredentials(
      '3d0c9a54-7f1e-4b62-9a0d-5c8e21f7b640',
      '1700000000000',
      'b1f6c3d8-77aa-4e0a-9c35-0d2f6e81a4c9',
    ),
  ).toBe('419382333ec393a79945f2f74ef047ec6f0a0d2088b6cf6b26bc96fbf43a4c1c');
});

it('gives the same token until its end, then another', async () => {
  const first = await simulator.client.askToken('get');
  expect(contractErrors('getAccessToken', first.body)).toBeNull();
  expect(first).toMatchObject({ status: 200, body: { status: 0, business: 'apim-token-service' } });
  expect(tokenOf(first.body).expire).toBe(7200);

  simulator.clock.now += 1_500_000;
  const again = await simulator.client.askToken('get');
  expect(tokenOf(again.body)).toEqual({ accessToken: tokenOf(first.body).accessToken, expire: 5700 });

  simulator.clock.now += 5_700_000;
  const next = await simulator.client.askToken('get');
  expect(tokenOf(next.body).accessToken).not.toBe(tokenOf(first.body).accessToken);
  expect(tokenOf(next.body).expire).toBe(7200);
});

it('refreshes a live token, and calls signed with the old one still pass', async () => {
  const old = await simulator.client.accessToken();
  simulator.clock.now += 3_600_000;
  const refreshed = await simulator.client.askToken('refresh', { accessToken: old });
  expect(contractErrors('refreshAccessToken', refreshed.body)).toBeNull();
  expect(tokenOf(refreshed.body).expire).toBe(7200);
  const { body } = await simulator.client.call({ ...getSite, query: { action: 'get', assetId: 'siteA' } });
  expect(body.code).toBe(0);
});

const getSite = { method: 'GET', path: '/asset-service/v2.1/assets' };

it('refuses to refresh an ended token with 1203 and an unknown one with 1204', async () => {
  const old = await simulator.client.accessToken();
  simulator.clock.now += 7_200_000;
  expect((await simulator.client.askToken('refresh', { accessToken: old })).body.status).toBe(1203);
  expect((await simulator.client.askToken('refresh', { accessToken: 'APIM_none' })).body.status).toBe(1204);
});

it('refuses an encryption that was used before, whichever operation used it', async () => {
  const timestamp = 1_700_000_000_000;
  const encryption = encryptCredentials(TINY_KEYS.accessKey, String(timestamp), TINY_KEYS.secretKey);
  const first = await simulator.client.askToken('get', { timestamp, encryption });
  const { accessToken } = tokenOf(first.body);
  expect((await simulator.client.askToken('get', { timestamp, encryption })).body.status).toBe(1001);
  const refresh = await simulator.client.askToken('refresh', { timestamp, encryption, accessToken });
  expect(refresh.body.status).toBe(1001);
});

it.each([
  ['an unknown appKey', { appKey: 'stranger' }, 1002],
  ['a wrong encryption', { encryption: 'a'.repeat(64) }, 1003],
  ['an encryption that is no digest', { encryption: 'secret' }, 1003],
  ['a timestamp that is no number', { timestamp: 'yesterday' }, 1004],
  ['an appKey that is no text', { appKey: 5 }, 1004],
  ['no appKey', { appKey: undefined }, 1202],
  ['an empty encryption', { encryption: '' }, 1202],
  ['no timestamp', { timestamp: null }, 1202],
])('refuses %s with its code', async (_what, overrides, status) => {
  const reply = await simulator.client.askToken('get', overrides);
  expect(reply).toMatchObject({ status: 200, body: { status, business: 'apim-token-service', data: null } });
  expect(contractErrors('getAccessToken', reply.body)).toBeNull();
});
