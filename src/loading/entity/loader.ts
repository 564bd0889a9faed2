/** Reads of any entity, made of its description: by key in batches, and as lists in windows. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ReadToken } from '../../cache/cache.js';
import type { Edition } from '../../enos/editions.js';
import { chunk, fetchInParts } from '../chunk.js';
import type { Slice, Window } from '../common.js';
import { callDirectly } from '../direct-call.js';
import { localError, type EnosCall } from '../enos-call.js';
import { expressionOf, field } from '../expression.js';
import { fetchByIds, searchForIds } from '../read/fetch-by-ids.js';
import type { KeyPart } from '../read/key-table.js';
import type { LoadContext, LoadingSettings } from '../load-context.js';
import { attempt, then, type MaybePromise } from '../maybe.js';
import { isNotFound } from '../../enos/errors.js';
import { readAll, readWindow, windowLabel, type Page } from '../page-window.js';
import { untilEnd } from '../request/request-end.js';
import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import { readList } from '../read/read-list.js';
import { entitiesTag, entityTag } from '../tags.js';
import { createdRecord, isCreated, isDeleted, patched, type WrittenThing } from '../write/recent.js';
import type { Entity, EntityKey, EntityLifetime, EntityRecord, GetRead, SearchRead } from './description.js';
import { askedFilter, tagsOfFilter, type AskedFilter } from './filter.js';
import { findsKeys, inEdition, mostKeys } from './limits.js';
import { createListsOfOwners, windowOf, type ListsOfOwners } from './lists-of-owners.js';
import type { ListQuery, Owner } from './query.js';
import { isWhole, keyOf, projectionOf, recordOf } from './records.js';

const NOT_FOUND = 99404;
/** Milliseconds until a thing that was just created is looked for again. */
const CREATED_AGAIN_AFTER = 200;

/** A list as EnOS is asked for it. */
interface AskedList extends Pick<AskedFilter, 'parameters' | 'matches'> {
  orgId: string;
  /** Undefined for everything. */
  expression: string | undefined;
  sorters: { field: string; order: 'ASC' | 'DESC' }[];
  parts: ReadonlySet<string> | undefined;
  projection: string[] | undefined;
}

/** Reads of an entity. All reject with `EnosError`, or with `InputError` for what EnOS cannot be asked. */
export interface EntityLoader<Rec extends EntityRecord> {
  /**
   * One by its key. Many in one tick share a search, as many to a call as the contract allows; one alone, and each that a
   * search did not return, is asked for by the operation of one, whose refusal is the answer.
   */
  load(key: EntityKey): MaybePromise<Rec>;
  /** The same as EnOS has it at this moment, past every cache: before something is written back. Rejects likewise. */
  fresh(key: EntityKey): Promise<Rec>;
  /** The same, for ids that records name though there may be nothing behind them: null where there is none. */
  find(key: EntityKey): MaybePromise<Rec | null>;
  /** Fetches ahead: once it has resolved, `load` answers at once. Undefined where nothing is to be fetched. Never rejects. */
  prefetch(orgId: string, ids: readonly string[]): Promise<void> | undefined;
  /** A window of a list. */
  list(orgId: string, query: ListQuery, window: Window): MaybePromise<Slice<Rec>>;
  /**
   * A window of the list of those that belong to one other thing: `member` of the filter holds its id. Lists of one tick that
   * differ in the id alone share a search as long as one page holds them all; else each is asked for.
   */
  listOf(orgId: string, query: ListQuery, owner: Owner, window: Window): MaybePromise<Slice<Rec>>;
}

/** Reads of all entities that have a description. */
export interface EntityReads {
  of<Rec extends EntityRecord>(entity: Entity<Rec>): EntityLoader<Rec>;
}

/** The same with what other loaders of the request need, which come by records in ways of their own. */
export interface SharedReads<Rec extends EntityRecord> extends EntityLoader<Rec> {
  /** Whole records are known to this request from now on; others pass. */
  prime(records: readonly Rec[]): void;
  /** Caches the whole ones of records that just came from EnOS; `asOf` was taken before they were asked for. */
  store(records: readonly Rec[], asOf: ReadToken): void;
}

