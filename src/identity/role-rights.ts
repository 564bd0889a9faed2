/** From roles to rights, as the settings say. */
import { RIGHT_WORDS, rightsNamed, type Right } from '../loading/guard/rights.js';

/** The mapping of the settings: words that stand for rights. */
export interface RoleRightsSettings {
  /** Rights of all callers who were let in. */
  everybody: readonly string[];
  byRole: ReadonlyMap<string, readonly string[]>;
}

/** The mapping, checked. */
export interface RoleRights {
  /** Whether any role makes a difference. */
  readonly usesRoles: boolean;
  /** Rights of a caller with these roles. */
  of(roles: readonly string[]): ReadonlySet<Right>;
}

/** A right that does not exist. */
export class UnknownRight extends Error {
  constructor(word: string) {
    super(`there is no right "${word}"; expected one of ${RIGHT_WORDS.join(', ')}`);
    this.name = 'UnknownRight';
  }
}

/** Checks the mapping. Throws `UnknownRight`. */
export function createRoleRights({ everybody, byRole }: RoleRightsSettings): RoleRights {
  const common = toRights(everybody);
  const rightsOfRole = new Map([...byRole].map(([role, words]) => [role, toRights(words)]));
  return {
    usesRoles: rightsOfRole.size > 0,
    of: (roles) => {
      const rights = new Set(common);
      for (const role of roles) for (const right of rightsOfRole.get(role) ?? []) rights.add(right);
      return rights;
    },
  };
}

/** The rights that words stand for. Throws `UnknownRight`. */
export function toRights(words: readonly string[]): Set<Right> {
  return new Set(
    words.flatMap((word) => {
      const rights = rightsNamed(word);
      if (rights === undefined) throw new UnknownRight(word);
      return rights;
    }),
  );
}
