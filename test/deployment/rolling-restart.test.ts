/** Two replicas over one Redis behind a balancer: restarted one after the other under load, no request fails. */
import { once } from 'node:events';
import { startBalancer } from '../support/balancer.js';
import type { Balancer } from '../support/balancer.js';
import { ask, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import { startServerProcess, startSimulator } from '../support/processes.js';
import type { Running, RunningProcess } from '../support/processes.js';
import { describeWithRedis, freePort, RedisServer, waitFor } from '../support/redis.js';

const QUERY = `query Site { asset(assetId: "Rk3vTq8M") { name
  children(treeId: "Wf7kQ2Zx", first: 5) { nodes { assetId name model { modelId } } } } }`;

describeWithRedis('two replicas over one Redis', () => {
  let simulator: Running;
  let redis: RedisServer;
  let balancer: Balancer;
  const ports: number[] = [];
  const replicas: RunningProcess[] = [];

  const startReplica = (port: number): Promise<RunningProcess> =>
    startServerProcess(simulator.url, {
      PORT: String(port),
      REDIS_URL: redis.url,
      SHUTDOWN_DELAY: '800ms',
      LOG_LEVEL: 'info',
    });
  const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

  beforeAll(async () => {
    [simulator, redis] = await Promise.all([startSimulator(), RedisServer.start()]);
    ports.push(await freePort(), await freePort());
    replicas.push(...(await Promise.all(ports.map(startReplica))));
    balancer = await startBalancer(ports.map(urlOf));
    await waitFor(() => ports.every((port) => balancer.isUp(urlOf(port))), 'both replicas to be ready');
  });
  afterAll(async () => {
    await balancer?.close();
    await Promise.all(replicas.map((replica) => replica.stop()));
    await Promise.all([simulator?.stop(), redis?.stop()]);
  });

  test('what one has fetched the other finds in Redis', async () => {
    const [one, two] = ports.map(urlOf);
    const first = await ask(one as string, QUERY);
    await resetCalls(simulator.url);
    expect(await ask(two as string, QUERY)).toEqual(first);
    expect(total(await dataCallsOf(simulator.url))).toBe(0);
  });

  test('a rolling restart under load fails no request, and each answer is whole', async () => {
    const expected = (await ask(balancer.url, QUERY)).data;
    let running = true;
    let asked = 0;
    const failed: unknown[] = [];
    const caller = async (): Promise<void> => {
      while (running) {
        const answer = await ask(balancer.url, QUERY).catch((error: unknown) => ({ status: 0, data: error }));
        asked += 1;
        if (answer.status !== 200 || JSON.stringify(answer.data) !== JSON.stringify(expected))
          failed.push(answer);
      }
    };
    const callers = Array.from({ length: 8 }, caller);
    for (const [index, port] of ports.entries()) {
      const old = replicas[index] as RunningProcess;
      old.process.kill('SIGTERM');
      const [code] = (await once(old.process, 'exit')) as [number | null];
      expect(code).toBe(0);
      replicas[index] = await startReplica(port);
      await waitFor(() => balancer.isUp(urlOf(port)), 'the new replica to be ready');
      const before = balancer.served.get(urlOf(port)) ?? 0;
      await waitFor(() => (balancer.served.get(urlOf(port)) ?? 0) > before, 'the new replica to be asked');
    }
    running = false;
    await Promise.all(callers);
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(50);
  }, 60_000);
});
