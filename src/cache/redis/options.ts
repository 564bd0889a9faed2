import type { ClusterOptions, CommonRedisOptions, RedisOptions } from 'ioredis';
import type { RedisTarget } from './url.js';

/** What shapes a connection besides its target. Times are in milliseconds. */
export interface RedisConnectionSettings {
  /** Certificate authority in PEM for the TLS forms; absent: the system's. */
  tlsCa?: string;
  /** Bound for TCP and TLS to come up. Default 1000. */
  connectTimeout?: number;
  /** A connection that owes replies and delivers no byte for so long is dropped. Default 1000. */
  socketTimeout?: number;
  /** Bound of the wait between two attempts to connect. Default 2000. */
  maxReconnectDelay?: number;
}

const DEFAULT_CONNECT_TIMEOUT = 1_000;
const DEFAULT_SOCKET_TIMEOUT = 1_000;
const DEFAULT_MAX_RECONNECT_DELAY = 2_000;
const FIRST_RECONNECT_DELAY = 100;
const MIN_READONLY_RECONNECT_INTERVAL = 5_000;

/** Wait before the given attempt (from 1): doubles up to the bound, half of it random. */
export function reconnectDelay(
  attempt: number,
  maxDelay: number,
  random: () => number = Math.random,
): number {
  const longest = Math.min(maxDelay, FIRST_RECONNECT_DELAY * 2 ** Math.min(attempt - 1, 20));
  return Math.round(longest * (0.5 + 0.5 * random()));
}

/** Options of ioredis for one server, or for the master that Sentinels name. */
export function redisOptions(
  target: Exclude<RedisTarget, { kind: 'cluster' }>,
  settings: RedisConnectionSettings,
): RedisOptions {
  const delay = (attempt: number) =>
    reconnectDelay(attempt, settings.maxReconnectDelay ?? DEFAULT_MAX_RECONNECT_DELAY);
  const options: RedisOptions = {
    ...commonOptions(target, settings),
    db: target.db,
    enableOfflineQueue: false,
    retryStrategy: delay,
    reconnectOnError: readonlyReconnect(),
  };
  if (target.kind === 'single') return { ...options, ...target.nodes[0], tls: tlsOptions(target, settings) };
  return {
    ...options,
    sentinels: target.nodes,
    name: target.masterName,
    sentinelUsername: target.sentinelUsername,
    sentinelPassword: target.sentinelPassword,
    // Without a delay from here ioredis gives up for good when no Sentinel answers.
    sentinelRetryStrategy: delay,
    sentinelCommandTimeout: settings.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
    tls: tlsOptions(target, settings),
    sentinelTLS: tlsOptions(target, settings),
    enableTLSForSentinelMode: target.tls,
  };
}

/** Options of ioredis for a cluster. */
export function clusterOptions(
  target: Extract<RedisTarget, { kind: 'cluster' }>,
  settings: RedisConnectionSettings,
): ClusterOptions {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: (attempt) =>
      reconnectDelay(attempt, settings.maxReconnectDelay ?? DEFAULT_MAX_RECONNECT_DELAY),
    // A cache takes the failure at once; the next access finds the new layout.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: 4,
    slotsRefreshTimeout: settings.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
    // Certificates carry names: with TLS the host names must reach the handshake unresolved.
    ...(target.tls ? { dnsLookup: (host, callback) => callback(null, host) } : {}),
    redisOptions: { ...commonOptions(target, settings), tls: tlsOptions(target, settings) },
  };
}

function commonOptions(
  target: RedisTarget,
  settings: RedisConnectionSettings,
): CommonRedisOptions & RedisOptions {
  const socketTimeout = settings.socketTimeout ?? DEFAULT_SOCKET_TIMEOUT;
  return {
    username: target.username,
    password: target.password,
    lazyConnect: true,
    connectTimeout: settings.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
    disconnectTimeout: 500,
    // The bound of each access is kept by the cache (settle.ts); this one frees commands that are not awaited any more,
    // and bounds the handshake, which may take longer than an access.
    commandTimeout: socketTimeout,
    socketTimeout,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    maxLoadingRetryTime: 1_000,
    // Nothing here needs RESP3, and RESP2 is also spoken by older servers and proxies.
    protocol: 2,
    disableClientInfo: true,
  };
}

function tlsOptions(target: RedisTarget, settings: RedisConnectionSettings): RedisOptions['tls'] {
  if (!target.tls) return undefined;
  return settings.tlsCa === undefined ? {} : { ca: settings.tlsCa };
}

/**
 * READONLY means that our master has become a replica: connecting again finds the new one. Not too often, for a Redis
 * that is a replica on purpose would be dropped at every write.
 */
function readonlyReconnect(): (error: Error) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (!error.message.startsWith('READONLY') || now - last < MIN_READONLY_RECONNECT_INTERVAL) return false;
    last = now;
    return true;
  };
}
