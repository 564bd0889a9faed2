/** How much memory a value takes, roughly: found by a walk through it, never less than about what V8 takes. */

const OBJECT_BYTES = 56;
const PROPERTY_BYTES = 16;
const ELEMENT_BYTES = 8;
const STRING_BYTES = 24;
/** V8 keeps text in one or two bytes per UTF-16 unit; two never underrates. */
const BYTES_PER_UNIT = 2;
const NUMBER_BYTES = 16;
/** Binary data is three objects and a piece of memory outside the heap. */
const BUFFER_BYTES = 200;
/** An error has a text and a stack. */
const ERROR_BYTES = 2_000;
/** What is nested deeper counts flat: no data of ours is. */
const DEEPEST = 64;

/** Approximate bytes of plain data, maps, sets and binary data. A part that occurs twice counts twice. */
export function approximateBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return STRING_BYTES + value.length * BYTES_PER_UNIT;
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value === 'bigint') return NUMBER_BYTES + value.toString(16).length;
  if (typeof value !== 'object' || value === null) return ELEMENT_BYTES;
  if (ArrayBuffer.isView(value)) return BUFFER_BYTES + value.byteLength;
  if (depth >= DEEPEST) return ERROR_BYTES;
  if (Array.isArray(value)) {
    let bytes = OBJECT_BYTES;
    for (const item of value) bytes += ELEMENT_BYTES + approximateBytes(item, depth + 1);
    return bytes;
  }
  if (value instanceof Error) return ERROR_BYTES + value.message.length * BYTES_PER_UNIT;
  if (value instanceof Map || value instanceof Set) {
    let bytes = OBJECT_BYTES;
    for (const item of value) bytes += PROPERTY_BYTES + approximateBytes(item, depth + 1);
    return bytes;
  }
  let bytes = OBJECT_BYTES;
  for (const name in value) {
    // Names are shared among objects of one shape; in dictionaries each is a text of its own.
    bytes +=
      PROPERTY_BYTES + name.length + approximateBytes((value as Record<string, unknown>)[name], depth + 1);
  }
  return bytes;
}
