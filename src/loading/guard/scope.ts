/**
 * Rights and organizations, checked before a loader is asked anything: every method of a domain that takes a key goes through
 * the same check, those that will be added too. What may be asked is handed on as it is, at no cost but the check.
 */
import type { Entity, EntityRecord } from '../entity/description.js';
import type { EntityLoader } from '../entity/loader.js';
import { foreignOrganization, rightMissing } from './access-error.js';
import type { Right } from './rights.js';

/** What a caller may ask. */
export interface Scope {
  /** Null: any that the application may read. */
  organizations: ReadonlySet<string> | null;
  rights: ReadonlySet<Right>;
}

/** The loaders of a domain, for a caller of this scope: every method needs the right. */
export function scopedLoaders<Methods extends object>(methods: Methods, right: Right, scope: Scope): Methods {
  const refusal = refusalOf(scope);
  return guarded(methods, (orgId) => refusal(right, orgId));
}

/** The reads of an entity, for a caller of this scope: without the right that its description names, none. */
export function guardedEntity<Rec extends EntityRecord>(
  loader: EntityLoader<Rec>,
  { right }: Entity<Rec>,
  scope: Scope,
): EntityLoader<Rec> {
  const refusal = refusalOf(scope);
  return {
    load: (key) => refused(refusal(right.name, key.orgId)) ?? loader.load(key),
    fresh: (key) => refused(refusal(right.name, key.orgId)) ?? loader.fresh(key),
    find: (key) => refused(refusal(right.name, key.orgId)) ?? loader.find(key),
    prefetch: (orgId, ids) => (refusal(right.name, orgId) === null ? loader.prefetch(orgId, ids) : undefined),
    list: (orgId, query, window) => refused(refusal(right.name, orgId)) ?? loader.list(orgId, query, window),
    listOf: (orgId, query, owner, window) =>
      refused(refusal(right.name, orgId)) ?? loader.listOf(orgId, query, owner, window),
  };
}

function refused(refusal: Error | null): Promise<never> | undefined {
  return refusal === null ? undefined : Promise.reject(refusal);
}

/** Why a caller may not ask about an organization with a right; null where he may. */
export function refusalOf({ organizations, rights }: Scope): (right: Right, orgId: string) => Error | null {
  return (right, orgId) => {
    if (!rights.has(right)) return rightMissing(right);
    if (organizations === null || organizations.has(orgId) || rights.has('organizations:all')) return null;
    return foreignOrganization(orgId);
  };
}

/** Every method's first argument is an organization, or a key that has one. */
function guarded<Methods extends object>(
  methods: Methods,
  refusal: (orgId: string) => Error | null,
): Methods {
  const wrapped = Object.entries(methods).map(([name, method]) => {
    const ask = method as (...args: unknown[]) => unknown;
    return [
      name,
      (...args: unknown[]) => {
        const refused = refusal(orgIdOf(args[0]));
        return refused ? Promise.reject(refused) : ask.apply(methods, args);
      },
    ] as const;
  });
  return Object.fromEntries(wrapped) as Methods;
}

function orgIdOf(first: unknown): string {
  if (typeof first === 'string') return first;
  const orgId: unknown =
    typeof first === 'object' && first !== null && 'orgId' in first ? first.orgId : undefined;
  if (typeof orgId !== 'string') throw new Error('A loader must be asked with an organization first');
  return orgId;
}
