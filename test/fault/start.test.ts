/** A server that starts amid trouble: without EnOS, with a wrong secret, without Redis. Degraded, and it says so. */
import { ask, callsOf, resetCalls } from '../support/graphql-client.js';
import { startServerProcess, startSimulatorProcess, type RunningProcess } from '../support/processes.js';
import { freePort } from '../support/redis.js';
import { codesOf, NO_CACHE, ONE_ASSET, untilWell, type Json } from './support/stack.js';

const started: RunningProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});
async function run(starting: Promise<RunningProcess>): Promise<RunningProcess> {
  const one = await starting;
  started.push(one);
  return one;
}
const statusOf = async (server: RunningProcess, path: string): Promise<number> =>
  (await fetch(`${server.url}/health/${path}`)).status;

it('without EnOS: alive, not ready, coded errors; well as soon as EnOS is there', async () => {
  const port = await freePort();
  const server = await run(startServerProcess(`http://127.0.0.1:${port}`, NO_CACHE));
  expect(await statusOf(server, 'live')).toBe(200);
  expect(await statusOf(server, 'ready')).toBe(503);
  const answer = await ask<Json>(server.url, ONE_ASSET);
  expect(answer).toMatchObject({ status: 200, data: { asset: null } });
  expect(codesOf(answer)).toEqual(['UPSTREAM_UNAVAILABLE']);
  await run(startSimulatorProcess({ SIMULATOR_PORT: String(port) }));
  await untilWell(server.url);
  expect(await statusOf(server, 'ready')).toBe(200);
}, 60_000);

it('with a wrong secret: not ready and why, coded errors, and the token service is left in peace', async () => {
  const simulator = await run(startSimulatorProcess());
  const server = await run(
    startServerProcess(simulator.url, { ...NO_CACHE, ENOS_SECRET_KEY: 'not-the-one' }),
  );
  const ready = await fetch(`${server.url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain('credentials refused');
  await resetCalls(simulator.url);
  for (let i = 0; i < 40; i += 1) {
    const answer = await ask<Json>(server.url, ONE_ASSET);
    expect(answer.data).toEqual({ asset: null });
    expect(codesOf(answer)).toEqual(['UPSTREAM_ERROR']);
  }
  expect((await callsOf(simulator.url)).getAccessToken ?? 0).toBeLessThanOrEqual(40);
  expect(server.output()).not.toContain('not-the-one');
}, 60_000);

it('without Redis: ready, right answers, and it says that the cache is out of order', async () => {
  const simulator = await run(startSimulatorProcess());
  const server = await run(
    startServerProcess(simulator.url, { REDIS_URL: `redis://127.0.0.1:${await freePort()}` }),
  );
  const answer = await ask<Json>(server.url, ONE_ASSET);
  expect(answer.errors).toBeUndefined();
  const ready = await fetch(`${server.url}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.text()).toContain('going on without');
}, 60_000);
