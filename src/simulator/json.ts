/** JSON of requests and replies. */
import { parse, stringify } from 'lossless-json';

/** Writes JSON; integers beyond 2^53, held as bigint, come out digit by digit. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('BigInt')) return stringify(value) ?? 'null';
    throw error;
  }
}

/** Reads JSON; integers beyond 2^53 become bigint. Throws SyntaxError, or RangeError where it is nested too deep. */
export function fromJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Fewer digits in a row make no integer that could be rounded, and the exact parser is slow.
  if (!/\d{16}/.test(text)) return value;
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function parseNumber(digits: string): number | bigint {
  const number = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits) : number;
}
