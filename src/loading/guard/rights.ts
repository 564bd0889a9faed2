/** What a caller may be allowed to do. Roles are mapped to rights by the settings; loaders and fields ask for rights only. */

import { DESCRIBED } from '../entities/index.js';
import * as WRITE_RIGHTS from '../write/rights.js';
import type { Right } from './right.js';

export type { Right } from './right.js';

/** Rights that belong to no entity alone. */
const GENERAL = {
  'assets:read': 'see assets and their attributes',
  'models:read': 'see thing models',
  'trees:read': 'see asset trees and the places in them',
  'assets:all': 'see assets that the Application Portal grants to others only',
  'organizations:all': 'ask about any organization that the application may read',
} as const satisfies Readonly<Record<Right, string>>;

/** Every right, with what it allows. */
export const RIGHTS: Readonly<Record<Right, string>> = {
  ...GENERAL,
  ...Object.fromEntries(
    [...DESCRIBED.map(({ right }) => right), ...Object.values(WRITE_RIGHTS)].map(({ name, allows }) => [
      name,
      allows,
    ]),
  ),
};

/** All rights. */
export const ALL_RIGHTS: ReadonlySet<Right> = new Set(Object.keys(RIGHTS) as Right[]);

/** What may stand for several rights. */
const GROUPS: Readonly<Record<string, readonly Right[]>> = {
  '*': [...ALL_RIGHTS],
  read: [
    'assets:read',
    'models:read',
    'trees:read',
    ...DESCRIBED.filter(({ right }) => right.personal !== true).map(({ right }) => right.name),
  ],
};

/** The rights that a word stands for; undefined for a word that is neither a right nor a group of them. */
export function rightsNamed(word: string): readonly Right[] | undefined {
  if (Object.hasOwn(GROUPS, word)) return GROUPS[word];
  return Object.hasOwn(RIGHTS, word) ? [word as Right] : undefined;
}

/** Words that `rightsNamed` knows, for messages. */
export const RIGHT_WORDS: readonly string[] = [...Object.keys(GROUPS), ...Object.keys(RIGHTS)];
