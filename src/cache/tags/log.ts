import type { RedisLog } from '../redis/log.js';
import type { RedisConnectionSettings } from '../redis/options.js';
import { openRedisStream, type RedisStream, type StreamRecord } from '../redis/stream.js';
import type { StreamAppend } from '../redis/link.js';
import type { RedisTarget } from '../redis/url.js';
import { NOWHERE, positionBeyond, positionOf, streamIdOf, type TagTable } from './table.js';

/** What the log of invalidations works with. */
export interface TagLogOptions {
  target: RedisTarget;
  connection: RedisConnectionSettings;
  keyPrefix: string;
  table: TagTable;
  /** Monotonic clock in milliseconds. */
  now: () => number;
  log: RedisLog;
  /** Adds a record by another connection, at once; undefined when that is not known to have succeeded. Never rejects. */
  append(record: StreamAppend): Promise<string | undefined>;
}

/** An invalidation that is not in Redis yet; without tags it is one of everything that carries a tag. */
interface Unwritten {
  tags?: readonly string[];
  at: number;
}

/** Records that the stream keeps, about; older ones become the floor. */
const MAX_RECORDS = 10_000;
const TAGS_PER_RECORD = 200;
/** More unwritten tags than that are merged into an invalidation of everything. */
const MAX_UNWRITTEN_TAGS = 10_000;
const PAGE = 500;
const LONGEST_WAIT = 500;
const RETRY_DELAY = 250;

/**
 * The invalidations of all replicas, in one order: a stream in Redis that every replica follows from the place it has
 * reached, so that a lost connection loses nothing. What the stream no longer holds is made up for by a floor: its first
 * record counts for every tag, so data fetched before it is refused by replicas that cannot know what was there.
 */
export class TagLog {
  private readonly key: string;
  private readonly stream: RedisStream;
  private readonly waitMs: number;
  private unwritten: Unwritten[] = [];
  private unwrittenTags = 0;
  private following = false;
  private closed = false;
  private confirmed = Number.NEGATIVE_INFINITY;

  /** Connects in the background. */
  constructor(private readonly options: TagLogOptions) {
    // The hash tag keeps the key in one place of a cluster whatever the prefix is.
    this.key = `${options.keyPrefix}{invalidations}`;
    const { target, connection, log } = options;
    this.waitMs = Math.max(20, Math.min(LONGEST_WAIT, (connection.socketTimeout ?? LONGEST_WAIT * 2) / 2));
    this.stream = openRedisStream(target, connection, {
      onReady: () => void this.follow(),
      // The connection of the store fails with this one, and reports it.
      onDown: () => undefined,
      onTrouble: (error) => log.refused(error),
    });
  }

  /** When the table last was known to hold every invalidation, by the clock of this process; -Infinity: never. */
  get confirmedAt(): number {
    return this.confirmed;
  }

  /** Tags invalidated here whose record is not in Redis yet. */
  get pendingTags(): number {
    return this.unwrittenTags;
  }

  /** Invalidates here at once, and records it; what cannot be recorded now is recorded when Redis is there again. */
  async invalidate(tags: readonly string[]): Promise<void> {
    const { table, now } = this.options;
    const at = now();
    const distinct = [...new Set(tags)];
    const chunks: Unwritten[] = [];
    for (let start = 0; start < distinct.length; start += TAGS_PER_RECORD) {
      chunks.push({ tags: distinct.slice(start, start + TAGS_PER_RECORD), at });
    }
    table.begin(distinct);
    await Promise.all(
      chunks.map(async (chunk) => {
        const id = await this.options.append(this.recordOf(chunk));
        if (!this.settle(chunk, id)) this.postpone(chunk);
      }),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.stream.close();
  }

  /** Follows the stream as long as the connection lives; the next connection starts it again. */
  private async follow(): Promise<void> {
    if (this.following) return;
    this.following = true;
    let resumed = false;
    while (!this.closed && this.stream.isReady()) {
      try {
        if (!resumed) {
          const startedAt = this.options.now();
          await this.resume();
          resumed = true;
          this.confirmed = startedAt;
        }
        const sentAt = this.options.now();
        const from = streamIdOf(this.options.table.position);
        const records = await this.stream.waitAfter(this.key, from, PAGE, this.waitMs);
        this.enter(records);
        if (records.length === 0) resumed = await this.confirmEnd();
        else if (records.length < PAGE) this.confirmed = sentAt;
        await this.writePostponed();
      } catch (error) {
        resumed = false;
        if (error instanceof Error && error.name === 'ReplyError') this.options.log.refused(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY).unref());
      }
    }
    this.following = false;
  }

