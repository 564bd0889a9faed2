/** Names of cached things. A key is one JSON array, so that no two different things can ever be written the same way. */
import type { KeyPart } from './key-table.js';
import type { LoadContext } from '../load-context.js';

/** Raised whenever what is stored under a key changes its shape: entries of an older server are then never read. */
const FORMAT_VERSION = 2;

/** Makes the key of one thing of one organization. */
export type CacheKeys = (kind: string, orgId: string, parts: readonly KeyPart[]) => string;

/**
 * The maker of keys of one request: JSON of [format, gateway, edition, identity, orgId, kind, ...parts]. Whatever shapes
 * a value beyond these belongs into `parts`. Objects count by their content: the order of their members does not
 * matter, and an undefined member is the same as an absent one.
 */
export function cacheKeysOf(context: Pick<LoadContext, 'enos' | 'identity' | 'settings'>): CacheKeys {
  const { text: start } = scopeOf(context);
  return (kind, orgId, parts) => `${start}${quoted(orgId)},${quoted(kind)}${keyText(parts)}]`;
}

/** The same for one kind, to make many keys: those that were made before are the same strings again. */
export function keysOfKind(
  context: Pick<LoadContext, 'enos' | 'identity' | 'settings' | 'runtime'>,
  kind: string,
): (orgId: string, parts: readonly KeyPart[]) => string {
  let org: string | undefined;
  let keyOf: ((parts: readonly KeyPart[]) => string) | undefined;
  return (orgId, parts) => {
    if (keyOf === undefined || orgId !== org) {
      const start = startOf(scopeOf(context), orgId, kind);
      org = orgId;
      keyOf = context.runtime.keys.startingWith(start, (given) => `${start}${keyText(given)}]`);
    }
    return keyOf(parts);
  };
}

/** The parts as members of a JSON array, each with its comma before it. */
export function keyText(parts: readonly KeyPart[]): string {
  let text = '';
  for (const part of parts) {
    text += `,${typeof part === 'string' ? quoted(part) : otherText(part)}`;
  }
  return text;
}

/** The start of the keys of an identity, with all that it was made of. */
interface Scope {
  gateway: string;
  edition: string;
  id: string;
  text: string;
  /** By kind: how its keys of the organization asked about last begin. */
  starts: Map<string, { orgId: string; start: string }>;
}

const scopes = new WeakMap<object, Scope>();

/** What all keys of a request begin with: an array without its closing bracket, and the comma that follows. */
function scopeOf({ enos, identity, settings }: Pick<LoadContext, 'enos' | 'identity' | 'settings'>): Scope {
  // An identity is mostly one object for all its requests: what was made for it is used as long as nothing differs.
  const { gateway } = enos;
  const { edition } = settings;
  const { id } = identity;
  const known = scopes.get(identity);
  if (known?.gateway === gateway && known.edition === edition && known.id === id) return known;
  const text = `${JSON.stringify([FORMAT_VERSION, gateway, edition, id]).slice(0, -1)},`;
  const scope: Scope = { gateway, edition, id, text, starts: new Map() };
  scopes.set(identity, scope);
  return scope;
}

/** The start of the keys of a kind: mostly the very string of the request before, whose hash the engine knows. */
function startOf({ text, starts }: Scope, orgId: string, kind: string): string {
  const known = starts.get(kind);
  if (known?.orgId === orgId) return known.start;
  const start = `${text}${quoted(orgId)},${quoted(kind)}`;
  starts.set(kind, { orgId, start });
  return start;
}

/** Everything but what JSON writes as it is: no control characters, quotes, backslashes, halves of pairs. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function otherText(part: Exclude<KeyPart, string>): string {
  if (part === null || (typeof part === 'number' && Number.isSafeInteger(part))) return String(part);
  return JSON.stringify(canonical(part) ?? null);
}

/** The same data with the members of objects in alphabetical order. */
function canonical(part: KeyPart): KeyPart {
  if (Array.isArray(part)) return part.map(canonical);
  if (typeof part !== 'object' || part === null) return part;
  const members = Object.entries(part).filter(([, value]) => value !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, value]) => [name, canonical(value)]));
}
