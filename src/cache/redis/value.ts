import { hash } from 'node:crypto';
import { recordText, type CacheRecord } from '../record.js';
import { isPosition } from '../tags/table.js';

/**
 * The form of a value in Redis: a header, the tags as JSON, the text. The header holds the version of the form, a digest of
 * the key (so that a value which lies under another key than its own is found out), the lengths of text and tags in UTF-16 units, three Unix times (fetch began, end of freshness, end of use) and the last
 * invalidation known when the fetch began. Whatever lies under our keys in another form (written by someone else, by
 * another version, cut short) reads as absent.
 */
const VERSION = 'v3:';
/** Characters of the digest of a key: 96 bits, in base64url. */
const DIGEST_LENGTH = 16;
/** Most digits of the numbers of the header, in their order. */
const DIGITS = [10, 8, 15, 15, 15];
const MAX_POSITION_LENGTH = 40;
/** The code of the digit 0. */
const ZERO = 48;
const NO_TAGS: readonly string[] = [];

/** The stored form under a key, as it is in Redis. `offset` is Unix time less the clock of this process, in milliseconds. */
export function encodeRecord(
  key: string,
  record: CacheRecord,
  offset: number,
  value = recordText(record),
): string {
  const { tags, readAt, freshUntil, staleUntil, position } = record;
  const tagText = tags.length === 0 ? '' : JSON.stringify(tags);
  const times = [readAt, freshUntil, staleUntil].map((time) => Math.max(0, Math.round(time + offset)));
  return `${VERSION}${digestOf(key)}:${value.length}:${tagText.length}:${times.join(':')}:${position}:${tagText}${value}`;
}

/** Reads stored forms. Records that are read together mostly have a position in common, and neighbours their tags: these are made once. */
export class RecordReader {
  private lastPosition = '';
  private lastTags: { text: string; tags: readonly string[] } = { text: '', tags: NO_TAGS };

  /**
   * The record of a form stored under a key, or undefined when it is not one of ours, or of another key. Where the clock of the writer was ahead, no
   * lifetime becomes longer than it was.
   */
  decode(key: string, stored: string, now: number, offset: number): CacheRecord | undefined {
    const start = VERSION.length + DIGEST_LENGTH;
    if (!stored.startsWith(VERSION) || stored[start] !== ':') return undefined;
    if (stored.slice(VERSION.length, start) !== digestOf(key)) return undefined;
    // Read by hand: an answer may be made of hundreds of records, and what a pattern cuts out costs more than the rest.
    const numbers: number[] = [];
    let at = start + 1;
    for (const most of DIGITS) {
      const end = stored.indexOf(':', at);
      const number = wholeNumber(stored, at, end, most);
      if (number === undefined) return undefined;
      numbers.push(number);
      at = end + 1;
    }
    const [valueLength = 0, tagLength = 0, storedAt = 0, freshEnd = 0, staleEnd = 0] = numbers;
    const positionEnd = stored.indexOf(':', at);
    if (positionEnd < 0 || positionEnd - at > MAX_POSITION_LENGTH) return undefined;
    const tagStart = positionEnd + 1;
    const valueStart = tagStart + tagLength;
    if (stored.length !== valueStart + valueLength || freshEnd > staleEnd) return undefined;
    const position = this.positionIn(stored.slice(at, positionEnd));
    const tags = tagLength === 0 ? NO_TAGS : this.tagsIn(stored.slice(tagStart, valueStart));
    if (position === undefined || tags === undefined) return undefined;
    const ahead = Math.max(0, storedAt - offset - now);
    return {
      text: stored.slice(valueStart),
      value: undefined,
      codec: undefined,
      tags,
      position,
      readAt: storedAt - offset - ahead,
      freshUntil: freshEnd - offset - ahead,
      staleUntil: staleEnd - offset - ahead,
    };
  }

  private positionIn(text: string): string | undefined {
    if (text === '') return text;
    if (text !== this.lastPosition) {
      if (!isPosition(text)) return undefined;
      // A copy: V8 lets a part of a text keep the whole of it, and positions stay in memory after their records were read.
      this.lastPosition = Buffer.from(text, 'latin1').toString('latin1');
    }
    return this.lastPosition;
  }

  private tagsIn(text: string): readonly string[] | undefined {
    if (text === this.lastTags.text) return this.lastTags.tags;
    const tags = parseTags(text);
    if (tags !== undefined) this.lastTags = { text, tags };
    return tags;
  }
}

function digestOf(key: string): string {
  return hash('sha256', key, 'base64url').slice(0, DIGEST_LENGTH);
}

/** The number that digits from `start` to before `end` write; undefined where there is anything else, nothing, or too much. */
function wholeNumber(text: string, start: number, end: number, most: number): number | undefined {
  if (end <= start || end - start > most) return undefined;
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

function parseTags(text: string): readonly string[] | undefined {
  try {
    const tags: unknown = JSON.parse(text);
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}
