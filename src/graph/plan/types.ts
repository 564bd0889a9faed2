/** What a plan is made of. */
import type { Edition } from '../../enos/editions.js';

/** A number of things before they are known: exactly so many, or between two bounds. */
export interface Amount {
  readonly least: number;
  /** Null where nothing bounds it. */
  readonly most: number | null;
}

/** Exactly so many. */
export const exactly = (count: number): Amount => ({ least: count, most: count });

/** The product of two amounts. */
export function times(a: Amount, b: Amount): Amount {
  return { least: a.least * b.least, most: a.most === null || b.most === null ? null : a.most * b.most };
}

/** The sum of two amounts. */
export function plus(a: Amount, b: Amount): Amount {
  return { least: a.least + b.least, most: a.most === null || b.most === null ? null : a.most + b.most };
}

/** Settings that decide what is called. */
export interface PlanSettings {
  edition: Edition;
}

/** One kind of read of the loaders. */
export type LoaderName =
  | 'asset'
  | 'assets'
  | 'model'
  | 'models'
  | 'modelChildren'
  | 'storage'
  | 'tree'
  | 'trees'
  | 'treesOfAsset'
  | 'nodePath'
  | 'relatedNodes'
  | 'latest'
  | 'records'
  | 'intervals'
  | 'stateChanges'
  | 'stateDurations'
  | 'energyToday'
  | 'alert'
  | 'alerts'
  | 'pastAlerts'
  | 'alertsOfAsset'
  | 'alertCounts'
  | 'profile'
  | 'organizations'
  | 'grantedAssets'
  | 'users'
  | EntityLoaderName;

/** A read of an entity that has a description, by its type: one by its key, a list, or a list that belongs to something; or a write, by its name. */
export type EntityLoaderName = `${string}.${'one' | 'list' | 'listOf' | 'write'}`;

/** What a field asks of a loader. */
export interface Load {
  loader: LoaderName;
  /** Number of keys (of pairs, for points) that are asked, repeats not counted twice where that is known. */
  keys: Amount;
  /** The keys themselves, where the arguments name them: the same key asked twice costs once. */
  ids?: readonly string[];
  /** Whether several objects, or several fields of one, may mean the same key: then one key may be all. */
  shared?: boolean;
  /** What loads must have in common to share a call, e.g. a stretch of time or a filter. */
  group?: string;
  /** Pages of one list, where the arguments tell. */
  pages?: number;
}

/** Calls of one operation that a plan expects. */
export interface PlannedCall {
  /** Contract name of the service, e.g. `asset-tree`. */
  service: string;
  /** operationId, e.g. `searchAssetNode`; where the data decides among several, those it may be, joined by " or ". */
  operation: string;
  /** Provided that what is asked for by its id exists. */
  calls: Amount;
  /** Why it is not one number, e.g. `one per 3000 pairs, 0 to 5000 pairs`; null where it is. */
  formula: string | null;
  /** Calls of round 2 need answers of round 1; those of one round go out together. */
  round: number;
  /** Fields that need it, as paths of response keys, `asset.children.nodes.model`; the first fifty. */
  paths: string[];
}
