/** Names of cached things. A key is one JSON array, so that no two different things can ever be written the same way. */
import type { LoadContext } from './load-context.js';

/** Raised whenever what is stored under a key changes its shape: entries of an older server are then never read. */
const FORMAT_VERSION = 1;

/** What a key may be made of. */
export type KeyPart =
  string | number | boolean | null | undefined | readonly KeyPart[] | { readonly [name: string]: KeyPart };

/** Makes the key of one thing of one organization. */
export type CacheKeys = (kind: string, orgId: string, parts: readonly KeyPart[]) => string;

/**
 * The maker of keys of one request: JSON of [format, gateway, edition, identity, orgId, kind, ...parts]. Whatever shapes
 * a value beyond these belongs into `parts`. Objects count by their content: the order of their members does not
 * matter, and an undefined member is the same as an absent one.
 */
export function cacheKeysOf(context: Pick<LoadContext, 'enos' | 'identity' | 'settings'>): CacheKeys {
  const scope = [FORMAT_VERSION, context.enos.gateway, context.settings.edition, context.identity.id];
  // The same for every key of a request, so it is written once: an array without its closing bracket.
  const prefix = JSON.stringify(scope).slice(0, -1);
  return (kind, orgId, parts) =>
    `${prefix},${JSON.stringify([orgId, kind, ...parts.map(canonical)]).slice(1)}`;
}

/** The same data with the members of objects in alphabetical order. */
function canonical(part: KeyPart): KeyPart {
  if (Array.isArray(part)) return part.map(canonical);
  if (typeof part !== 'object' || part === null) return part;
  const members = Object.entries(part).filter(([, value]) => value !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, value]) => [name, canonical(value)]));
}
