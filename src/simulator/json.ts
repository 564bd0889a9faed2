/** JSON text of a reply. */
import { stringify } from 'lossless-json';

/** Writes JSON; integers beyond 2^53, held as bigint, come out digit by digit. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('BigInt')) return stringify(value) ?? 'null';
    throw error;
  }
}
