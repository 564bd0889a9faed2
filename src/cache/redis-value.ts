import { textOf } from './record.js';
import type { CacheRecord } from './record.js';
import { isPosition } from './tag-position.js';

/**
 * The form of a value in Redis: a header, the tags as JSON, the text. The header holds the version of the form, the
 * lengths of text and tags in UTF-16 units, three Unix times (fetch began, end of freshness, end of use) and the last
 * invalidation known when the fetch began. Whatever lies under our keys in another form (written by someone else, by
 * another version, cut short) reads as absent.
 */
const HEADER = /^v2:(\d{1,10}):(\d{1,8}):(\d{1,15}):(\d{1,15}):(\d{1,15}):([\d-]{0,40}):/;
const MAX_HEADER_LENGTH = 128;
const NO_TAGS: readonly string[] = [];

/** The stored form. `offset` is Unix time less the clock of this process, in milliseconds. */
export function encodeRecord(record: CacheRecord, offset: number, value = textOf(record)): string {
  const { tags, readAt, freshUntil, staleUntil, position } = record;
  const tagText = tags.length === 0 ? '' : JSON.stringify(tags);
  const times = [readAt, freshUntil, staleUntil].map((time) => Math.max(0, Math.round(time + offset)));
  return `v2:${value.length}:${tagText.length}:${times.join(':')}:${position}:${tagText}${value}`;
}

/**
 * The record of a stored form, or undefined when it is not one of ours. Where the clock of the writer was ahead, no
 * lifetime becomes longer than it was.
 */
export function decodeRecord(stored: string, now: number, offset: number): CacheRecord | undefined {
  const header = HEADER.exec(stored.slice(0, MAX_HEADER_LENGTH));
  if (!header) return undefined;
  const [valueLength = 0, tagLength = 0, storedAt = 0, freshEnd = 0, staleEnd = 0] = header
    .slice(1, 6)
    .map(Number);
  const position = header[6] ?? '';
  const start = header[0].length + tagLength;
  if (stored.length !== start + valueLength) return undefined;
  if ((position !== '' && !isPosition(position)) || freshEnd > staleEnd) return undefined;
  const tags = tagLength === 0 ? NO_TAGS : parseTags(stored.slice(header[0].length, start));
  if (tags === undefined) return undefined;
  const ahead = Math.max(0, storedAt - offset - now);
  return {
    text: stored.slice(start),
    value: undefined,
    codec: undefined,
    tags,
    position,
    readAt: storedAt - offset - ahead,
    freshUntil: freshEnd - offset - ahead,
    staleUntil: staleEnd - offset - ahead,
  };
}

function parseTags(text: string): readonly string[] | undefined {
  try {
    const tags: unknown = JSON.parse(text);
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}
