/** Durations in ISO 8601: calendar days, and exact time. */

/** Days as the calendar of a place counts them, and exact seconds. */
export interface DurationValue {
  days: number;
  seconds: number;
}

const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
/** Longer texts are no durations below the highest, however they are written; they are not searched, nor repeated. */
const LONGEST_TEXT = 100;
const HIGHEST_SECONDS = 100 * 366 * 86_400;

/** Reads a duration such as `PT10M` or `P1D`. Throws `RangeError` whose message says what is expected. */
export function parseDuration(text: string): DurationValue {
  if (text.length > LONGEST_TEXT)
    throw new RangeError(
      `A text of ${text.length} characters is not a duration. Expected e.g. PT10M, PT1H or P1D.`,
    );
  if (/^P[^T]*[YM]/.test(text)) {
    throw new RangeError(`"${text}" holds years or months, which have no fixed length. Use days, e.g. P30D.`);
  }
  if (/\d[.,]\d/.test(text)) {
    throw new RangeError(
      `"${text}" holds a fraction. Use whole numbers of a smaller unit, e.g. PT90M instead of PT1.5H.`,
    );
  }
  if (text.startsWith('-') || text.startsWith('+')) {
    throw new RangeError(`"${text}" has a sign. A duration is longer than zero, e.g. PT10M.`);
  }
  const match = PATTERN.exec(text);
  if (!match || text.endsWith('P') || text.endsWith('T')) {
    throw new RangeError(`"${text}" is not an ISO 8601 duration. Expected e.g. PT10M, PT1H or P1D.`);
  }
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const value = {
    days: (weeks ?? 0) * 7 + (days ?? 0),
    seconds: (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0),
  };
  const total = value.days * 86_400 + value.seconds;
  if (total === 0) throw new RangeError(`"${text}" is zero. A duration is longer than zero, e.g. PT10M.`);
  if (total > HIGHEST_SECONDS) throw new RangeError(`"${text}" is longer than 100 years.`);
  return value;
}

/** Writes exact milliseconds as a duration, e.g. 5400000 as `PT1H30M`; fractions of a second as decimals. */
export function formatDuration(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const fraction = milliseconds - whole * 1000;
  const seconds =
    fraction > 0
      ? `${rest}.${String(fraction)
          .padStart(3, '0')
          .replace(/0{1,2}$/, '')}`
      : String(rest);
  const text = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds === '0' ? '' : `${seconds}S`}`;
  return text === '' ? 'PT0S' : `PT${text}`;
}
