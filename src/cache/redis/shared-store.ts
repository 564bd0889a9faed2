/**
 * What replicas share besides the cache: small texts and counters that a script keeps. Unlike the cache it has no stand-in:
 * its users decide what holds without it, and so every failure is told.
 */
import { readFileSync } from 'node:fs';
import { Cluster, Redis } from 'ioredis';
import { DEFAULT_KEY_PREFIX } from '../key-prefix.js';
import { connection, redisBreaker, evaluate } from './link.js';
import { RedisLog, type CacheLogger } from './log.js';
import { clusterOptions, redisOptions } from './options.js';
import { describeRedisTarget, parseRedisUrl, redisSecrets } from './url.js';
import { settleWithin } from './settle.js';

/** Access to what is shared. Everything rejects when Redis is out, refuses, or does not answer in time. */
export interface SharedStore {
  get(key: string): Promise<string | undefined>;
  /** Kept for `ttlMs` (a whole number of milliseconds). */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Runs a Lua script on one key, known to it as KEYS[1]. */
  evaluate(script: string, key: string, args: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Where it is, and how long one access may take. */
export interface SharedStoreOptions {
  redisUrl: string;
  /** Put before every key. Default "enos-graphql:". */
  keyPrefix?: string;
  /** Milliseconds. Default 50. */
  commandTimeoutMs?: number;
  /** File with the certificate authority (PEM) for the TLS forms. */
  tlsCaFile?: string | undefined;
  logger?: CacheLogger;
}

const DEFAULT_TIMEOUT = 50;

/** Opens it: returns at once and connects in the background. Throws RedisUrlError, or when the file cannot be read. */
export function openSharedStore(options: SharedStoreOptions): SharedStore {
  const target = parseRedisUrl(options.redisUrl);
  const settings = target.tls && options.tlsCaFile ? { tlsCa: readFileSync(options.tlsCaFile, 'utf8') } : {};
  const client =
    target.kind === 'cluster'
      ? new Cluster(target.nodes, clusterOptions(target, settings))
      : new Redis(redisOptions(target, settings));
  const log = new RedisLog(options.logger, describeRedisTarget(target), redisSecrets(target));
  const breaker = redisBreaker();
  const link = connection(client, {
    onReady: () => {
      breaker.reset();
      log.up();
    },
    onDown: (error) => log.down(error),
    onTrouble: (error) => log.refused(error),
  });
  const prefix = options.keyPrefix ?? DEFAULT_KEY_PREFIX;
  const timeoutMs = options.commandTimeoutMs ?? DEFAULT_TIMEOUT;

  const access = async <T>(run: () => Promise<T>): Promise<T> => {
    if (!link.isReady() || breaker.refusedFor() > 0) throw new Error('Redis is out of reach');
    const permit = breaker.enter();
    const [result = new Error('Redis has not answered')] = await settleWithin([run()], timeoutMs);
    // A command that is refused has been answered: Redis is there.
    const isAnswered = !(result instanceof Error) || isRefusal(result);
    breaker.leave(permit, isAnswered ? 'success' : 'failure');
    if (result instanceof Error) throw result;
    return result;
  };
  return {
    get: async (key) => (await access(() => client.get(prefix + key))) ?? undefined,
    set: async (key, value, ttlMs) => {
      await access(() => client.set(prefix + key, value, 'PX', ttlMs));
    },
    evaluate: (script, key, args) => access(() => evaluate(client, script, [prefix + key], args)),
    close: () => link.close(),
  };
}

/** Replies of Redis that are errors start with a word in capitals. */
function isRefusal(error: Error): boolean {
  return error.name === 'ReplyError';
}
