import { Cluster, Redis, type ChainableCommander } from 'ioredis';
import { CircuitBreaker, FailuresInRow } from '../../resilience/circuit-breaker.js';
import { clusterOptions, reconnectDelay, redisOptions, type RedisConnectionSettings } from './options.js';
import type { RedisTarget } from './url.js';
import { createHash } from 'node:crypto';

/** Replies to some keys of an access, in order; an Error stands for a key whose command was refused. */
export interface RedisBatch {
  size: number;
  replies: Promise<unknown[]>;
}

/** One write: the value to store for `ttlMs` (a whole number), or no value to forget the key. */
export interface RedisWrite {
  key: string;
  value?: string;
  ttlMs: number;
}

/** A record to be added to a stream that keeps about `maxLength` of them. */
export interface StreamAppend {
  key: string;
  maxLength: number;
  /** Default: the next one by the clock of Redis. */
  id?: string;
  field: string;
  value: string;
}

/** What happens to a connection. */
export interface LinkEvents {
  /** Connected and able to serve. */
  onReady(): void;
  /** Not connected any more, or not yet. */
  onDown(error: Error): void;
  /** A part (one node, one Sentinel) has failed; the whole may go on. */
  onTrouble(error: Error): void;
}

/** The few commands that the cache needs, alike for one server, Sentinel and Cluster. */
export interface RedisLink {
  isReady(): boolean;
  /** The batches follow the order of the keys, and together cover all of them. */
  read(keys: readonly string[]): RedisBatch[];
  write(writes: readonly RedisWrite[]): RedisBatch[];
  remove(keys: readonly string[]): RedisBatch[];
  /** Puts a text under the keys that have nothing, whose reply is 'OK'; the reply to a key that has something is null. */
  lease(keys: readonly string[], text: string, ttlMs: number): RedisBatch[];
  /** Removes the keys that hold the text. */
  release(keys: readonly string[], text: string): RedisBatch[];
  /** Adds a record to a stream; the reply is its id. */
  append(record: StreamAppend): RedisBatch[];
  ping(): RedisBatch[];
  close(): Promise<void>;
}

/** Keys per command: keeps one access from occupying the single thread of Redis for long. */
const KEYS_PER_COMMAND = 256;
const CLOSE_TIMEOUT = 1_000;
const RESTART_DELAY = 1_000;

/** When the breaker of a connection opens, and for how many milliseconds. */
export interface RedisBreakerSettings {
  failuresInRow: number;
  pause: number;
  longestPause: number;
}

const DEFAULT_BREAKER: RedisBreakerSettings = { failuresInRow: 5, pause: 500, longestPause: 10_000 };

/** Makes the breaker of a connection. */
export function redisBreaker(settings: Partial<RedisBreakerSettings> = {}): CircuitBreaker {
  const { failuresInRow, pause, longestPause } = { ...DEFAULT_BREAKER, ...settings };
  return new CircuitBreaker({ trip: new FailuresInRow(failuresInRow), pause, longestPause, jitter: 0.5 });
}

/** Opens a connection in the background: returns at once, also when there is no Redis yet, and never gives up. */
export function openRedisLink(
  target: RedisTarget,
  settings: RedisConnectionSettings,
  events: LinkEvents,
): RedisLink {
  if (target.kind === 'cluster') {
    const cluster = new Cluster(target.nodes, clusterOptions(target, settings));
    connectNodesEarly(cluster, events);
    return { ...connection(cluster, events), ...clusterCommands(cluster) };
  }
  const redis = new Redis(redisOptions(target, settings));
  return { ...connection(redis, events), ...serverCommands(redis) };
}

type Commands = Omit<RedisLink, 'isReady' | 'close'>;

/** One command for all keys: as many commands as keys cost several times as much, here and in Redis. */
const LEASE = `local replies = {}
for index, key in ipairs(KEYS) do
  replies[index] = redis.call('set', key, ARGV[1], 'PX', ARGV[2], 'NX')
end
return replies`;

const RELEASE = `for _, key in ipairs(KEYS) do
  if redis.call('get', key) == ARGV[1] then redis.call('unlink', key) end
end
return 1`;

/** Adds a record to a stream and resolves to its id. */
export function appendTo(client: Redis | Cluster, record: StreamAppend): Promise<unknown> {
  const { key, maxLength, id = '*', field, value } = record;
  return client.call('XADD', key, 'MAXLEN', '~', maxLength, id, field, value);
}

