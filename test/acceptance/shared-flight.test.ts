/** Two servers over one Redis that are asked for the same things at once. */
import { ask, callsOf, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import {
  startServerProcess,
  startSimulator,
  type Running,
  type RunningProcess,
} from '../support/processes.js';
import { describeWithRedis, RedisServer, waitFor } from '../support/redis.js';
import { clearFaults, setFaults } from '../support/simulator-control.js';

const ASSET = '{ asset(assetId: "Rk3vTq8M") { name } }';
const SCREEN = `{ asset(assetId: "Rk3vTq8M") { name
  children(treeId: "Wf7kQ2Zx", first: 5) { nodes { name model { modelId } point(pointId: "activePower") { latest { value } } } } } }`;
const SLOW = { match: {}, delay: '250ms' };
const CALLERS = 8;

describeWithRedis('servers that share a Redis', () => {
  let simulator: Running;
  let redis: RedisServer;
  const servers: RunningProcess[] = [];
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.stop());
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await clearFaults(simulator.url);
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await redis.stop();
  });

  const startServers = async (count: number, wait: string): Promise<RunningProcess[]> => {
    const env = {
      REDIS_URL: redis.url,
      CACHE_SHARED_FLIGHT: wait,
      REDIS_TIMEOUT: '2s',
      CACHE_TTL_LATEST: '30s',
    };
    const started = await Promise.all(
      Array.from({ length: count }, () => startServerProcess(simulator.url, env)),
    );
    servers.push(...started);
    // Connections and tokens are there before anything is counted.
    for (const { url } of started) {
      await ask(url, '{ asset(assetId: "tB4nX9wL") { name } }');
      await waitFor(
        async () => (await (await fetch(`${url}/metrics`)).text()).includes('cache_healthy 1'),
        'Redis',
      );
    }
    await resetCalls(simulator.url);
    return started;
  };
  const stampede = (urls: readonly string[], query: string): Promise<unknown[]> =>
    Promise.all(
      urls.flatMap((url) =>
        Array.from({ length: CALLERS }, async () => {
          const { data, errors } = await ask(url, query);
          expect(errors).toBeUndefined();
          return data;
        }),
      ),
    );

  it.each([
    ['once', '10s', 1],
    ['each for itself where that is switched off', '0s', 2],
  ])('fetch what all want at once %s', async (_how, wait, calls) => {
    const urls = (await startServers(2, wait)).map(({ url }) => url);
    await setFaults(simulator.url, SLOW);
    const answers = await stampede(urls, ASSET);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await dataCallsOf(simulator.url)).toEqual({ getAsset: calls });
  });

  it('need hardly more calls for a whole screen than one of them', async () => {
    const [one] = await startServers(1, '10s');
    await stampede([one?.url ?? ''], SCREEN);
    const alone = total(await dataCallsOf(simulator.url));
    await redis.kill('SIGKILL');
    await redis.restart();
    const urls = (await startServers(2, '10s')).map(({ url }) => url);
    await setFaults(simulator.url, SLOW);
    await stampede(urls, SCREEN);
    const together = total(await dataCallsOf(simulator.url));
    // A read may come just when the other has finished; two that do not know of each other need twice as many.
    expect(together).toBeGreaterThanOrEqual(alone);
    expect(together).toBeLessThan(alone * 1.5);
  });

  it('answer though the one that was fetching is killed', async () => {
    const [first, second] = await startServers(2, '700ms');
    await setFaults(simulator.url, { match: {}, fault: { kind: 'hang' } });
    const lost = ask(first?.url ?? '', ASSET).catch(() => 'lost');
    await waitFor(async () => (await callsOf(simulator.url)).getAsset === 1, 'the first to ask EnOS');
    const answer = ask(second?.url ?? '', ASSET);
    first?.process.kill('SIGKILL');
    expect(await lost).toBe('lost');
    await clearFaults(simulator.url);
    expect(await answer).toMatchObject({
      status: 200,
      data: { asset: { name: expect.any(String) as string } },
    });
    expect(await dataCallsOf(simulator.url)).toEqual({ getAsset: 2 });
  });
});