  /**
   * After a wait in vain: whether the stream ends where we are, or has just gone on. One that ends before is another
   * stream than the one that we know.
   */
  private async confirmEnd(): Promise<boolean> {
    const askedAt = this.options.now();
    const { position } = this.options.table;
    const last = positionOf((await this.stream.lastId(this.key)) ?? '');
    if (last === position) this.confirmed = askedAt;
    return last !== undefined && last >= position;
  }

  /** Finds the place to go on from. Where the stream has lost records that were known, all replicas are told. */
  private async resume(): Promise<void> {
    const { table } = this.options;
    const known = table.position;
    if (known !== NOWHERE && (await this.holdsPosition())) return;
    const [first] = await this.stream.range(this.key, '-', '+', 1);
    const start = first === undefined ? undefined : positionOf(first.id);
    // Trimmed beyond what we know: the first record is the floor, and nothing is missing from it on.
    if (start === undefined || start <= known) await this.writeFloor();
    await this.readAll();
  }

  private async readAll(): Promise<void> {
    let from = '-';
    for (let first = true; ; first = false) {
      const records = await this.stream.range(this.key, from, '+', PAGE);
      const start = first ? positionOf(records[0]?.id ?? '') : undefined;
      if (start !== undefined) this.options.table.raiseFloor(start);
      this.enter(records);
      const last = records.at(-1);
      if (last === undefined || records.length < PAGE) return;
      from = `(${last.id}`;
    }
  }

  /** Whether the last record known is in the stream: if not, records were lost or trimmed. */
  private async holdsPosition(): Promise<boolean> {
    const id = streamIdOf(this.options.table.position);
    return (await this.stream.range(this.key, id, id, 1)).length > 0;
  }

  /** Starts a stream, or goes on with one that has lost records, at a place beyond all that is known here. */
  private async writeFloor(): Promise<void> {
    const record = { key: this.key, maxLength: MAX_RECORDS, field: 'floor', value: '' };
    const last = await this.stream.lastId(this.key);
    const top = last === undefined ? undefined : positionOf(last);
    const { position } = this.options.table;
    const behind = position !== NOWHERE && (top === undefined || top <= position);
    await this.stream.append(behind ? { ...record, id: streamIdOf(positionBeyond(position)) } : record);
  }

  private enter(records: readonly StreamRecord[]): void {
    const { table } = this.options;
    for (const { id, field, value } of records) {
      const position = positionOf(id);
      if (position === undefined) continue;
      const tags = field === 'tags' ? tagsOf(value) : undefined;
      // A record that cannot be read may have invalidated anything.
      if (tags === undefined) table.raiseFloor(position);
      else table.apply(tags, position);
      table.advance(position);
    }
  }

  private settle(invalidation: Unwritten, id: string | undefined): boolean {
    const position = id === undefined ? undefined : positionOf(id);
    if (position === undefined) return false;
    if (invalidation.tags === undefined) this.options.table.settleFloor(position);
    else this.options.table.settle(invalidation.tags, position, invalidation.at);
    return true;
  }

  private postpone(chunk: Unwritten): void {
    const { table } = this.options;
    this.unwritten.push(chunk);
    this.unwrittenTags += chunk.tags?.length ?? 1;
    if (this.unwrittenTags <= MAX_UNWRITTEN_TAGS) return;
    table.beginFloor();
    for (const { tags } of this.unwritten) {
      if (tags === undefined) table.settleFloor(NOWHERE);
      else table.abandon(tags);
    }
    this.unwritten = [{ at: chunk.at }];
    this.unwrittenTags = 1;
  }

  private async writePostponed(): Promise<void> {
    for (let next = this.unwritten[0]; next !== undefined; next = this.unwritten[0]) {
      const id = await this.stream.append(this.recordOf(next));
      // Meanwhile it may have been merged with others.
      if (this.unwritten[0] !== next) continue;
      if (!this.settle(next, id)) throw new Error('Redis gave a record no id');
      this.unwritten.shift();
      this.unwrittenTags -= next.tags?.length ?? 1;
    }
  }

  private recordOf({ tags }: Unwritten): StreamAppend {
    const content =
      tags === undefined ? { field: 'floor', value: '' } : { field: 'tags', value: JSON.stringify(tags) };
    return { key: this.key, maxLength: MAX_RECORDS, ...content };
  }
}

function tagsOf(text: string): string[] | undefined {
  try {
    const tags: unknown = JSON.parse(text);
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}