function serverCommands(redis: Redis): Commands {
  return {
    read: (keys) => chunks(keys).map((chunk) => ({ size: chunk.length, replies: redis.mget(...chunk) })),
    write: (writes) => {
      const pipeline = redis.pipeline();
      for (const { key, value, ttlMs } of writes) {
        if (value === undefined) pipeline.unlink(key);
        else pipeline.set(key, value, 'PX', ttlMs);
      }
      return [{ size: writes.length, replies: repliesOf(pipeline) }];
    },
    remove: (keys) =>
      chunks(keys).map((chunk) => ({
        size: chunk.length,
        replies: redis.unlink(...chunk).then((removed) => chunk.map(() => removed)),
      })),
    lease: (keys, text, ttlMs) =>
      chunks(keys).map((chunk) => ({
        size: chunk.length,
        replies: evaluate(redis, LEASE, chunk, [text, String(ttlMs)]).then((reply) =>
          chunk.map((_, index) => (Array.isArray(reply) ? (reply[index] as unknown) : undefined)),
        ),
      })),
    release: (keys, text) =>
      chunks(keys).map((chunk) => ({
        size: chunk.length,
        replies: evaluate(redis, RELEASE, chunk, [text]).then((reply) => chunk.map(() => reply)),
      })),
    append: (record) => [{ size: 1, replies: appendTo(redis, record).then((id) => [id]) }],
    ping: () => [{ size: 1, replies: redis.ping().then((reply) => [reply]) }],
  };
}

/**
 * In a cluster every key is a command of its own: keys of one access lie in different slots, and ioredis follows
 * redirections command by command, while a pipeline of several slots fails whole when one of them has moved.
 */
function clusterCommands(cluster: Cluster): Commands {
  const single = (reply: Promise<unknown>): RedisBatch => ({
    size: 1,
    replies: reply.then((value) => [value]),
  });
  return {
    read: (keys) => keys.map((key) => single(cluster.get(key))),
    write: (writes) =>
      writes.map(({ key, value, ttlMs }) =>
        single(value === undefined ? cluster.unlink(key) : cluster.set(key, value, 'PX', ttlMs)),
      ),
    remove: (keys) => keys.map((key) => single(cluster.unlink(key))),
    lease: (keys, text, ttlMs) => keys.map((key) => single(cluster.set(key, text, 'PX', ttlMs, 'NX'))),
    release: (keys, text) => keys.map((key) => single(evaluate(cluster, RELEASE, [key], [text]))),
    append: (record) => [single(appendTo(cluster, record))],
    ping: () => [single(cluster.ping())],
  };
}

async function repliesOf(pipeline: ChainableCommander): Promise<unknown[]> {
  return ((await pipeline.exec()) ?? []).map(([error, reply]) => error ?? reply);
}

/** Left alone, ioredis connects to a node when the first command meets it, and refuses the others of that moment. */
function connectNodesEarly(cluster: Cluster, events: LinkEvents): void {
  cluster.on('+node', (node: Redis) => {
    node.connect().catch((error: unknown) => {
      if (error instanceof Error) events.onTrouble(error);
    });
  });
}

/** Keeps a client connected until it is closed, and reports. */
export function connection(
  client: Redis | Cluster,
  events: LinkEvents,
): Pick<RedisLink, 'isReady' | 'close'> {
  let closing = false;
  let restart: NodeJS.Timeout | undefined;
  const emitter: NodeJS.EventEmitter = client;
  const connect = () => {
    client.connect().catch((error: unknown) => {
      if (!closing) events.onDown(error instanceof Error ? error : new Error('cannot connect'));
    });
  };
  emitter.on('ready', () => events.onReady());
  emitter.on('error', (error: Error) => {
    if (!closing) events.onDown(error);
  });
  emitter.on('close', () => {
    if (!closing) events.onDown(new Error('the connection was closed'));
  });
  emitter.on('node error', (error: Error) => events.onTrouble(error));
  emitter.on('sentinelError', (error: Error) => events.onTrouble(error));
  emitter.on('end', () => {
    // The retry strategies never give up, yet a connector that throws ends the client without asking them.
    if (!closing) restart = setTimeout(connect, reconnectDelay(1, RESTART_DELAY) + RESTART_DELAY).unref();
  });
  connect();
  return {
    isReady: () => client.status === 'ready',
    close: async () => {
      if (closing) return;
      closing = true;
      clearTimeout(restart);
      if (client.status === 'end') return;
      if (client.status === 'reconnecting') {
        // Between two attempts there is nothing to wait for: this only cancels the next one.
        client.disconnect();
        return;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSE_TIMEOUT);
        emitter.once('end', () => {
          clearTimeout(timer);
          resolve();
        });
        client.disconnect();
      });
    },
  };
}

function chunks(keys: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let start = 0; start < keys.length; start += KEYS_PER_COMMAND) {
    result.push(keys.slice(start, start + KEYS_PER_COMMAND));
  }
  return result;
}

const hashes = new Map<string, string>();

/** Runs one by its hash; sends the script itself only where Redis does not know it (any more). Keys share one slot. */
export async function evaluate(
  client: Redis | Cluster,
  script: string,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  let hash = hashes.get(script);
  if (hash === undefined) hashes.set(script, (hash = createHash('sha1').update(script).digest('hex')));
  try {
    return await client.evalsha(hash, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(script, keys.length, ...keys, ...args);
  }
}
