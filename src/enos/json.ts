/**
 * JSON that keeps 64-bit integers exact: EnOS sends ids and point values beyond 2^53, which JSON.parse would round.
 */
import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

/** Deepest nesting that `parseJson` accepts: far above any reply of EnOS, far below what overflows a stack. */
export const MAX_JSON_DEPTH = 128;

/** Integers of fewer digits are always safe: 2^53 has sixteen. */
const UNSAFE_DIGITS = 16;
const INTEGER = /^-?\d+$/;
/** The key that would reach a prototype, also when its underscores are written as escapes. */
const PROTO_KEY = /__proto__|\\u005f/i;

/**
 * Parses JSON text.
 * Integers that a double cannot hold become `bigint`; every other number is a number. Keys named `__proto__` are dropped.
 * Throws SyntaxError if the text is not JSON or nested deeper than `MAX_JSON_DEPTH`.
 */
export function parseJson(text: string): unknown {
  const longIntegers = scan(text);
  const value = longIntegers
    ? parseLossless(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue })
    : (JSON.parse(text) as unknown);
  return PROTO_KEY.test(text) ? withoutProtoKeys(value) : value;
}

/**
 * Writes JSON text as JSON.stringify does, with each bigint as its bare digits.
 * Throws TypeError for what has no JSON form, such as `undefined` or an object that contains itself.
 */
export function stringifyJson(value: unknown): string {
  const plain = stringifyPlain(value);
  const json = plain === null ? stringifyLossless(value) : plain;
  if (json === undefined) throw new TypeError('The value has no JSON form');
  return json;
}

/** The JSON text of a value without bigints, which the engine writes fastest; null if there is one. */
function stringifyPlain(value: unknown): string | undefined | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('BigInt')) return null;
    throw error;
  }
}

function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return INTEGER.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits) : number;
}

/**
 * One pass over the text: whether it holds an integer long enough to be unsafe, and the check of the depth. It costs
 * a quarter of JSON.parse; the exact parser, which it spares nearly every reply, costs many times as much.
 */
function scan(text: string): boolean {
  let depth = 0;
  let digits = 0;
  let inString = false;
  let longIntegers = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x22) inString = false;
      else if (c === 0x5c) i++;
    } else if (c >= 0x30 && c <= 0x39) {
      if (++digits === UNSAFE_DIGITS) longIntegers = true;
    } else if (c === 0x2e) {
      digits = -Infinity; // what follows a decimal point is a fraction, however long
    } else {
      digits = 0;
      if (c === 0x22) inString = true;
      else if (c === 0x5b || c === 0x7b) {
        if (++depth > MAX_JSON_DEPTH) throw new SyntaxError('JSON is nested too deeply');
      } else if (c === 0x5d || c === 0x7d) depth--;
    }
  }
  return longIntegers;
}

function withoutProtoKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProtoKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, member]) => [key, withoutProtoKeys(member)]),
  );
}
