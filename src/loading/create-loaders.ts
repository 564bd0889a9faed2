import { createAlertLoaders } from './alerts/create.js';
import { createAssetById, type AssetById } from './assets/by-id.js';
import { createAssetLoaders } from './assets/create.js';
import type { LoadContext } from './load-context.js';
import type { Loaders } from './loaders.js';
import type { Entity, EntityRecord } from './entity/description.js';
import { createEntityLoader, type EntityLoader } from './entity/loader.js';
import { createModelLoaders } from './models/create.js';
import { createPortalLoaders, createUserLoaders } from './portal/create.js';
import { createSeriesLoaders } from './series/create.js';
import { createTreeLoaders } from './trees/create.js';
import type { WriteMany, WriteOne } from './write/description.js';
import {
  performMany,
  performOne,
  type WriteRequest,
  type Written,
  type WrittenItem,
} from './write/perform.js';

/**
 * All loaders of one request. Make them again for each request: they remember what it has seen. Those of a domain are made
 * when the first of them is asked for: most operations need few.
 */
export function createLoaders(context: LoadContext): Loaders {
  return new LoadersOfRequest(context);
}

class LoadersOfRequest implements Loaders {
  private assetById: AssetById | undefined;
  private made: Partial<Loaders> = {};
  private described: Map<Entity<never>, EntityLoader<never>> | undefined;

  constructor(private readonly context: LoadContext) {}

  get assets(): Loaders['assets'] {
    return (this.made.assets ??= createAssetLoaders(this.context, this.byId));
  }

  get models(): Loaders['models'] {
    return (this.made.models ??= createModelLoaders(this.context));
  }

  get trees(): Loaders['trees'] {
    return (this.made.trees ??= createTreeLoaders(this.context, this.byId));
  }

  get alerts(): Loaders['alerts'] {
    return (this.made.alerts ??= createAlertLoaders(this.context));
  }

  get series(): Loaders['series'] {
    return (this.made.series ??= createSeriesLoaders(this.context));
  }

  get users(): Loaders['users'] {
    return (this.made.users ??= createUserLoaders(this.context));
  }

  get portal(): Loaders['portal'] {
    return (this.made.portal ??= createPortalLoaders(this.context));
  }

  of<Rec extends EntityRecord>(entity: Entity<Rec>): EntityLoader<Rec> {
    this.described ??= new Map();
    let loader = this.described.get(entity as never) as EntityLoader<Rec> | undefined;
    if (loader === undefined)
      this.described.set(entity as never, (loader = createEntityLoader(this.context, entity)) as never);
    return loader;
  }

  write(write: WriteOne, request: WriteRequest): Promise<Written> {
    return performOne(this.context, this, write, request);
  }

  writeMany(write: WriteMany, request: WriteRequest): Promise<WrittenItem[]> {
    return performMany(this.context, this, write, request);
  }

  /** One for assets and trees, so that each knows what the other has seen. */
  private get byId(): AssetById {
    return (this.assetById ??= createAssetById(this.context));
  }
}
