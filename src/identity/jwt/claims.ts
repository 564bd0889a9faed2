/** Reading claims: a name, or names joined by dots for a claim within a claim (`realm_access.roles`). */
import type { JWTPayload } from 'jose';

/** The text of a claim; null where it is absent, empty, or no text. */
export function textClaim(payload: JWTPayload, name: string): string | null {
  const value = claimAt(payload, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The words of a claim: a list of texts, or one text with spaces between them, as `scope` is written. */
export function wordsClaim(payload: JWTPayload, name: string): string[] {
  const value = claimAt(payload, name);
  const words: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return words.filter((word): word is string => typeof word === 'string' && word !== '');
}

/** Names with dots in them (`https://example.com/roles`) are taken as they are before they are taken apart. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let current: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}