/** The reads of an entity for one request. */
export function createEntityLoader<Rec extends EntityRecord>(
  context: LoadContext,
  entity: Entity<Rec>,
): SharedReads<Rec> {
  return new DescribedLoader(context, entity);
}

/** Milliseconds that records are kept. */
export function lifetimeOf(
  { lifetimes }: Pick<LoadingSettings, 'lifetimes'>,
  { lifetime }: { lifetime: EntityLifetime },
): number {
  return lifetimes.entities?.[lifetime.setting] ?? lifetime.fallback;
}

class DescribedLoader<Rec extends EntityRecord> implements SharedReads<Rec> {
  private readonly byKey: BatchLoader<EntityKey, Rec>;
  private readonly search: SearchRead;
  private readonly get: GetRead | null;
  private readonly edition: Edition;
  private readonly lifetime: number;
  private ofOwners: ListsOfOwners<Rec> | undefined;

  constructor(
    private readonly context: LoadContext,
    private readonly entity: Entity<Rec>,
  ) {
    const { settings } = context;
    const { type, codec } = entity;
    const { edition } = settings;
    this.edition = edition;
    this.search = inEdition(entity.search, edition);
    this.lifetime = lifetimeOf(settings, entity);
    const get = entity.get && inEdition(entity.get, edition);
    this.get = get;
    this.byKey = createBatchLoader({
      context,
      kind: type,
      operation: this.search.operation,
      keyOf: ({ id }: EntityKey) => [id],
      lifetime: this.lifetime,
      ...(codec ? { codec } : {}),
      tags: (key) => [this.tagOf(key), ...this.tagsOfOthers(key.orgId)],
      showsWrites: (key) => context.runtime.recent.of(this.tagOf(key)) !== undefined,
      fetch: (keys, call) =>
        get && !findsKeys(this.search, edition)
          ? this.getEach(get, keys, call)
          : fetchByIds(keys, {
              idOf: ({ id }) => id,
              maxIds: mostKeys(this.search),
              search: (orgId, ids) => this.searchFor(orgId, ids, call),
              get: get ? (key) => this.getOne(get, key, call) : undefined,
              isComplete: this.search.isComplete,
              missing: (key) => this.missing(this.search.operation, key, null),
            }),
    });
  }

  load(key: EntityKey): MaybePromise<Rec> {
    const written = this.context.runtime.recent.of(this.tagOf(key));
    return written === undefined ? this.byKey.load(key) : this.asWritten(key, written);
  }

  fresh(key: EntityKey): Promise<Rec> {
    const { get, search } = this;
    const { operation } = get ?? search;
    return callDirectly(this.context, { operation, keys: [key.id] }, async (call) => {
      if (get) return this.getOne(get, key, call);
      const found = (await this.searchFor(key.orgId, [key.id], call)).get(key.id);
      if (found instanceof Error) throw found;
      if (found === undefined) throw this.missing(operation, key, null);
      return found;
    });
  }

  find(key: EntityKey): MaybePromise<Rec | null> {
    const found = this.load(key);
    return found instanceof Promise ? found.catch(nullIfMissing) : found;
  }

  prefetch(orgId: string, ids: readonly string[]): Promise<void> | undefined {
    return this.byKey.prefetch(ids.map((id) => ({ orgId, id })));
  }

  prime(records: readonly Rec[]): void {
    const { entity } = this;
    for (const record of records)
      if (isWhole(entity, record)) this.byKey.prime(keyOf(entity, record), record);
  }

  store(records: readonly Rec[], asOf: ReadToken): void {
    const { entity } = this;
    this.byKey.store(
      records
        .filter((record) => isWhole(entity, record))
        .map((record) => [keyOf(entity, record), record] as const),
      asOf,
    );
  }

