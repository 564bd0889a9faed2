/** Thing models, and reads of them that no list and no key stands for. */
import type { components } from '../../enos/generated/types/model.js';
import type { I18nText } from '../common.js';
import type { EntityRecord } from '../entity/description.js';
import type { MaybePromise } from '../maybe.js';

/** What makes a model heavy, by the names of its members. */
export const FEATURES = ['attributes', 'measurepoints', 'services', 'events'] as const;

/** They by their ids, inherited ones included; undefined where EnOS sends none. */
export type Features = Readonly<
  Partial<Pick<components['schemas']['ThingModel'], (typeof FEATURES)[number]>>
>;

/** A thing model, whole: its features may be parsed when somebody asks for them. */
export interface ModelRecord extends EntityRecord, Features {
  readonly modelId: string;
  /** Organization that made it: another one than `orgId`, which was asked, for a shared model. */
  readonly makerOrgId: string | null;
  readonly name: I18nText | null;
  readonly description: string | null;
  readonly category: string | null;
  /** From the root of inheritance down to this one, as `/root/parent/model`. */
  readonly modelIdPath: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** A key of a thing model. */
export interface ModelKey {
  orgId: string;
  modelId: string;
}

/** Reads of thing models besides those that their description gives. */
export interface ModelLoaders {
  /** Direct heirs of a model: relationFilter in edition 2.3, all models compared by modelIdPath before. */
  children(key: ModelKey): MaybePromise<readonly ModelRecord[]>;
  /**
   * Kinds of storage per point (AI_RAW, AI_NORMALIZED, DI, PI, GENERIC) of a model, from
   * getMeasurementPointTsdbMetadata; a point without an entry has no storage policy.
   */
  storage(key: ModelKey): MaybePromise<Readonly<Record<string, readonly string[]>>>;
}
