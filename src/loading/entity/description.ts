/**
 * One description per kind of thing in EnOS. What it says is data: loader, list, cache policy, setting, right, guard, filter,
 * node, plan rule and price follow from it, each by one mechanism that reads descriptions and knows no single entity.
 */
import { OPERATIONS } from '../../enos/generated/operations.js';
import type { Reply } from '../../enos/client.js';
import type { Arguments, OperationId } from '../../enos/operation.js';
import type { Codec } from '../read/codec.js';
import type { Slice } from '../common.js';
import type { Right } from '../guard/right.js';
import type { FilterMember } from './filter.js';

/** What every record of an entity holds: its GraphQL type, by which `node` tells it, and its organization. */
export interface EntityRecord {
  readonly __typename: string;
  readonly orgId: string;
}

/** A key of an entity. */
export interface EntityKey {
  orgId: string;
  id: string;
}

/** What a page of a search is asked with; what an operation has no use for it leaves out. */
export interface PageRequest {
  orgId: string;
  /** Undefined for everything. */
  expression: string | undefined;
  pagination: { pageNo: number; pageSize: number; sorters?: { field: string; order: 'ASC' | 'DESC' }[] };
}

/** How one thing is asked for by its key. */
export interface GetRead {
  readonly operation: OperationId;
  args(key: EntityKey): Arguments<OperationId>;
  /** The raw thing in a reply; null or undefined where EnOS has none. */
  one(reply: Reply<OperationId>): unknown;
}

/** How things are searched for. */
export interface SearchRead {
  readonly operation: OperationId;
  args(request: PageRequest): Arguments<OperationId>;
  page(reply: Reply<OperationId>): { items: readonly unknown[]; total: number | null | undefined };
  /** Largest page, as the contract or EnOS's advice has it. */
  readonly maxPageSize: number;
  /** Whether it covers all there is, so that what it does not return is missing, and need not be confirmed. */
  readonly isComplete: boolean;
}

/** How long values are kept: the setting that says so, and what it is by default. */
export interface EntityLifetime {
  /** Name in the environment. */
  readonly setting: `CACHE_TTL_${string}`;
  /** Milliseconds. */
  readonly fallback: number;
}

/** What is said of every kind of thing, whether its reads follow from its description or are code (special.ts). */
export interface Described {
  /** Name of the GraphQL type, e.g. `Product`. */
  readonly type: string;
  /** What one is called in texts, and several, e.g. `product`, `products`. */
  readonly nouns: { readonly one: string; readonly many: string };
  /** What reading it needs, and what having that right allows. */
  readonly right: {
    readonly name: Right;
    readonly allows: string;
    /** About people: the word `read` does not stand for it. */
    readonly personal?: boolean;
  };
  /** GraphQL types that show its data, and so need its right; absent: its own. */
  readonly shownBy?: readonly string[];
  /** Null where values of it are kept for several times, which have settings of their own. */
  readonly lifetime: EntityLifetime | null;
}

/** The description of an entity whose records are `Rec`. */
export interface Entity<Rec extends EntityRecord = EntityRecord> extends Described {
  /** Names of the root fields, one by its key and the connection; null where it has none, and is no node. */
  readonly fields: { readonly one: string; readonly many: string } | null;
  /** Member of the record that holds its EnOS id, also the argument of the root field. */
  readonly key: string;
  /**
   * What of it depends on the assets that a caller may see: nothing, or members that name some, which `redact` leaves out for
   * callers who may not see them.
   */
  readonly assets: 'none' | { redact(record: Rec, isSeen: (assetId: string) => boolean): Rec };
  readonly lifetime: EntityLifetime;
  /** By key; null where EnOS has no operation for one alone. Later editions of an operation are asked where there are. */
  readonly get: GetRead | null;
  /** By expression; likewise. */
  readonly search: SearchRead;
  /** How its key is written in expressions. */
  readonly keyField: string;
  /**
   * A record of what EnOS sent. Lists its members one by one, so that nothing that EnOS adds, no secret above all, gets any
   * further. Throws for what is no such thing.
   */
  record(raw: never, orgId: string): Rec;
  /** Conditions of lists by the name of their argument. */
  readonly filter: Readonly<Record<string, FilterMember>>;
  /** Orders of lists: the name of the order, and EnOS's name of the field. */
  readonly sort: Readonly<Record<string, string>>;
  /** Needed where records are not plain JSON data. */
  readonly codec?: Codec<Rec>;
  /** The same for windows of lists; made by `entity`. */
  readonly listCodec?: Codec<Slice<Rec>>;
}

/** The record of an entity. */
export type RecordOf<E> = E extends Entity<infer Rec> ? Rec : never;

/** What `entity` is given. */
type Given<Rec extends EntityRecord, Raw> = Omit<
  Entity<Rec>,
  'fields' | 'nouns' | 'record' | 'filter' | 'sort' | 'keyField' | 'listCodec'
> & {
  key: keyof Rec & string;
  fields?: Entity['fields'];
  nouns?: Entity['nouns'];
  keyField?: string;
  /** The members beyond type and organization. */
  record: (raw: Raw) => Omit<Rec, '__typename' | 'orgId'>;
  filter?: Entity['filter'];
  sort?: Entity['sort'];
};

/**
 * Makes a description. Its root fields and nouns are named after its type (`product`, `products`) and its key is called in
 * expressions what it is called in records, unless it says otherwise. Throws `TypeError` where it contradicts the contract.
 */
export function entity<Rec extends EntityRecord, Raw>(given: Given<Rec, Raw>): Entity<Rec> {
  const { type, key, record, filter = {}, sort = {}, keyField = key } = given;
  const one = type.charAt(0).toLowerCase() + type.slice(1);
  const made: Entity<Rec> = {
    ...given,
    ...(given.codec ? { listCodec: sliceCodec(given.codec) } : {}),
    fields: given.fields === undefined ? { one, many: `${one}s` } : given.fields,
    nouns: given.nouns ?? { one: words(one), many: `${words(one)}s` },
    keyField,
    filter,
    sort,
    record: (raw: never, orgId) => ({ __typename: type, orgId, ...record(raw) }) as unknown as Rec,
  };
  check(made);
  return made;
}

/** `assetTree` in words. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Holds a description against the contract: a page or an order that EnOS refuses is a mistake of ours. */
function check({ type, search, sort }: Pick<Entity, 'type' | 'search' | 'sort'>): void {
  const { operation, maxPageSize } = search;
  const { pagination } = OPERATIONS[operation];
  const largest = pagination?.maxPageSize ?? null;
  if (largest !== null && maxPageSize > largest)
    throw new TypeError(`${type}: ${operation} takes pages of ${largest} at most`);
  for (const field of Object.values(sort)) {
    if (pagination?.sortable.includes(field) !== true)
      throw new TypeError(`${type}: ${operation} cannot sort by ${field}`);
  }
}

function sliceCodec<Rec>(codec: Codec<Rec>): Codec<Slice<Rec>> {
  return {
    toJson: (slice) => ({ ...slice, items: slice.items.map((item) => codec.toJson(item)) }),
    fromJson: (json) => {
      const slice = json as Slice<unknown>;
      return { ...slice, items: slice.items.map((item) => codec.fromJson(item)) };
    },
  };
}
