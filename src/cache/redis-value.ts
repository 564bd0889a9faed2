/**
 * The form of a value in Redis: a header of format version and length, then the text. Whatever lies under our keys in
 * another form (written by someone else, by another version, cut short) reads as absent.
 */
const HEADER = /^v1:(\d{1,10}):/;

/** The stored form of a value. */
export function encodeValue(value: string): string {
  return `v1:${value.length}:${value}`;
}

/** The value of a stored form, or undefined when it is not one of ours. */
export function decodeValue(stored: string): string | undefined {
  const header = HEADER.exec(stored.slice(0, 16));
  if (!header) return undefined;
  const value = stored.slice(header[0].length);
  return value.length === Number(header[1]) ? value : undefined;
}
