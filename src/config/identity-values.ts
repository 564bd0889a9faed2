/** How the settings of identity are written: ways to be let in, algorithms, rights of roles. */
import { z } from 'zod';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './jwt-algorithms.js';

const MODES = ['portal', 'jwt', 'api-key', 'none'] as const;

/** A way to be let in. */
export type AuthMode = (typeof MODES)[number];

/** Words separated by commas, each of a few, at least one. */
function wordsOf<const T extends string>(known: readonly T[], what: string): z.ZodType<T[], string> {
  return z.string().transform((value, context) => {
    const words = split(value, ',');
    const found = words.flatMap((word) => known.filter((candidate) => candidate === word));
    if (words.length > 0 && found.length === words.length) return [...new Set(found)];
    context.addIssue({
      code: 'custom',
      message: `expected ${what}, separated by commas: ${known.join(', ')}`,
    });
    return z.NEVER;
  });
}

/** Ways to be let in. */
export const authModes = (): z.ZodType<AuthMode[], string> => wordsOf(MODES, 'ways to be let in');

/** Algorithms of signatures. */
export const jwtAlgorithms = (): z.ZodType<JwtAlgorithm[], string> =>
  wordsOf(JWT_ALGORITHMS, 'asymmetric algorithms');

/** Rights separated by commas. Which rights there are is for the graph to say. */
export function rightsList(): z.ZodType<string[], string> {
  return z.string().transform((value, context) => {
    const words = split(value, ',');
    if (words.every((word) => /^[a-z*:-]+$/.test(word))) return words;
    context.addIssue({
      code: 'custom',
      message: 'expected rights separated by commas, such as read,alerts:write',
    });
    return z.NEVER;
  });
}

/** `role=right,right;role=right`. */
export function rightsByRole(): z.ZodType<ReadonlyMap<string, readonly string[]>, string> {
  return z.string().transform((value, context) => {
    const roles = new Map<string, readonly string[]>();
    for (const part of split(value, ';')) {
      const [role = '', rights, ...rest] = part.split('=').map((text) => text.trim());
      if (role === '' || !rights || rest.length > 0 || roles.has(role)) {
        context.addIssue({
          code: 'custom',
          message: 'expected roles with their rights, such as operator=read,alerts:write;admin=*',
        });
        return z.NEVER;
      }
      roles.set(role, split(rights, ','));
    }
    return roles;
  });
}

/** As it is written. */
export function formatRightsByRole(roles: ReadonlyMap<string, readonly string[]>): string {
  return [...roles].map(([role, rights]) => `${role}=${rights.join(',')}`).join(';');
}

function split(text: string, separator: string): string[] {
  return text.split(separator).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