  list(orgId: string, query: ListQuery, window: Window): MaybePromise<Slice<Rec>> {
    return attempt(() => {
      const { entity, search } = this;
      const list = this.listAsked(orgId, query);
      if (list === null) return { items: [], offset: window.offset, totalCount: 0 };
      const { expression, matches } = list;
      const read = readList<Slice<Rec>>(this.context, {
        kind: `${entity.type}.list`,
        operation: search.operation,
        orgId,
        parts: [...askedParts(list), ...(matches ? [] : [window.offset, window.limit])],
        lifetime: this.lifetime,
        ...(entity.listCodec ? { codec: entity.listCodec } : {}),
        tags: this.tagsOfList(orgId, query),
        label: matches ? (expression ?? 'all') : `${expression ?? 'all'} ${windowLabel(window)}`,
        fetch: (call, asOf) =>
          matches ? this.fetchAll(list, call, asOf) : this.fetchList(list, window, call, asOf),
      });
      return then(this.primed(read), (slice) =>
        matches ? windowOf(slice.items.filter(matches), window) : slice,
      );
    });
  }

  listOf(orgId: string, query: ListQuery, owner: Owner, window: Window): MaybePromise<Slice<Rec>> {
    return attempt(() => {
      this.ofOwners ??= createListsOfOwners(this.context, this.entity, {
        lifetime: this.lifetime,
        operation: this.search.operation,
        tags: (key) => this.tagsOfList(key.orgId, key.query),
        pageSize: this.search.maxPageSize,
        list: async (key, ids, part, call, asOf) => {
          const { member } = key.owner;
          const asked = { ...key.query, filter: { ...key.query.filter, [member]: ids } };
          const list = this.listAsked(key.orgId, asked);
          if (list === null) return { items: [], offset: part.offset, totalCount: 0 };
          const { matches } = list;
          if (!matches) return this.fetchList(list, part, call, asOf);
          return windowOf((await this.fetchAll(list, call, asOf)).items.filter(matches), part);
        },
      });
      return this.primed(this.ofOwners.load({ orgId, query, owner, window }));
    });
  }

  /** What EnOS is asked for a list; null where nothing can match. Throws `InputError` for what it cannot be asked. */
  private listAsked(orgId: string, { filter, orders, parts }: ListQuery): AskedList | null {
    const { entity, edition } = this;
    const { condition, ...asked } = askedFilter(entity.filter, filter, edition);
    const expression = expressionOf(condition);
    if (expression === null) return null;
    const sorters = orders.map(({ by, descending }) => ({
      field: entity.sort[by] ?? by,
      order: descending ? ('DESC' as const) : ('ASC' as const),
    }));
    return { orgId, expression, sorters, ...asked, parts, projection: projectionOf(entity, parts) };
  }

  /** Changes of others that may change one of these. */
  private tagsOfOthers(orgId: string): string[] {
    return this.entity.changesWith.map((type) => entitiesTag(type, orgId));
  }

  private tagsOfList(orgId: string, { filter }: ListQuery): string[] {
    const { entity } = this;
    const ofFilter = tagsOfFilter(entity.filter, filter, (type, id) => entityTag(type, orgId, id));
    return [...new Set([entitiesTag(entity.type, orgId), ...this.tagsOfOthers(orgId), ...ofFilter])];
  }

  private primed(read: MaybePromise<Slice<Rec>>): MaybePromise<Slice<Rec>> {
    return then(read, (slice) => {
      this.prime(slice.items);
      return slice;
    });
  }

  /** A thing that was written a moment ago, though EnOS may not show it yet. */
  private asWritten(key: EntityKey, written: WrittenThing): MaybePromise<Rec> {
    if (isDeleted(written))
      return Promise.reject(this.missing((this.get ?? this.search).operation, key, null));
    const made = createdRecord(written) as Rec | undefined;
    if (made !== undefined) return patched(written, made);
    if (isCreated(written)) return this.created(key, written);
    return then(this.byKey.load(key), (record) => patched(written, record));
  }

