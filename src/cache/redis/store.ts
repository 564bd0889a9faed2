import type { CircuitBreaker } from '../../resilience/circuit-breaker.js';
import type { LeaseReply } from './leases.js';
import { DEFAULT_KEY_PREFIX } from '../key-prefix.js';
import { openRedisLink, redisBreaker } from './link.js';
import type { RedisBatch, RedisBreakerSettings, RedisLink, RedisWrite, StreamAppend } from './link.js';
import { recordText } from '../record.js';
import type { CacheRecord, Clock } from '../record.js';
import type { RedisLog } from './log.js';
import type { RedisConnectionSettings } from './options.js';
import type { RedisTarget } from './url.js';
import { encodeRecord, RecordReader } from './value.js';
import { NoReplyError, settleWithin } from './settle.js';

/** Settings of the access to Redis. */
export interface RedisStoreOptions {
  target: RedisTarget;
  /** Put before every key. Default "enos-graphql:". */
  keyPrefix?: string;
  /** Bound of one access in milliseconds. Default 50. */
  commandTimeoutMs?: number;
  /** Values of more bytes (UTF-8) are not stored. Default 2 MiB. */
  maxValueBytes?: number;
  connection?: RedisConnectionSettings;
  breaker?: Partial<RedisBreakerSettings>;
}

const DEFAULT_COMMAND_TIMEOUT = 50;
const DEFAULT_MAX_VALUE_BYTES = 2 * 1024 * 1024;
/** Bounds of what is written at once, so that the time-out of an access measures Redis and not our own volume. */
const ENTRIES_PER_WRITE = 256;
const UNITS_PER_WRITE = 1024 * 1024;

/**
 * Records in Redis (one server, behind Sentinels, or a Cluster). Every access has a time limit, and every failure means
 * "go on without": reads miss, writes are forgotten. While Redis is not connected, or the breaker has found it silent,
 * an access costs nothing at all.
 */
export class RedisStore {
  private readonly link: RedisLink;
  private readonly breaker: CircuitBreaker;
  private readonly keyPrefix: string;
  private readonly reader = new RecordReader();
  private readonly timeoutMs: number;
  private readonly maxValueBytes: number;
  private probeTimer: NodeJS.Timeout | undefined;
  private closed = false;
  private failed = 0;
  private silent = false;
  private untried = 0;

  /** Connects in the background; until that has succeeded the store is empty and takes nothing. */
  constructor(
    options: RedisStoreOptions,
    private readonly clock: Clock,
    private readonly log: RedisLog,
  ) {
    this.keyPrefix = options.keyPrefix ?? DEFAULT_KEY_PREFIX;
    this.timeoutMs = options.commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT;
    this.maxValueBytes = options.maxValueBytes ?? DEFAULT_MAX_VALUE_BYTES;
    this.breaker = redisBreaker(options.breaker);
    this.link = openRedisLink(options.target, options.connection ?? {}, {
      onReady: () => {
        this.breaker.reset();
        this.log.up();
      },
      onDown: (error) => this.log.down(error),
      onTrouble: (error) => this.log.refused(error),
    });
  }

  /** Records in the order of the keys, fresh or stale; undefined where there is none. */
  async read(keys: readonly string[]): Promise<(CacheRecord | undefined)[]> {
    if (keys.length === 0) return [];
    const names = this.prefixed(keys);
    const replies = await this.access((link) => link.read(names));
    const now = this.clock.now();
    const offset = this.clock.wall() - now;
    return names.map((name, index) => {
      const reply = replies?.[index];
      const record = typeof reply === 'string' ? this.reader.decode(name, reply, now, offset) : undefined;
      return record !== undefined && record.staleUntil > now ? record : undefined;
    });
  }

  /** Stores records; a key without one, or with one that is too large, is emptied. */
  async write(records: readonly (readonly [key: string, record: CacheRecord | undefined])[]): Promise<void> {
    if (!this.accepts()) {
      this.untried += 1;
      return;
    }
    const now = this.clock.now();
    const offset = this.clock.wall() - now;
    const all = records.map(([key, record]) => this.toWrite(key, record, now, offset));
    for (const writes of writeChunks(all)) {
      const replies = await this.access((link) => link.write(writes));
      // A Redis that has not taken these entries would only make the caller wait for the rest.
      if (replies === undefined || !replies.some(isAnswer)) return;
    }
  }

  /** Whether an access would be tried now: callers that must make text of values first can spare it otherwise. */
  private accepts(): boolean {
    if (this.closed || !this.link.isReady()) return false;
    return this.breaker.refusedFor() === 0;
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.access((link) => link.remove(this.prefixed(keys)));
  }

  /** Puts a text under each key that has none. False where it has one; else as `LeaseReply` says. */
  async lease(keys: readonly string[], text: string, ttlMs: number): Promise<LeaseReply[]> {
    const replies = await this.access((link) => link.lease(this.prefixed(keys), text, ttlMs));
    return keys.map((_, index) => {
      const reply = replies?.[index];
      if (reply instanceof Error) return isReplyError(reply) ? 'refused' : undefined;
      return reply === undefined ? undefined : reply !== null;
    });
  }

