/** Descriptions of what no plain operation gives, so that its reads are code. */
import type { SeenAssets } from '../guard/assets.js';
import type { Loaders } from '../loaders.js';
import type { MaybePromise } from '../maybe.js';
import type { Described, EntityKey } from './description.js';

/**
 * The description of things whose reads are code, because no plain operation gives them: alerts, which two services keep, series,
 * which are read in chunks of time. Right, guard, setting, node and the types that need the right follow from it as from any
 * other; how it is read, filtered, priced and narrowed to assets is code beside it.
 */
export interface Special<Domain extends SpecialDomain> extends Described {
  /** Its loaders: every method takes an organization, or a key that has one, first, and needs the right. */
  readonly reads: Domain;
  /** The loaders over what may be seen of them; `none` where nothing depends on assets. */
  readonly assets: 'none' | ((reads: Loaders[Domain], seen: SeenAssets) => Loaders[Domain]);
  /** One by its EnOS id, for `node`; null where it is no node. */
  readonly load: ((reads: Loaders[Domain], key: EntityKey) => MaybePromise<object>) | null;
}

/** Loaders that special descriptions are about. */
export type SpecialDomain = Exclude<keyof Loaders, 'of' | 'portal' | 'assets' | 'models' | 'trees'>;

/** Makes the description of things whose reads are code. */
export function special<Domain extends SpecialDomain, Lifetime extends Described['lifetime']>(
  given: Special<Domain> & { lifetime: Lifetime },
): Special<Domain> & { lifetime: Lifetime } {
  return given;
}

/** Any of them. */
export type AnySpecial = { [Domain in SpecialDomain]: Special<Domain> }[SpecialDomain];
