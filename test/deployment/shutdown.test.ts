/** How the process ends: the pause in which balancers notice, and what a second signal does. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeGateway, json } from '../support/fake-gateway.js';
import { ask } from '../support/graphql-client.js';
import { startServerProcess } from '../support/processes.js';
import { waitFor } from '../support/redis.js';

let gateway: FakeGateway;
beforeAll(async () => {
  gateway = await FakeGateway.start();
});
afterAll(() => gateway.stop());

const readyStatus = async (url: string): Promise<number> => (await fetch(`${url}/health/ready`)).status;

test('after SIGTERM it is not ready at once, but answers until the delay is over, and tells clients to leave', async () => {
  const server = await startServerProcess(gateway.url, { SHUTDOWN_DELAY: '1500ms' });
  const ended = once(server.process, 'exit');
  expect(await readyStatus(server.url)).toBe(200);
  server.process.kill('SIGTERM');
  await waitFor(async () => (await readyStatus(server.url)) === 503, 'the server to say it is not ready');
  const reply = await new Promise<{ status?: number; connection?: string }>((resolve, reject) => {
    const agent = new Agent({ keepAlive: true });
    request(`${server.url}/graphql?query={__typename}`, { agent }, (res) => {
      res.resume();
      resolve({ status: res.statusCode, connection: res.headers.connection });
    })
      .on('error', reject)
      .end();
  });
  expect(reply).toEqual({ status: 200, connection: 'close' });
  const [code] = (await ended) as [number | null];
  expect(code).toBe(0);
});

test('a second signal ends it at once, whatever is under way; an echo of the first does not', async () => {
  const server = await startServerProcess(gateway.url, { SHUTDOWN_TIMEOUT: '60s' });
  let asked = false;
  gateway.answer = (_, response) => {
    asked = true;
    setTimeout(() => json(response, { code: 0, data: {} }), 30_000).unref();
  };
  const answer = ask(server.url, '{ asset(assetId: "any") { name } }').catch(() => 'cut');
  await waitFor(() => asked, 'the call to EnOS');
  const ended = once(server.process, 'exit');
  server.process.kill('SIGTERM');
  await sleep(200);
  server.process.kill('SIGTERM');
  await sleep(1_200);
  expect(server.process.exitCode).toBeNull();
  server.process.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  expect(code).toBe(1);
  expect(await answer).toBe('cut');
});
