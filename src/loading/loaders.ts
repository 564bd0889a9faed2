/**
 * What the graph may ask for. One `Loaders` is made per request (create-loaders.ts); nothing in it outlives the request
 * but the shared cache. Every loader batches what one tick of the query asks, looks the keys up in the cache, sends the
 * rest in as few EnOS calls as the contract's limits allow, and matches answers to keys by id. All reject with `EnosError`
 * (or `InputError` for arguments that cannot be served), one key at a time: a failed key leaves the others whole.
 */
import type { AlertLoaders } from './alerts/types.js';
import type { EntityReads } from './entity/loader.js';
import type { AssetLoaders } from './assets/types.js';
import type { ModelLoaders } from './models/types.js';
import type { PortalLoaders, UserLoaders } from './portal/types.js';
import type { SeriesLoaders } from './series/types.js';
import type { TreeLoaders } from './trees/types.js';
import type { WriteMany, WriteOne } from './write/description.js';
import type { WriteRequest, Written, WrittenItem } from './write/perform.js';

/** All loaders of one request. */
export interface Loaders extends EntityReads {
  assets: AssetLoaders;
  models: ModelLoaders;
  trees: TreeLoaders;
  alerts: AlertLoaders;
  series: SeriesLoaders;
  users: UserLoaders;
  portal: PortalLoaders;
  /** Performs a write of one thing. What these loaders have read before may then be of before: make others. */
  write(write: WriteOne, request: WriteRequest): Promise<Written>;
  /** The same for a write of many. */
  writeMany(write: WriteMany, request: WriteRequest): Promise<WrittenItem[]>;
}
