/** Time zones of assets: a UTC offset such as `+08:00`, or an IANA name. */
import { IANAZone } from 'luxon';
import { InputError } from '../../common.js';

const MINUTE = 60_000;
/** Clocks are never changed twice, back to the same offset, within this time. */
const STEP = 5 * 24 * 60 * MINUTE;
const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i;

/** A time range in which the clock has one offset. */
export interface OffsetSegment {
  /** Unix milliseconds. */
  start: number;
  end: number;
  /** Milliseconds to add to UTC. */
  offset: number;
}

/** What the grid needs of a zone. */
export interface TimeZone {
  /** The segments that cover [from, to), in order. */
  segments(from: number, to: number): OffsetSegment[];
}

/** The zone of an asset; refuses what is neither an offset nor a known name, since a guess would shift every interval. */
export function timeZone(name: string): TimeZone {
  const trimmed = name.trim();
  const match = OFFSET.exec(trimmed);
  if (match) {
    const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
    return fixed((match[1] === '-' ? -minutes : minutes) * MINUTE);
  }
  if (/^(?:Z|UTC|GMT)$/i.test(trimmed)) return fixed(0);
  if (!IANAZone.isValidZone(trimmed)) {
    throw new InputError(
      `The time zone "${name}" of the asset is neither a UTC offset nor a known zone`,
      'interval',
    );
  }
  const zone = IANAZone.create(trimmed);
  return { segments: (from, to) => scan((time) => Math.round(zone.offset(time) * MINUTE), from, to) };
}

function fixed(offset: number): TimeZone {
  return { segments: (start, end) => [{ start, end, offset }] };
}

function scan(offsetAt: (time: number) => number, from: number, to: number): OffsetSegment[] {
  const segments: OffsetSegment[] = [];
  let start = from;
  let offset = offsetAt(from);
  let time = from;
  while (time < to) {
    const next = Math.min(time + STEP, to);
    const nextOffset = offsetAt(next);
    if (nextOffset !== offset) {
      const change = findChange(offsetAt, time, next, offset);
      segments.push({ start, end: change, offset });
      start = change;
      offset = offsetAt(change);
      time = change;
    } else {
      time = next;
    }
  }
  if (start < to) segments.push({ start, end: to, offset });
  return segments;
}

/** The first instant after `from` with another offset; clocks change at whole minutes. */
function findChange(offsetAt: (time: number) => number, from: number, to: number, offset: number): number {
  let same = Math.floor(from / MINUTE);
  let other = Math.ceil(to / MINUTE);
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(middle * MINUTE) === offset) same = middle;
    else other = middle;
  }
  return other * MINUTE;
}
