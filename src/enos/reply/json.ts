/**
 * JSON that keeps 64-bit integers exact: EnOS sends ids and point values beyond 2^53, which JSON.parse would round.
 */
import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

/** Deepest nesting that `parseJson` accepts: far above any reply of EnOS, far below what overflows a stack. */
export const MAX_JSON_DEPTH = 128;

const INTEGER = /^-?\d+$/;

/**
 * Parses JSON text.
 * Integers beyond the safe ones that are written as digits alone become `bigint`. Every other number is what JSON.parse makes
 * of it, and may be rounded: fractions, and whatever has a point or an exponent, whole or not (`9007199254740993.0`).
 * Keys named `__proto__` are dropped. Of a repeated key the last value counts.
 * Throws SyntaxError if the text is not JSON, or if what comes out of it is nested deeper than `MAX_JSON_DEPTH`. A value that a
 * repeated key replaces may be nested deeper unnoticed.
 */
export function parseJson(text: string): unknown {
  // The engine's parser is a loop, so that no depth overflows it; what it made is bounded before anything else walks it.
  const value = JSON.parse(text) as unknown;
  if (typeof value === 'number') return exactNumber(text.trim());
  if (typeof value !== 'object' || value === null) return value;
  const traits = { unsafeNumber: false, protoKey: false };
  inspect(value, MAX_JSON_DEPTH, traits);
  // The exact parser costs many times as much as the engine's; nearly no reply needs it.
  const exact = traits.unsafeNumber ? parseExact(text) : value;
  // The exact parser sets the prototype by such a key, where the engine's makes a property of it.
  return traits.protoKey ? withoutProtoKeys(exact) : exact;
}

function parseExact(text: string): unknown {
  try {
    return parseLossless(text, undefined, {
      parseNumber: exactNumber,
      onDuplicateKey: ({ newValue }) => newValue,
    });
  } catch (error) {
    // It descends also into what a repeated key replaces, whose depth is not bounded.
    throw error instanceof RangeError ? tooDeep() : error;
  }
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

/** What a parsed value holds that wants a second look. */
interface Traits {
  /** A number beyond the safe integers: as an integer it may have been rounded. */
  unsafeNumber: boolean;
  /** A key `__proto__`. */
  protoKey: boolean;
}

/**
 * Looks at everything that JSON.parse made. It costs a few per cent of the parsing, a look at the text half as much as it.
 * @param left levels that may still be entered
 */
function inspect(value: object, left: number, traits: Traits): void {
  if (left === 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (typeof item === 'object') {
        if (item !== null) inspect(item, left - 1, traits);
      } else if (typeof item === 'number' && isUnsafe(item)) traits.unsafeNumber = true;
    }
    return;
  }
  for (const key in value) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof member === 'object') {
      if (member !== null) inspect(member, left - 1, traits);
    } else if (typeof member === 'number' && isUnsafe(member)) traits.unsafeNumber = true;
    if (key === '__proto__') traits.protoKey = true;
  }
}

function tooDeep(): SyntaxError {
  return new SyntaxError('JSON is nested too deeply');
}

function isUnsafe(number: number): boolean {
  return number > Number.MAX_SAFE_INTEGER || number < Number.MIN_SAFE_INTEGER;
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
