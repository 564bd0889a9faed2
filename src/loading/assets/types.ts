/** Assets as the graph sees them, whichever operation they came from. */
import type { I18nText, NameFilter, Slice, TagFilter, Window } from '../common.js';
import type { MaybePromise } from '../maybe.js';

/** A key of an asset. */
export interface AssetKey {
  orgId: string;
  assetId: string;
}

/**
 * An asset. `attributes` and `tags` are undefined where a list read left them out by projection; `byId` always has them.
 * 64-bit integers among the attributes are `bigint`.
 */
export interface AssetRecord {
  assetId: string;
  orgId: string;
  modelId: string;
  modelIdPath: string | null;
  name: I18nText;
  description: string | null;
  /** UTC offset such as `+08:00`, or an IANA zone. */
  timezone: string;
  attributes?: Readonly<Record<string, unknown>>;
  tags?: Readonly<Record<string, string>>;
}

/** The heavy parts of an asset, fetched only where selected. */
export type AssetPart = 'attributes' | 'tags';

/** Typed conditions, and-ed. Compiled to an EnOS expression, or to the structured filter of a tree search. */
export interface AssetFilter {
  assetIds?: readonly string[];
  modelIds?: readonly string[];
  /** Models at the root of the inheritance path: matches all their heirs. */
  rootModelIds?: readonly string[];
  name?: NameFilter;
  tags?: readonly TagFilter[];
  /** Integers beyond 2^53 are `bigint`. */
  attributes?: readonly { attributeId: string; equals: string | number | bigint | boolean }[];
  /** Only with `search`: assets of this tree. */
  treeId?: string;
}

/** Reads of assets. */
export interface AssetLoaders {
  /**
   * One asset, whole. Many in one tick become one searchAssetNode; one alone, and each that a search did not return,
   * is asked with getAsset, whose refusal (99404, 99403) is the answer.
   */
  byId(key: AssetKey): MaybePromise<AssetRecord>;
  /** A list by searchAssetNode. `parts` names the heavy parts that are selected. */
  search(
    orgId: string,
    filter: AssetFilter,
    window: Window,
    parts: ReadonlySet<AssetPart>,
  ): MaybePromise<Slice<AssetRecord>>;
}
