/** The client and the simulator, written apart from each other, agree on the contract. */
import { createEnosClient } from '../../src/enos/create-client.js';
import { startTinySimulator, TINY_KEYS } from '../support/tiny-simulator.js';
import type { TinySimulator } from '../support/tiny-simulator.js';
import { TINY_ORG } from '../support/tiny-world.js';

let simulator: TinySimulator;
beforeAll(async () => (simulator = await startTinySimulator()));
afterAll(() => simulator.close());

function clientOf(keys = TINY_KEYS) {
  return createEnosClient({ url: simulator.url, ...keys, now: () => simulator.clock.now });
}

test('a signed search by POST with a body, and its page', async () => {
  const client = clientOf();
  const { body, data, requestId } = await client.call('model.searchThingModel', {
    query: { orgId: TINY_ORG },
    headers: { 'response-format-type': 'response-format-type' },
    body: { pagination: { pageNo: 1, pageSize: 2 } },
  });
  expect(Array.isArray(data)).toBe(true);
  expect(body).toMatchObject({ code: 0, pagination: { pageNo: 1, pageSize: 2 } });
  expect(requestId).toEqual(expect.any(String));
  await client.close();
});

test('a signed GET; an unknown asset is refused with its code', async () => {
  const client = clientOf();
  const call = client.call('asset.getAsset', { query: { orgId: TINY_ORG, assetId: 'no such+asset' } });
  await expect(call).rejects.toMatchObject({ kind: 'refused', service: 'asset', operation: 'getAsset' });
  expect(client.credentialsAccepted()).toBe(true);
  await client.close();
});

test('keys that EnOS does not know are told as such', async () => {
  const client = clientOf({ ...TINY_KEYS, secretKey: 'wrong-secret' });
  await expect(client.connect()).rejects.toMatchObject({ kind: 'credentials', code: 1003 });
  expect(client.credentialsAccepted()).toBe(false);
  await client.close();
});

test('a token that EnOS holds for ended is replaced, though the own clock says otherwise', async () => {
  const start = simulator.clock.now;
  const attempts: (number | null)[] = [];
  const client = createEnosClient({ url: simulator.url, ...TINY_KEYS, now: () => start });
  await client.connect();
  simulator.clock.now += 3 * 3600 * 1000;
  const { body } = await client.call(
    'model.searchThingModel',
    { query: { orgId: TINY_ORG }, body: {} },
    { onAttempt: ({ code }) => attempts.push(code) },
  );
  expect(body.code).toBe(0);
  expect(attempts).toHaveLength(2);
  await client.close();
});
