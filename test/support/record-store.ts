/**
 * A TSDB of records that a test writes out, over HTTP: `raw`, `unformatted` and `di` as the contract says, with its limits. A
 * page is the first (or last) `pageSize` records of a pair, whatever they hold: a null and a repeat fill it like others.
 * Shares nothing with the simulator.
 */
import type { ServerResponse } from 'node:http';
import { FakeGateway, json } from './fake-gateway.js';

/** A stored record; null is a record without a value. */
export interface StoredRecord {
  time: number;
  value: number | string | boolean | null;
}

/** Records by asset and point, in order of time; equal times stay in the order given. */
export type StoredRecords = Readonly<Record<string, Readonly<Record<string, readonly StoredRecord[]>>>>;

/** How records come. */
export interface RecordStyle {
  /** Leaves the key of a null out, where the record is otherwise there. */
  omitNulls?: boolean;
  /** Largest reply that the client takes, bytes; the store only counts those beyond it. */
  maxReplyBytes?: number;
}

/** One call as the store saw it. */
export interface StoreCall {
  path: string;
  assets: number;
  points: number;
  pageSize: number;
  /** Records in the reply. */
  records: number;
  bytes: number;
  start: number;
  /** Whether the client cannot take the reply. */
  tooLarge: boolean;
}

interface ReadBody {
  assetIds: string;
  pointIds?: string;
  pointIdsWithLogic?: string;
  startTime: string;
  endTime: string;
  pageSize?: number;
  orderBy?: string;
  itemFormat?: number;
}

const MAX_PAIRS = 3000;
const MAX_STATE_PAIRS = 10;
const MAX_RECORDS = 640_000;
const LOOK_BACK = 30 * 86_400_000;

/** A running store. */
export class RecordStore {
  readonly calls: StoreCall[] = [];
  /** What calls did wrong by the limits of the contract. */
  readonly violations: string[] = [];
  records: StoredRecords = {};
  style: RecordStyle = {};

  private constructor(private readonly gateway: FakeGateway) {
    gateway.answer = ({ path, body }, response) => this.answer(path, JSON.parse(body) as ReadBody, response);
  }

  static async start(): Promise<RecordStore> {
    return new RecordStore(await FakeGateway.start());
  }

  get url(): string {
    return this.gateway.url;
  }

  stop(): Promise<void> {
    return this.gateway.stop();
  }

  /** Holds other records from now on, and forgets the calls. */
  hold(records: StoredRecords, style: RecordStyle = {}): void {
    this.records = records;
    this.style = style;
    this.calls.length = 0;
    this.violations.length = 0;
  }

  private answer(path: string, body: ReadBody, response: ServerResponse): void {
    const operation = path.replace(/^.*\/v2\.1\//, '');
    const assets = body.assetIds.split(',');
    const points = (body.pointIds ?? body.pointIdsWithLogic ?? '').split(',');
    const start = Date.parse(body.startTime);
    const end = Date.parse(body.endTime);
    const pageSize = body.pageSize ?? 1000;
    const isStates = operation === 'di';
    const refusal = this.refusalOf(operation, assets.length * points.length, points.length, pageSize);
    if (refusal !== undefined) {
      this.violations.push(refusal);
      json(response, { code: 80400, msg: refusal, submsg: null, data: null });
      return;
    }
    const items: string[] = [];
    let count = 0;
    for (const assetId of assets) {
      for (const point of points) {
        const stored = this.records[assetId]?.[point] ?? [];
        const found = isStates
          ? changes(stored, start, end)
          : page(stored, start, end, pageSize, body.orderBy === 'timestamp desc');
        count += found.length;
        this.addItems(items, assetId, point, found, body.itemFormat ?? 0);
      }
    }
    const text = `{"code":0,"msg":"OK","submsg":null,"data":{"items":[${items.join()}]}}`;
    const bytes = Buffer.byteLength(text);
    const { maxReplyBytes = 16 * 1024 * 1024 } = this.style;
    this.calls.push({
      path: operation,
      assets: assets.length,
      points: points.length,
      pageSize,
      records: count,
      bytes,
      start,
      tooLarge: bytes > maxReplyBytes,
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  }

  private refusalOf(operation: string, pairs: number, points: number, pageSize: number): string | undefined {
    if (operation === 'di') return pairs > MAX_STATE_PAIRS ? `${pairs} pairs of states` : undefined;
    if (operation === 'unformatted' && points > 1) return `${points} points of unformatted`;
    if (!Number.isInteger(pageSize) || pageSize < 1) return `pageSize ${pageSize}`;
    if (operation !== 'unformatted' && pairs > MAX_PAIRS) return `${pairs} pairs`;
    return pairs * pageSize > MAX_RECORDS ? `${pairs} pairs x ${pageSize} records` : undefined;
  }

  private addItems(
    items: string[],
    assetId: string,
    point: string,
    found: readonly StoredRecord[],
    format: number,
  ): void {
    if (format === 2) {
      if (found.length === 0) return;
      const timestamp = found.map(({ time }) => time);
      const value = found.map((record) => record.value);
      items.push(JSON.stringify({ assetId, pointId: point, timestamp, value }));
      return;
    }
    for (const { time, value } of found) {
      const valued =
        value === null && this.style.omitNulls === true ? '' : `,"${point}":${JSON.stringify(value)}`;
      items.push(`{"assetId":"${assetId}","timestamp":${time},"localtime":"2024-03-10 08:00:00"${valued}}`);
    }
  }
}

function page(
  stored: readonly StoredRecord[],
  start: number,
  end: number,
  size: number,
  newestFirst: boolean,
): readonly StoredRecord[] {
  const from = firstFrom(stored, start);
  const to = firstFrom(stored, end);
  return newestFirst
    ? stored.slice(Math.max(from, to - size), to).reverse()
    : stored.slice(from, Math.min(to, from + size));
}

/** Index of the first record at or after an instant. */
function firstFrom(stored: readonly StoredRecord[], time: number): number {
  let low = 0;
  let high = stored.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stored[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function changes(stored: readonly StoredRecord[], start: number, end: number): StoredRecord[] {
  const found: StoredRecord[] = [];
  for (const { time, value } of merged(stored)) {
    if (time < start - LOOK_BACK || time >= end) continue;
    if (time <= start) found.splice(0, 1, { time: start, value });
    else if (found.at(-1)?.value !== value) found.push({ time, value });
  }
  return found;
}

/** What records amount to: those with a value, of equal times the last one. */
export function merged(stored: readonly StoredRecord[]): StoredRecord[] {
  const byTime = new Map<number, StoredRecord>();
  for (const record of stored) if (record.value !== null) byTime.set(record.time, record);
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}
