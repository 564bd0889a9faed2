import { spawnSync } from 'node:child_process';
import { RedisServer, freePort, redisCommand, waitFor } from './redis.js';

/** A cluster of three masters without replicas. */
export async function startRedisCluster(): Promise<RedisServer[]> {
  const nodes: RedisServer[] = [];
  try {
    for (let i = 0; i < 3; i += 1) {
      const busPort = await freePort();
      const args = [
        '--cluster-enabled',
        'yes',
        '--cluster-port',
        String(busPort),
        '--cluster-node-timeout',
        '1000',
      ];
      // Without replicas a dead node must not take the others with it.
      args.push('--cluster-require-full-coverage', 'no');
      nodes.push(await RedisServer.start({ args }));
    }
    const addresses = nodes.map((node) => `127.0.0.1:${node.port}`);
    const created = spawnSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    if (created.status !== 0) throw new Error(`the cluster was not made: ${created.stdout}${created.stderr}`);
    for (const node of nodes) {
      await waitFor(
        async () => (await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok'),
        'the cluster to be formed',
      );
    }
    return nodes;
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  }
}

/** A master, its replica, and one Sentinel that watches them under the name "main". */
export interface SentinelSetUp {
  master: RedisServer;
  replica: RedisServer;
  sentinel: RedisServer;
}

/** Starts a master, a replica and a Sentinel that fails over within about two seconds. */
export async function startSentinel(): Promise<SentinelSetUp> {
  const servers: RedisServer[] = [];
  try {
    const master = await RedisServer.start({ args: ['--repl-diskless-sync-delay', '0'] });
    servers.push(master);
    const replica = await RedisServer.start({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
    servers.push(replica);
    await waitFor(
      async () => (await replica.command('INFO', 'replication')).includes('link_status:up'),
      'the replica',
    );
    const sentinel = await RedisServer.start({
      sentinel: [
        `sentinel monitor main 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds main 500',
        'sentinel failover-timeout main 3000',
      ],
    });
    servers.push(sentinel);
    await waitFor(
      async () =>
        (await redisCommand(sentinel.port, ['SENTINEL', 'REPLICAS', 'main'])).includes(String(replica.port)),
      'the Sentinel to know the replica',
    );
    return { master, replica, sentinel };
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}
