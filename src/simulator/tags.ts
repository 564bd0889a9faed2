/**
 * What EnOS asks of tags.
 */
import { invalidArgument } from './refusals.js';

const KEY = /^[\w/-]{1,49}$/;
const MAX_VALUE = 199;
const MAX_TAGS = 100;

/** Refuses tags (99400) with a key or value that EnOS does not take, or too many of them. */
export function checkTags(name: string, tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) throw invalidArgument(name, `holds more than ${MAX_TAGS} tags`);
  for (const [key, value] of entries) {
    if (!KEY.test(key)) throw invalidArgument(name, `cannot have the key ${key}`);
    if (value.length > MAX_VALUE) throw invalidArgument(`${name}.${key}`, `is longer than ${MAX_VALUE}`);
    if (value !== value.trim()) throw invalidArgument(`${name}.${key}`, 'starts or ends with a space');
  }
}
