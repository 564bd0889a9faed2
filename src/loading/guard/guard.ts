/**
 * The one place where rights are checked on the way to data: a guard around the loaders. Resolvers have no other way to
 * anything, so that none can forget the check, whatever path of the graph leads to it.
 */
import { alert } from '../entities/alert.js';
import { series } from '../entities/series.js';
import { user } from '../entities/user.js';
import type { Entity, EntityRecord } from '../entity/description.js';
import type { Special, SpecialDomain } from '../entity/special.js';
import type { EntityLoader } from '../entity/loader.js';
import type { Loaders } from '../loaders.js';
import { seenOnly, type SeenAssets } from './assets.js';
import { seenEntity } from './seen-entity.js';
import { unseen } from './access-error.js';
import type { Write, WriteMany, WriteOne } from '../write/description.js';
import type { WriteRequest, Written, WrittenItem } from '../write/perform.js';
import { guardedEntity, refusalOf, scopedLoaders, type Scope } from './scope.js';

/** What a caller may see. */
export interface GuardRules extends Scope {
  /** Assets that he may see; absent: all that the application may read. */
  assets?: SeenAssets | undefined;
}

/** The loaders as a caller may use them. Those of a domain are made when they are asked for, as the ones below them. */
export function guardLoaders(loaders: Loaders, rules: GuardRules): Loaders {
  return new GuardedLoaders(loaders, rules);
}

class GuardedLoaders implements Loaders {
  private readonly made: Partial<Loaders> = {};

  constructor(
    private readonly loaders: Loaders,
    private readonly rules: GuardRules,
  ) {}

  get assets(): Loaders['assets'] {
    return (this.made.assets ??= this.seen(
      scopedLoaders(this.loaders.assets, 'assets:read', this.rules),
      seenOnly.assets,
    ));
  }

  get models(): Loaders['models'] {
    return (this.made.models ??= scopedLoaders(this.loaders.models, 'models:read', this.rules));
  }

  get trees(): Loaders['trees'] {
    return (this.made.trees ??= this.seen(
      scopedLoaders(this.loaders.trees, 'trees:read', this.rules),
      seenOnly.trees,
    ));
  }

  get alerts(): Loaders['alerts'] {
    return this.special(alert);
  }

  get series(): Loaders['series'] {
    return this.special(series);
  }

  get users(): Loaders['users'] {
    return this.special(user);
  }

  /** About the caller himself, which needs no right. */
  get portal(): Loaders['portal'] {
    return this.loaders.portal;
  }

  of<Rec extends EntityRecord>(entity: Entity<Rec>): EntityLoader<Rec> {
    const loader = guardedEntity(this.loaders.of(entity), entity, this.rules);
    const { assets } = this.rules;
    return assets === undefined ? loader : seenEntity(loader, entity, assets);
  }

  write(write: WriteOne, request: WriteRequest): Promise<Written> {
    return this.loaders.write(write, { ...request, permit: this.permitOf(write, request.orgId) });
  }

  writeMany(write: WriteMany, request: WriteRequest): Promise<WrittenItem[]> {
    return this.loaders.writeMany(write, { ...request, permit: this.permitOf(write, request.orgId) });
  }

  private permitOf({ right }: Write, orgId: string): NonNullable<WriteRequest['permit']> {
    return async (assetIds) => {
      const refused = refusalOf(this.rules)(right.name, orgId);
      if (refused) throw refused;
      const visible = assetIds.length === 0 ? undefined : await this.rules.assets?.(orgId);
      const hidden = visible && assetIds.find((assetId) => !visible.has(assetId));
      if (hidden !== undefined) throw unseen('asset', hidden);
    };
  }

  /** Reads that are code, as their description has it. */
  private special<D extends SpecialDomain>(description: Special<D>): Loaders[D] {
    const made: Partial<Pick<Loaders, D>> = this.made;
    return (made[description.reads] ??= this.guardedSpecial(description));
  }

  private guardedSpecial<D extends SpecialDomain>({ reads, right, assets }: Special<D>): Loaders[D] {
    const guarded = scopedLoaders(this.loaders[reads], right.name, this.rules);
    return assets === 'none' ? guarded : this.seen(guarded, assets);
  }

  /** What of a domain he may see. */
  private seen<Domain>(domain: Domain, only: (domain: Domain, seen: SeenAssets) => Domain): Domain {
    const { assets } = this.rules;
    return assets === undefined ? domain : only(domain, assets);
  }
}
