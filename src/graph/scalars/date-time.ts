/** Instants in ISO 8601, strict: date, time and offset are all there, and the date exists. */

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an instant as Unix milliseconds; finer fractions are cut. Throws `RangeError` that says what is expected. */
export function parseDateTime(text: string): number {
  const match = PATTERN.exec(text);
  if (!match) {
    const hint = /[Tt]\d{2}:\d{2}/.test(text) ? ' It needs an offset: Z, or such as +08:00.' : '';
    throw new RangeError(`"${text}" is not an ISO 8601 instant such as 2024-03-10T08:00:00+01:00.${hint}`);
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDate || hour > 23 || minute > 59 || second > 59)
    throw new RangeError(`"${text}" names a date or time that does not exist.`);
  date.setUTCHours(hour, minute, second, milliseconds);
  return date.getTime() - offsetOf(match[8] ?? 'Z', text);
}

/**
 * Instants that were written lately: points of one asset are mostly measured at the same time, and series of one time range at the
 * same times all along. Each has one place, by its hash, which the next one that meets it there takes.
 */
const SLOT_BITS = 12;
const written = {
  instants: new Float64Array(2 ** SLOT_BITS).fill(NaN),
  texts: new Array<string>(2 ** SLOT_BITS),
};
/** 2 to the power of 32, divided by the golden ratio: spreads numbers at equal distances evenly. */
const GOLDEN = 0x9e3779b1;

/** Writes an instant in UTC. Throws `RangeError` beyond what a date can hold. */
export function formatDateTime(milliseconds: number): string {
  const { instants, texts } = written;
  const slot = Math.imul(milliseconds % 0x7fffffff, GOLDEN) >>> (32 - SLOT_BITS);
  if (instants[slot] === milliseconds) return texts[slot]!;
  const text = new Date(milliseconds).toISOString();
  instants[slot] = milliseconds;
  texts[slot] = text;
  return text;
}

function offsetOf(zone: string, text: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 14 || minutes > 59) throw new RangeError(`"${text}" has an offset that no place on earth has.`);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