  private async created(key: EntityKey, written: WrittenThing): Promise<Rec> {
    for (;;) {
      try {
        const record = await this.fresh(key);
        this.byKey.prime(key, record);
        return patched(written, record);
      } catch (error) {
        if (!isNotFound(error) || this.context.now() >= written.until) throw error;
        await untilEnd(delay(CREATED_AGAIN_AFTER), this.context, this.search.operation);
      }
    }
  }

  private tagOf({ orgId, id }: EntityKey): string {
    return entityTag(this.entity.type, orgId, id);
  }

  private async fetchList(
    list: AskedList,
    window: Window,
    call: EnosCall,
    asOf: ReadToken,
  ): Promise<Slice<Rec>> {
    return this.stored(await readWindow(window, this.search, this.pagesOf(list, call)), asOf);
  }

  private async fetchAll(list: AskedList, call: EnosCall, asOf: ReadToken): Promise<Slice<Rec>> {
    return this.stored(await readAll(this.search, this.pagesOf(list, call)), asOf);
  }

  private stored(slice: Slice<Rec>, asOf: ReadToken): Slice<Rec> {
    this.store(slice.items, asOf);
    return slice;
  }

  /** Reads pages of a list. */
  private pagesOf(
    { orgId, expression, sorters, parameters, parts, projection }: AskedList,
    call: EnosCall,
  ): (pages: { pageNo: number; pageSize: number }) => Promise<Page<Rec>> {
    const { search, entity } = this;
    return async (pages) => {
      const pagination = sorters.length > 0 ? { ...pages, sorters } : pages;
      const request = { orgId, expression, pagination, parameters, ...(projection ? { projection } : {}) };
      const reply = await call(search.operation, search.args(request), { defer: search.defer });
      const { items, total } = search.page(reply);
      return {
        items: items.map((raw) => recordOf(entity, raw, orgId, search.operation, parts)),
        info: { totalSize: total ?? null },
      };
    };
  }

  private async searchFor(
    orgId: string,
    ids: readonly string[],
    call: EnosCall,
  ): Promise<Map<string, Rec | Error>> {
    const { search, entity } = this;
    const { expression, pagination } = searchForIds(field(entity.keyField, entity.key), ids);
    const reply = await call(search.operation, search.args({ orgId, expression, pagination }), {
      defer: search.defer,
    });
    const found = new Map<string, Rec | Error>();
    for (const raw of search.page(reply).items) {
      const id: unknown = (raw as Record<string, unknown>)[entity.key];
      if (typeof id === 'string') found.set(id, this.recordOrError(raw, orgId));
    }
    return found;
  }

  private getEach(
    get: GetRead,
    keys: readonly EntityKey[],
    call: EnosCall,
  ): Promise<ReadonlyMap<EntityKey, Rec | Error>> {
    return fetchInParts(
      chunk(keys, 1),
      async ([key]) => new Map(key ? [[key, await this.getOne(get, key, call)]] : []),
    );
  }

  private async getOne(get: GetRead, key: EntityKey, call: EnosCall): Promise<Rec> {
    const reply = await call(get.operation, get.args(key), { defer: get.defer });
    const raw = get.one(reply);
    if (raw == null) throw this.missing(get.operation, key, reply.requestId);
    return recordOf(this.entity, raw, key.orgId, get.operation);
  }

  private missing(operation: GetRead['operation'], { id }: EntityKey, requestId: string | null): Error {
    const message = `There is no ${this.entity.key} "${id}"`;
    return localError(operation, 'refused', message, { code: NOT_FOUND, requestId });
  }

  /** One record that cannot be read must not take the others with it. */
  private recordOrError(raw: unknown, orgId: string): Rec | Error {
    try {
      return recordOf(this.entity, raw, orgId, this.search.operation);
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }
}

/** What tells lists of one organization apart, but for their windows. */
function askedParts({ expression, sorters, parameters, projection }: AskedList): KeyPart[] {
  return [
    expression ?? null,
    sorters,
    ...(Object.keys(parameters).length > 0 ? [parameters as KeyPart] : []),
    ...(projection ? [projection] : []),
  ];
}

function nullIfMissing(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}
