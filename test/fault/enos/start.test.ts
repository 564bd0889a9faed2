/** A client for an EnOS that is not there yet. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { createServer as createHttpServer } from 'node:http';
import { failed, read } from './support.js';

test('starts without EnOS, fails clearly meanwhile, and works when it comes', async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const client = createEnosClient({
    url: `http://127.0.0.1:${port}`,
    accessKey: 'access-key',
    secretKey: 'secret-key',
    breaker: { pause: 20 },
  });
  for (let i = 0; i < 30; i++) expect(await failed(read(client))).toMatchObject({ kind: 'unavailable' });
  expect(client.credentialsAccepted()).toBe(false);
  const enos = createHttpServer((request, response) => {
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
