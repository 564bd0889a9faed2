/** Redis killed or stopped under load is never an error to the caller. */
import { ask } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

describeWithRedis('Redis fails under load', () => {
  let simulator: Running;
  let server: Running;
  let redis: RedisServer;

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(async () => {
    await simulator?.stop();
  });
  beforeEach(async () => {
    redis = await RedisServer.start();
    server = await startServer(simulator.url, { REDIS_URL: redis.url });
  });
  afterEach(async () => {
    await server?.stop();
    await redis?.stop();
  });

  const QUERY = `{ asset(assetId: "Rk3vTq8M") { name
    children(treeId: "Wf7kQ2Zx", first: 5) { nodes { name model { modelId } point(pointId: "activePower") { latest { value } } } }
  } }`;

  /** Asks with some callers at once until told to stop; returns the answers that were not whole. */
  async function load(until: Promise<unknown>): Promise<{ asked: number; bad: unknown[] }> {
    let running = true;
    let asked = 0;
    const bad: unknown[] = [];
    const caller = async (): Promise<void> => {
      while (running) {
        const answer = await ask(server.url, QUERY);
        asked += 1;
        if (answer.status !== 200 || answer.errors !== undefined) bad.push(answer);
      }
    };
    const callers = Array.from({ length: 8 }, caller);
    await until;
    running = false;
    await Promise.all(callers);
    return { asked, bad };
  }

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));

  test.each(['SIGKILL', 'SIGSTOP'] as const)('%s', async (signal) => {
    const { asked, bad } = await load(
      (async () => {
        await pause(1_000);
        await redis.kill(signal);
        await pause(2_000);
      })(),
    );
    expect(asked).toBeGreaterThan(50);
    expect(bad).toEqual([]);
    const ready = (await (await fetch(`${server.url}/health/ready`)).json()) as {
      parts: Record<string, { detail?: string }>;
    };
    expect(JSON.stringify(ready)).toMatch(/cache/);
  });
});