  /** The leases on keys; null where there is none, undefined where Redis has not said. */
  async leasesOn(keys: readonly string[]): Promise<(string | null | undefined)[]> {
    const replies = await this.access((link) => link.read(this.prefixed(keys)));
    return keys.map((_, index) => {
      const reply = replies?.[index];
      return typeof reply === 'string' || reply === null ? reply : undefined;
    });
  }

  /** Removes the leases that hold the text. Whether Redis knows how to, as far as it has said. */
  async release(keys: readonly string[], text: string): Promise<boolean> {
    const replies = await this.access((link) => link.release(this.prefixed(keys), text));
    return replies?.some((reply) => reply instanceof Error && isReplyError(reply)) !== true;
  }

  /** Adds a record to a stream and resolves to its id; undefined when that is not known to have succeeded. */
  async append(record: StreamAppend): Promise<string | undefined> {
    const [id] = (await this.access((link) => link.append(record))) ?? [];
    return typeof id === 'string' ? id : undefined;
  }

  /** Accesses that failed in whole or in part, or ran out of time. */
  get failures(): number {
    return this.failed;
  }

  /** Accesses that were not tried. */
  get skipped(): number {
    return this.untried;
  }

  /** Whether the last access was answered, and the next one is likely to be. */
  answers(): boolean {
    return this.healthy() && !this.silent;
  }

  healthy(): boolean {
    return !this.closed && this.link.isReady() && this.breaker.state === 'closed';
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.probeTimer);
    await this.link.close();
  }

  /** Sends one access and returns a reply or an Error per key; undefined when it was not tried. Never rejects. */
  private async access(send: (link: RedisLink) => RedisBatch[]): Promise<unknown[] | undefined> {
    if (!this.accepts()) {
      this.untried += 1;
      return undefined;
    }
    const permit = this.breaker.enter();
    const replies = await this.repliesOf(send);
    this.silent = !replies.some(isAnswer);
    const errors = replies.filter((reply) => reply instanceof Error);
    const refusal = errors.find(isReplyError);
    if (errors.length > 0) this.failed += 1;
    if (refusal !== undefined) this.log.refused(refusal);
    if (!this.silent) {
      this.breaker.leave(permit, 'success');
      if (this.breaker.state === 'closed') this.log.up();
    } else {
      this.breaker.leave(permit, 'failure');
      if (this.breaker.state !== 'closed') {
        this.log.down(errors[0] ?? new NoReplyError(this.timeoutMs));
        this.scheduleProbe();
      }
    }
    return replies;
  }

  private async repliesOf(send: (link: RedisLink) => RedisBatch[]): Promise<unknown[]> {
    let batches: RedisBatch[];
    try {
      batches = send(this.link);
    } catch (error) {
      return [error instanceof Error ? error : new Error('the command could not be sent')];
    }
    const results = await settleWithin(
      batches.map((batch) => batch.replies),
      this.timeoutMs,
    );
    return results.flatMap((result, index) =>
      result instanceof Error ? new Array<Error>(batches[index]?.size ?? 1).fill(result) : result,
    );
  }

  /** Asks Redis itself once the breaker's wait is over, so that recovery is noticed without a request that pays for it. */
  private scheduleProbe(): void {
    clearTimeout(this.probeTimer);
    if (this.closed) return;
    this.probeTimer = setTimeout(() => {
      // Timers may be early by a fraction of a millisecond.
      if (this.breaker.state === 'open' && this.breaker.refusedFor() > 0) this.scheduleProbe();
      // Not connected: the next connection resets the breaker.
      else if (this.link.isReady()) void this.access((link) => link.ping());
    }, this.breaker.refusedFor() + 1).unref();
  }

  private toWrite(key: string, record: CacheRecord | undefined, now: number, offset: number): RedisWrite {
    const name = this.keyPrefix + key;
    const text = record && textIfAny(record);
    if (record === undefined || text === undefined || !this.fits(text)) return { key: name, ttlMs: 0 };
    return {
      key: name,
      value: encodeRecord(name, record, offset, text),
      ttlMs: Math.max(1, Math.ceil(record.staleUntil - now)),
    };
  }

  private prefixed(keys: readonly string[]): string[] {
    return keys.map((key) => this.keyPrefix + key);
  }

  private fits(value: string): boolean {
    return value.length <= this.maxValueBytes && Buffer.byteLength(value) <= this.maxValueBytes;
  }
}

/** Whether Redis said this, if only to refuse: an error reply is a failure of the request, not of the connection. */
function isAnswer(reply: unknown): boolean {
  return !(reply instanceof Error) || isReplyError(reply);
}

function isReplyError(error: Error): boolean {
  return error.name === 'ReplyError';
}

function writeChunks(writes: readonly RedisWrite[]): RedisWrite[][] {
  const result: RedisWrite[][] = [];
  let chunk: RedisWrite[] = [];
  let units = 0;
  for (const write of writes) {
    if (chunk.length >= ENTRIES_PER_WRITE || (chunk.length > 0 && units > UNITS_PER_WRITE)) {
      result.push(chunk);
      chunk = [];
      units = 0;
    }
    chunk.push(write);
    units += write.value?.length ?? 0;
  }
  if (chunk.length > 0) result.push(chunk);
  return result;
}

/** The text of a record; undefined where its value has none after all, which is then not stored. */
function textIfAny(record: CacheRecord): string | undefined {
  try {
    return recordText(record);
  } catch {
    return undefined;
  }
}
