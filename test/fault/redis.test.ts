/**
 * Redis slow, full, poisoned, failing over, or without its stream: the server's answers stay right and no caller sees an
 * error. Redis killed and stopped under load: test/acceptance/redis-faults; the cache's own bounds: test/cache.
 */
import { TcpProxy } from '../cache/tcp-proxy.js';
import { startServerProcess, startSimulatorProcess, type RunningProcess } from '../support/processes.js';
import { describeWithRedis, RedisServer, waitFor } from '../support/redis.js';
import { startSentinel, type SentinelSetUp } from '../support/redis-topology.js';
import { ask } from '../support/graphql-client.js';
import { CASES, NOON } from './support/cases.js';
import { faultsOf, type Judged } from './support/judge.js';
import { NO_CACHE, pause, type Json } from './support/stack.js';

let simulator: RunningProcess;
const truth = new Map<string, Judged>();

/** Asks everything, and returns what is wrong with the answers: errors of any kind are. */
async function wrongAnswers(server: RunningProcess): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, query } of CASES) {
    const answer = await ask<Json>(server.url, query);
    const expected = truth.get(name) as Judged;
    const problems = faultsOf(answer, [expected]);
    if ((answer.errors?.length ?? 0) !== (expected.errors?.length ?? 0)) problems.push('an error');
    if (problems.length > 0) wrong.push(`${name}: ${problems.join('; ')} ${JSON.stringify(answer.errors)}`);
  }
  return wrong;
}

const start = (redisUrl: string, env: Record<string, string> = {}): Promise<RunningProcess> =>
  // A process tier that holds next to nothing: what is read comes from Redis.
  startServerProcess(simulator.url, { REDIS_URL: redisUrl, CACHE_MAX_BYTES: '1KiB', ...env });

describeWithRedis('Redis misbehaves behind a server', () => {
  let server: RunningProcess | undefined;

  beforeAll(async () => {
    simulator = await startSimulatorProcess({ SIMULATOR_CLOCK: NOON });
    const teller = await startServerProcess(simulator.url, NO_CACHE);
    for (const { name, query } of CASES) truth.set(name, await ask<Json>(teller.url, query));
    await teller.stop();
  }, 60_000);
  afterAll(() => simulator?.stop());
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  const keysOf = async (redis: RedisServer): Promise<string[]> =>
    [...(await redis.command('KEYS', '*')).matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map((match) => match[1] ?? '');
  const filled = (redis: RedisServer): Promise<void> =>
    waitFor(async () => (await keysOf(redis)).length > 20, 'Redis to be filled');

  it('poisoned: whatever stands at its keys, the answers are right', async () => {
    const redis = await RedisServer.start();
    try {
      server = await start(redis.url);
      expect(await wrongAnswers(server)).toEqual([]);
      await filled(redis);
      const poisons: string[][] = [
        ['SET', '', '{"not":"ours"}'],
        ['SET', '', ''],
        ['SET', '', '\u0000\u0001garbage'],
        ['SET', '', '['.repeat(50_000)],
        ['SET', '', '__proto__'],
        ['LPUSH', '', 'x'],
        ['HSET', '', 'v', '1'],
      ];
      for (const [command = '', , ...rest] of poisons) {
        const keys = await keysOf(redis);
        expect(keys.length).toBeGreaterThan(0);
        for (const key of keys) {
          await redis.command('DEL', key);
          await redis.command(command, key, ...rest);
        }
        expect(await wrongAnswers(server)).toEqual([]);
      }
      // A value cut in the middle, as by a writer that died.
      for (const key of await keysOf(redis)) await redis.command('SETRANGE', key, '30', '\u0000\u0000\u0000');
      expect(await wrongAnswers(server)).toEqual([]);
    } finally {
      await server?.stop();
      await redis.stop();
    }
  }, 120_000);

  it('full: nothing more is kept, and nobody notices', async () => {
    const redis = await RedisServer.start({ maxmemory: '2mb' });
    try {
      await redis.command('SET', 'filler', 'x'.repeat(1_000_000));
      server = await start(redis.url);
      for (let i = 0; i < 3; i += 1) expect(await wrongAnswers(server)).toEqual([]);
      const ready = await fetch(`${server.url}/health/ready`);
      expect(ready.status).toBe(200);
    } finally {
      await server?.stop();
      await redis.stop();
    }
  }, 60_000);

  it('slow, then cut off, then back: the answers are right throughout', async () => {
    const redis = await RedisServer.start();
    const proxy = await TcpProxy.start(redis.port);
    try {
      server = await start(`redis://127.0.0.1:${proxy.port}`);
      expect(await wrongAnswers(server)).toEqual([]);
      proxy.delayMs = 400;
      expect(await wrongAnswers(server)).toEqual([]);
      proxy.cut();
      expect(await wrongAnswers(server)).toEqual([]);
      proxy.mend();
      proxy.delayMs = 0;
      const { url } = server;
      await waitFor(
        async () => (await (await fetch(`${url}/health/ready`)).text()).includes('working'),
        'the cache to work again',
      );
      expect(await wrongAnswers(server)).toEqual([]);
    } finally {
      await server?.stop();
      await proxy.stop();
      await redis.stop();
    }
  }, 60_000);

  it('fails over: the answers are right while Sentinel makes another master', async () => {
    let setUp: SentinelSetUp | undefined;
    try {
      setUp = await startSentinel();
      server = await start(`redis+sentinel://127.0.0.1:${setUp.sentinel.port}/main`);
      expect(await wrongAnswers(server)).toEqual([]);
      await setUp.master.kill('SIGKILL');
      const replica = setUp.replica;
      let rounds = 0;
      // Sentinel closes the connections of clients to whom it promotes: then it is asked again.
      const saysOf = (command: string): Promise<string> => replica.command(command).catch(() => '');
      await waitFor(
        async () => {
          expect(await wrongAnswers(server as RunningProcess)).toEqual([]);
          rounds += 1;
          return (await saysOf('ROLE')).includes('master');
        },
        'the replica to be promoted',
        60_000,
      );
      expect(rounds).toBeGreaterThan(0);
      await waitFor(
        async () => {
          expect(await wrongAnswers(server as RunningProcess)).toEqual([]);
          return /^:[1-9]/.test(await saysOf('DBSIZE'));
        },
        'the new master to be used',
        60_000,
      );
    } finally {
      await server?.stop();
      if (setUp !== undefined) {
        await Promise.all([setUp.sentinel, setUp.replica, setUp.master].map((one) => one.stop()));
      }
    }
  }, 150_000);

  it('loses its streams and channels: the answers stay right', async () => {
    const redis = await RedisServer.start();
    try {
      server = await start(redis.url);
      expect(await wrongAnswers(server)).toEqual([]);
      await redis.command('FLUSHALL');
      await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      expect(await wrongAnswers(server)).toEqual([]);
      await pause(1_000);
      expect(await wrongAnswers(server)).toEqual([]);
    } finally {
      await server?.stop();
      await redis.stop();
    }
  }, 60_000);
});
