/** The form of values in Redis: what is not exactly ours reads as absent. */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CacheRecord } from '../../src/cache/record.js';
import { encodeRecord, RecordReader } from '../../src/cache/redis/value.js';
import { localPosition } from '../../src/cache/tags/table.js';

const reader = new RecordReader();
const KEY = 'enos-graphql:[1,"asset","a1"]';
const OFFSET = 1_700_000_000_000;
const NOW = 5_000;

const record = (more: Partial<CacheRecord> = {}): CacheRecord => ({
  text: '{"value":1}',
  value: undefined,
  codec: undefined,
  tags: ['asset:o1:a1', 'ü"\\:'],
  position: localPosition(7),
  readAt: 1_000,
  freshUntil: 8_000,
  staleUntil: 9_000,
  ...more,
});

const DIGEST = createHash('sha256').update(KEY).digest('base64url').slice(0, 16);

/** What the form says, as a pattern. */
const HEADER = /^v3:([\w-]{16}):(\d{1,10}):(\d{1,8}):(\d{1,15}):(\d{1,15}):(\d{1,15}):(|\d{14}-\d{10}):/;

function isOurs(stored: string): boolean {
  const header = HEADER.exec(stored);
  if (!header) return false;
  if (header[1] !== DIGEST) return false;
  const [valueLength, tagLength, , freshEnd, staleEnd] = header.slice(2, 7).map(Number);
  const start = header[0].length + tagLength!;
  if (stored.length !== start + valueLength! || freshEnd! > staleEnd!) return false;
  if (tagLength === 0) return true;
  try {
    const tags: unknown = JSON.parse(stored.slice(header[0].length, start));
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string');
  } catch {
    return false;
  }
}

test('what was written is read, one after another, with tags and positions that differ or not', () => {
  const records = [
    record(),
    record(),
    record({ tags: [] }),
    record({ tags: ['other'] }),
    record({ position: '' }),
    record({ position: localPosition(8), text: '' }),
    record({ text: 'v3:1:2:3:4:5:: is text, too: ü' }),
  ];
  for (const one of [...records, ...records]) {
    expect(reader.decode(KEY, encodeRecord(KEY, one, OFFSET), NOW, OFFSET)).toEqual(one);
  }
});

test('a value that lies under another key than its own reads as absent', () => {
  const stored = encodeRecord(KEY, record(), OFFSET);
  expect(reader.decode(KEY, stored, NOW, OFFSET)).toBeDefined();
  for (const other of [KEY.replace('a1', 'a2'), `other:${KEY}`, ''])
    expect(reader.decode(other, stored, NOW, OFFSET)).toBeUndefined();
});

test('where the clock of the writer was ahead, no lifetime is longer than it was', () => {
  const read = reader.decode(KEY, encodeRecord(KEY, record(), OFFSET + 60_000), NOW, OFFSET);
  expect(read).toMatchObject({ readAt: NOW, freshUntil: NOW + 7_000, staleUntil: NOW + 8_000 });
});

test('whatever is changed, cut, or put in at any place, it is read if and only if it is of the form still', () => {
  let read = 0;
  for (const one of [record(), record({ tags: [] }), record({ position: '' }), record({ text: '' })]) {
    const stored = encodeRecord(KEY, one, OFFSET);
    for (let at = 0; at <= stored.length; at += 1) {
      const [before, after] = [stored.slice(0, at), stored.slice(at)];
      const variants = [before, after, before + after.slice(1)];
      for (const other of [':', '0', '9', '-', 'x', ' ', '"', '', '０', '\u0000']) {
        variants.push(before + other + after, before + other + after.slice(1));
      }
      for (const variant of variants) {
        const result = reader.decode(KEY, variant, NOW, OFFSET);
        if ((result !== undefined) !== isOurs(variant)) throw new Error(`${isOurs(variant)}: ${variant}`);
        if (result !== undefined) read += 1;
      }
    }
  }
  expect(read).toBeGreaterThan(1_000);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('a position keeps no more in memory than itself', () => {
  const big = 'x'.repeat(1024 * 1024);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const positions: string[] = [];
  for (let index = 0; index < 64; index += 1) {
    const stored = encodeRecord(
      KEY,
      record({ text: `${index}${big}`, position: localPosition(index) }),
      OFFSET,
    );
    // From bytes, as it comes from Redis.
    positions.push(reader.decode(KEY, Buffer.from(stored).toString(), NOW, OFFSET)!.position);
  }
  collectGarbage();
  expect(positions).toHaveLength(64);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024);
});
