/**
 * Time zones of assets: a fixed offset (`-07:00`) or an IANA zone with its daylight saving time.
 */
import { IANAZone } from 'luxon';

const DAY = 86_400_000;
const OFFSET = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/;

/** Offsets of one zone, remembered per day because asking the zone database costs microseconds. */
export interface Zone {
  /** Milliseconds to add to UTC for local time at that instant. */
  readonly offsetAt: (utc: number) => number;
  /** The instant of a local time given as if it were UTC; in a gap of the clock, the instant that much after it. */
  readonly toUtc: (local: number) => number;
}

const zones = new Map<string, Zone>();

/** The zone of a name; throws a RangeError for a name that is neither an offset nor an IANA zone. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = makeZone(name);
  zones.set(name, zone);
  return zone;
}

/** True for a name that `zoneOf` takes. */
export function isZone(name: string): boolean {
  return name === 'Z' || OFFSET.test(name) || IANAZone.isValidZone(name);
}

function makeZone(name: string): Zone {
  if (name === 'Z') return fixedZone(0);
  const match = OFFSET.exec(name);
  if (match) {
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return fixedZone((match[1] === '-' ? -minutes : minutes) * 60_000);
  }
  if (!IANAZone.isValidZone(name)) {
    throw new RangeError(`${name} is neither a UTC offset such as +08:00 nor an IANA time zone`);
  }
  return ianaZone(IANAZone.create(name));
}

function fixedZone(offset: number): Zone {
  return { offsetAt: () => offset, toUtc: (local) => local - offset };
}

function ianaZone(zone: IANAZone): Zone {
  const days = new Map<number, [number, number]>();
  const exact = (utc: number): number => zone.offset(utc) * 60_000;
  const offsetAt = (utc: number): number => {
    const day = Math.floor(utc / DAY);
    let ends = days.get(day);
    if (!ends) {
      if (days.size > 20_000) days.clear();
      ends = [exact(day * DAY), exact((day + 1) * DAY)];
      days.set(day, ends);
    }
    return ends[0] === ends[1] ? ends[0] : exact(utc);
  };
  return {
    offsetAt,
    toUtc(local) {
      const first = local - offsetAt(local);
      const offset = offsetAt(first);
      const second = local - offset;
      // In the hour that a clock skips, the two guesses disagree for good: the offset before the change is taken.
      return offsetAt(second) === offset ? second : Math.max(first, second);
    },
  };
}

/** Unix milliseconds as local text, `YYYY-MM-DD HH:mm:ss`. */
export function localText(utc: number, zone: Zone): string {
  return new Date(utc + zone.offsetAt(utc)).toISOString().slice(0, 19).replace('T', ' ');
}

/** An offset in milliseconds as text, such as `+01:00`. */
export function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60_000;
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Unix milliseconds of the last local midnight at or before an instant. */
export function localMidnight(utc: number, zone: Zone): number {
  const local = utc + zone.offsetAt(utc);
  return zone.toUtc(Math.floor(local / DAY) * DAY);
}
