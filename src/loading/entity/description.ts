/**
 * One description per kind of thing in EnOS. What it says is data: loader, list, cache policy, setting, right, guard, filter,
 * node, plan rule and price follow from it, each by one mechanism that reads descriptions and knows no single entity.
 */
import type { Edition } from '../../enos/editions.js';
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
  /** Of lists: what conditions ask for in parameters of their own, by the names of the conditions. */
  parameters?: Readonly<Record<string, unknown>>;
  /** Properties that EnOS is to send, where the description has a projection; absent: all. */
  projection?: readonly string[];
}

/** What reads of one thing and of many have in common. */
interface AnyRead {
  readonly operation: OperationId;
  /** Members of things that are parsed when somebody asks for them, as in the client's `CallOptions`. */
  readonly defer?: readonly string[];
}

/** How one thing is asked for by its key. */
export interface GetRead extends AnyRead {
  args(key: EntityKey): Arguments<OperationId>;
  /** The raw thing in a reply; null or undefined where EnOS has none. */
  one(reply: Reply<OperationId>): unknown;
}

/** How things are searched for. */
export interface SearchRead extends AnyRead {
  args(request: PageRequest): Arguments<OperationId>;
  page(reply: Reply<OperationId>): { items: readonly unknown[]; total: number | null | undefined };
  /** Largest page, as the contract or EnOS's advice has it. */
  readonly maxPageSize: number;
  /** Whether it covers all there is, so that what it does not return is missing, and need not be confirmed. */
  readonly isComplete: boolean;
  /** Edition from which on it finds things by their keys: before, each is asked for alone. Absent: all editions. */
  readonly keysSince?: Edition | undefined;
}

/** What lists fetch of each thing, by the names that EnOS and the record have for it. */
export interface Projection {
  readonly always: readonly string[];
  /**
   * Heavy members, fetched only where they are selected: undefined in records of lists that left them out. Only a record that
   * has them all stands for its thing elsewhere.
   */
  readonly selected: readonly string[];
}

/**
 * What of an entity depends on the assets that a caller may see:
 * - `none`: nothing.
 * - `redact`: members that name assets, which it leaves out for callers who may not see them.
 * - `narrowBy`: the thing itself, which is an asset or belongs to one. By its key one that may not be seen is NOT_FOUND; lists are
 *   narrowed by this member of the filter, which takes ids of assets. `idOf` tells the asset of a record; absent: its key does.
 */
export type AssetRule<Rec> =
  | 'none'
  | { redact(record: Rec, isSeen: (assetId: string) => boolean): Rec }
  | { readonly narrowBy: string; idOf?(record: Rec): string };

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
  /** Member of the record, and of what EnOS sends, that holds its EnOS id; also the argument of the root field. */
  readonly key: string;
  readonly assets: AssetRule<Rec>;
  readonly lifetime: EntityLifetime;
  /** By key; null where EnOS has no operation for one alone. Later editions of an operation are asked where there are. */
  readonly get: GetRead | null;
  /** By expression; likewise. */
  readonly search: SearchRead;
  /** How its key is written in expressions. */
  readonly keyField: string;
  /** Types of entities of which a change of any, beside one of itself, may change it, e.g. its own where it inherits. */
  readonly changesWith: readonly string[];
  /** Absent: lists bring whole records. */
  readonly projection?: Projection;
  /** Members of the record without which EnOS has sent no such thing: the key, and what else it cannot be shown without. */
  readonly needs: readonly string[];
  /**
   * A record of what EnOS sent. Lists its members one by one, so that nothing that EnOS adds, no secret above all, gets any
   * further. `parts` are the selected members of its projection that were asked for; absent: all. Use `recordOf` (records.ts),
   * which checks what it needs.
   */
  record(raw: never, orgId: string, parts?: ReadonlySet<string>): Rec;
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
  'fields' | 'nouns' | 'record' | 'filter' | 'sort' | 'keyField' | 'listCodec' | 'changesWith' | 'needs'
> & {
  key: keyof Rec & string;
  fields?: Entity['fields'];
  nouns?: Entity['nouns'];
  keyField?: string;
  changesWith?: Entity['changesWith'];
  /** Besides the key. */
  needs?: readonly (keyof Rec & string)[];
  /** An object of the members beyond type and organization, made for each. */
  record: (raw: Raw, parts: ReadonlySet<string>) => Omit<Rec, '__typename' | 'orgId'>;
  filter?: Entity['filter'];
  sort?: Entity['sort'];
};

/**
 * Makes a description. Its root fields and nouns are named after its type (`product`, `products`) and its key is called in
 * expressions what it is called in records, unless it says otherwise. Throws `TypeError` where it contradicts the contract.
 */
export function entity<Rec extends EntityRecord, Raw>(given: Given<Rec, Raw>): Entity<Rec> {
  const { type, key, record, filter = {}, sort = {}, keyField = key, changesWith = [], needs = [] } = given;
  const whole = new Set(given.projection?.selected);
  const one = type.charAt(0).toLowerCase() + type.slice(1);
  const made: Entity<Rec> = {
    ...given,
    ...(given.codec ? { listCodec: sliceCodec(given.codec) } : {}),
    fields: given.fields === undefined ? { one, many: `${one}s` } : given.fields,
    nouns: given.nouns ?? { one: words(one), many: `${words(one)}s` },
    keyField,
    filter,
    sort,
    changesWith,
    needs: [key, ...needs],
    record: (raw: never, orgId, parts = whole) =>
      Object.assign(record(raw, parts), { __typename: type, orgId }) as unknown as Rec,
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
