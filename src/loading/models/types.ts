/** Thing models as the graph sees them. */
import type { components } from '../../enos/generated/types/model.js';
import type { Slice, TagFilter, Window } from '../common.js';
import type { MaybePromise } from '../maybe.js';

/** A key of a thing model. */
export interface ModelKey {
  orgId: string;
  modelId: string;
}

/** A thing model as EnOS returns it. Always whole: list reads that crop a model hand out `ModelSummary`. */
export type ModelRecord = components['schemas']['ThingModel'] & { modelId: string };

/** Typed conditions, and-ed. */
export interface ModelFilter {
  modelIds?: readonly string[];
  tags?: readonly TagFilter[];
  attributeTags?: readonly TagFilter[];
  measurepointTags?: readonly TagFilter[];
  serviceTags?: readonly TagFilter[];
  eventTags?: readonly TagFilter[];
  /** organization: own models only. shared: public models only (edition 2.3). all: both, the default. */
  scope?: 'all' | 'organization' | 'shared';
}

/** Reads of thing models. */
export interface ModelLoaders {
  /** One model, whole: searchThingModel for many, getThingModel for one alone and to confirm a missing one. */
  byId(key: ModelKey): MaybePromise<ModelRecord>;
  /** Has `byId` know these models, as `BatchLoader.prefetch` says. May reject where the caller may not ask for them. */
  prefetch(orgId: string, modelIds: readonly string[]): Promise<void> | undefined;
  /** A list by searchThingModel; primes `byId` with the models it returns, since it asks for them whole. */
  search(orgId: string, filter: ModelFilter, window: Window): MaybePromise<Slice<ModelRecord>>;
  /** Direct heirs of a model: relationFilter in edition 2.3, all models compared by modelIdPath before. */
  children(key: ModelKey): MaybePromise<ModelRecord[]>;
  /**
   * Kinds of storage per point (AI_RAW, AI_NORMALIZED, DI, PI, GENERIC) of a model, from
   * getMeasurementPointTsdbMetadata; a point without an entry has no storage policy.
   */
  storage(key: ModelKey): MaybePromise<Readonly<Record<string, readonly string[]>>>;
}
