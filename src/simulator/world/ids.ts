/**
 * Ids of a world. EnOS makes opaque ids of 8 letters and digits; a world file names things by readable slugs, and the
 * id follows from the slug, so that it is the same on every start and on every machine.
 */
import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The 8-character id of a slug. `kind` keeps an asset and a tree of the same slug apart. */
export function idOfSlug(kind: 'asset' | 'tree' | 'product', slug: string): string {
  const digest = createHash('sha256').update(`${kind}:${slug}`).digest();
  let id = '';
  for (let i = 0; i < 8; i++) id += ALPHABET.charAt((digest[i] ?? 0) % ALPHABET.length);
  return id;
}

/** The 40-character id of an alert: the UTC date of its occurrence, then 32 hex digits that follow from its slug. */
export function alertIdOf(slug: string, occurTime: number): string {
  const day = new Date(occurTime).toISOString().slice(0, 10).replaceAll('-', '');
  return day + createHash('sha256').update(`alert:${slug}`).digest('hex').slice(0, 32);
}

/** A UUID that follows from a slug, as the policy ids are. */
export function uuidOfSlug(slug: string): string {
  const hex = createHash('sha256').update(`uuid:${slug}`).digest('hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
