/**
 * JSON of requests. JSON.parse would round integers beyond 2^53; here they are `bigint`, until the
 * types of an operation's variables tell what they are (exact-variables.ts).
 */
import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

/** Fewer digits in a row make no integer that could be rounded. */
const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;
/** Deepest nesting in which integers are kept exact: far above what variables may have. The exact parser is recursive. */
const MAX_DEPTH = 200;

/**
 * The value of a JSON text, integers beyond 2^53 as `bigint`. Throws SyntaxError for what is no JSON, and for such integers in
 * what no operation takes: nested deeper than 200 levels, or together with a key `__proto__`.
 */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!LONG_DIGITS.test(text)) return value;
  const found = look(value);
  if (!found.isUnsafe) return value;
  if (found.isOdd) throw new SyntaxError('The JSON holds large integers where none can be read');
  try {
    return parseLossless(text, undefined, {
      parseNumber: exactNumber,
      onDuplicateKey: ({ newValue }) => newValue,
    });
  } catch (error) {
    // It descends also into what a repeated key replaces, whose depth was not seen.
    throw error instanceof RangeError ? new SyntaxError('JSON is nested too deeply') : error;
  }
}

/** Writes JSON, integers with all their digits. */
export function exactJsonText(value: unknown): string {
  return stringifyLossless(value) ?? 'null';
}

/** Whether a value holds a `bigint` somewhere. Not recursive: it may be nested as deep as a request can. */
export function holdsBigInt(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  const waiting: object[] = [value];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    for (const item of Object.values(holder) as unknown[]) {
      if (typeof item === 'bigint') return true;
      if (typeof item === 'object' && item !== null) waiting.push(item);
    }
  }
  return false;
}

function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return INTEGER.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits) : number;
}

/** Whether a number may have been rounded, and whether it stands in something that the exact parser must not see. */
function look(value: unknown): { isUnsafe: boolean; isOdd: boolean } {
  const found = { isUnsafe: false, isOdd: false };
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) found.isOdd = true;
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'number' && !Number.isSafeInteger(item) && Math.abs(item) >= 2 ** 53)
        found.isUnsafe = true;
      if (typeof item !== 'object' || item === null) continue;
      if (Object.hasOwn(item, '__proto__')) found.isOdd = true;
      for (const member of Object.values(item) as unknown[]) below.push(member);
    }
    level = below;
  }
  return found;
}
