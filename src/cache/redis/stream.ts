import { Cluster, Redis } from 'ioredis';
import { appendTo, connection } from './link.js';
import type { LinkEvents, StreamAppend } from './link.js';
import { clusterOptions, redisOptions } from './options.js';
import type { RedisConnectionSettings } from './options.js';
import type { RedisTarget } from './url.js';

/** A record of a stream with one field. */
export interface StreamRecord {
  id: string;
  field: string;
  value: string;
}

/**
 * A connection that follows one stream. It is its own, for while it waits for records it takes no other command. Every
 * method rejects when Redis does not answer within the command time-out of the connection.
 */
export interface RedisStream {
  isReady(): boolean;
  /** Records after the given id, as soon as there are any; none after `blockMs`. */
  waitAfter(key: string, id: string, count: number, blockMs: number): Promise<StreamRecord[]>;
  /** Records from one id to another, both included; "-" and "+" are the ends, "(id" leaves one out. */
  range(key: string, from: string, to: string, count: number): Promise<StreamRecord[]>;
  /** The id of the last record. */
  lastId(key: string): Promise<string | undefined>;
  append(record: StreamAppend): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens the connection in the background; like that of the store it never gives up. */
export function openRedisStream(
  target: RedisTarget,
  settings: RedisConnectionSettings,
  events: LinkEvents,
): RedisStream {
  const client =
    target.kind === 'cluster'
      ? new Cluster(target.nodes, clusterOptions(target, settings))
      : new Redis(redisOptions(target, settings));
  return {
    ...connection(client, events),
    waitAfter: async (key, id, count, blockMs) => {
      const reply = await client.call('XREAD', 'COUNT', count, 'BLOCK', blockMs, 'STREAMS', key, id);
      const [stream] = Array.isArray(reply) ? (reply as unknown[]) : [];
      return recordsOf(Array.isArray(stream) ? stream[1] : undefined);
    },
    range: async (key, from, to, count) =>
      recordsOf(await client.call('XRANGE', key, from, to, 'COUNT', count)),
    lastId: async (key) => recordsOf(await client.call('XREVRANGE', key, '+', '-', 'COUNT', 1))[0]?.id,
    append: async (record) => {
      const id = await appendTo(client, record);
      return typeof id === 'string' ? id : undefined;
    },
  };
}

/** Reads `[id, [field, value]]` pairs; a record of another form keeps its id and has an empty field. */
function recordsOf(reply: unknown): StreamRecord[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((item: unknown) => {
    const [id, fields] = Array.isArray(item) ? (item as unknown[]) : [];
    const [field, value] = Array.isArray(fields) ? (fields as unknown[]) : [];
    if (typeof id !== 'string') return [];
    return [
      { id, field: typeof field === 'string' ? field : '', value: typeof value === 'string' ? value : '' },
    ];
  });
}
