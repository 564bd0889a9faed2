import { DEFINITIONS } from '../../src/config/definitions/definitions.js';

/** Settings of a server that keeps nothing beyond its request, so that every operation asks EnOS: all lifetimes at nothing. */
export const NO_CACHE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(DEFINITIONS)
    .filter((name) => name.startsWith('CACHE_TTL_'))
    .map((name) => [name, '0s']),
);
