/** A client for an EnOS that is not there yet. */
import { createServer } from 'node:http';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { freePort } from '../../support/redis.js';
import { failed, read } from './support.js';

test('starts without EnOS, fails clearly meanwhile, and works when it comes', async () => {
  const port = await freePort();
  const client = createEnosClient({
    url: `http://127.0.0.1:${port}`,
    accessKey: 'access-key',
    secretKey: 'secret-key',
    breaker: { pause: 20 },
  });
  for (let i = 0; i < 30; i++) expect(await failed(read(client))).toMatchObject({ kind: 'unavailable' });
  expect(client.credentialsAccepted()).toBe(false);
  const enos = createServer((request, response) => {
    const data = { accessToken: 'TOKEN', expire: 7200 };
    response.end(JSON.stringify({ [request.url!.includes('token') ? 'status' : 'code']: 0, data }));
  });
  await new Promise<void>((resolve) => enos.listen(port, '127.0.0.1', resolve));
  for (;;) {
    const back = await read(client).then(
      () => true,
      () => false,
    );
    if (back) break;
  }
  expect(client.credentialsAccepted()).toBe(true);
  await client.close();
  enos.closeAllConnections();
  await new Promise((resolve) => enos.close(resolve));
});
