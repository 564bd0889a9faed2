/** Reads of any entity, made of its description: by key in batches, and as lists in windows. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ReadToken } from '../../cache/cache.js';
import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import type { Slice, Window } from '../common.js';
import { callDirectly } from '../direct-call.js';
import { localError, type EnosCall } from '../enos-call.js';
import { expressionOf, field } from '../expression.js';
import { fetchByIds, searchForIds } from '../read/fetch-by-ids.js';
import { readList } from '../read/read-list.js';
import type { LoadContext, LoadingSettings } from '../load-context.js';
import { attempt, then, type MaybePromise } from '../maybe.js';
import { isNotFound } from '../../enos/errors.js';
import { readWindow, windowLabel } from '../page-window.js';
import { entitiesTag, entityTag } from '../tags.js';
import { untilEnd } from '../request/request-end.js';
import { isCreated, isDeleted, patched, type WrittenThing } from '../write/recent.js';
import type { Entity, EntityKey, EntityLifetime, EntityRecord, GetRead, SearchRead } from './description.js';
import { conditionOf } from './filter.js';
import type { ListQuery, Owner } from './query.js';
import { inEdition, mostKeys } from './limits.js';
import { createListsOfOwners, type ListsOfOwners } from './lists-of-owners.js';

const NOT_FOUND = 99404;
/** Milliseconds until a thing that was just created is looked for again. */
const CREATED_AGAIN_AFTER = 200;

/** A list as EnOS is asked for it. */
interface AskedList {
  orgId: string;
  /** Undefined for everything. */
  expression: string | undefined;
  sorters: { field: string; order: 'ASC' | 'DESC' }[];
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

/** The reads of an entity for one request. */
export function createEntityLoader<Rec extends EntityRecord>(
  context: LoadContext,
  entity: Entity<Rec>,
): EntityLoader<Rec> {
  return new DescribedLoader(context, entity);
}

/** Milliseconds that values of an entity are kept. */
export function lifetimeOf(
  { lifetimes }: Pick<LoadingSettings, 'lifetimes'>,
  { lifetime }: { lifetime: EntityLifetime },
): number {
  return lifetimes.entities?.[lifetime.setting] ?? lifetime.fallback;
}

class DescribedLoader<Rec extends EntityRecord> implements EntityLoader<Rec> {
  private readonly byKey: BatchLoader<EntityKey, Rec>;
  private readonly search: SearchRead;
  private readonly get: GetRead | null;
  private readonly lifetime: number;
  private ofOwners: ListsOfOwners<Rec> | undefined;

  constructor(
    private readonly context: LoadContext,
    private readonly entity: Entity<Rec>,
  ) {
    const { settings } = context;
    const { type, codec } = entity;
    const { edition } = settings;
    this.search = inEdition(entity.search, edition);
    const get = entity.get && inEdition(entity.get, edition);
    this.get = get;
    this.lifetime = lifetimeOf(settings, entity);
    this.byKey = createBatchLoader({
      context,
      kind: type,
      operation: this.search.operation,
      keyOf: ({ id }: EntityKey) => [id],
      lifetime: this.lifetime,
      ...(codec ? { codec } : {}),
      tags: (key) => [this.tagOf(key)],
      showsWrites: (key) => context.runtime.recent.of(this.tagOf(key)) !== undefined,
      fetch: (keys, call) =>
        fetchByIds(keys, {
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

  list(orgId: string, query: ListQuery, window: Window): MaybePromise<Slice<Rec>> {
    return attempt(() => {
      const { entity, search } = this;
      const list = this.listAsked(orgId, query);
      if (list === null) return { items: [], offset: window.offset, totalCount: 0 };
      const { expression, sorters } = list;
      const read = readList<Slice<Rec>>(this.context, {
        kind: `${entity.type}.list`,
        operation: search.operation,
        orgId,
        parts: [expression ?? null, sorters, window.offset, window.limit],
        lifetime: this.lifetime,
        ...(entity.listCodec ? { codec: entity.listCodec } : {}),
        tags: [entitiesTag(entity.type, orgId)],
        label: `${expression ?? 'all'} ${windowLabel(window)}`,
        fetch: (call, asOf) => this.fetchList(list, window, call, asOf),
      });
      return this.primed(read);
    });
  }

  listOf(orgId: string, query: ListQuery, owner: Owner, window: Window): MaybePromise<Slice<Rec>> {
    return attempt(() => {
      this.ofOwners ??= createListsOfOwners(this.context, this.entity, {
        lifetime: this.lifetime,
        operation: this.search.operation,
        pageSize: this.search.maxPageSize,
        list: (key, ids, part, call, asOf) => {
          const { member } = key.owner;
          const asked = { ...key.query, filter: { ...key.query.filter, [member]: ids } };
          const list = this.listAsked(key.orgId, asked);
          const none = { items: [], offset: part.offset, totalCount: 0 };
          return list === null ? Promise.resolve(none) : this.fetchList(list, part, call, asOf);
        },
      });
      return this.primed(this.ofOwners.load({ orgId, query, owner, window }));
    });
  }

  /** What EnOS is asked for a list; null where nothing can match. Throws `InputError` for what it cannot be asked. */
  private listAsked(orgId: string, { filter, orders }: ListQuery): AskedList | null {
    const { entity } = this;
    const expression = expressionOf(conditionOf(entity.filter, filter));
    if (expression === null) return null;
    const sorters = orders.map(({ by, descending }) => ({
      field: entity.sort[by] ?? by,
      order: descending ? ('DESC' as const) : ('ASC' as const),
    }));
    return { orgId, expression, sorters };
  }

  /** Records of a list are known to this request from now on. */
  private primed(read: MaybePromise<Slice<Rec>>): MaybePromise<Slice<Rec>> {
    return then(read, (slice) => {
      for (const record of slice.items) this.byKey.prime(this.keyOf(record), record);
      return slice;
    });
  }

  /** A thing that was written a moment ago, though EnOS may not show it yet. */
  private asWritten(key: EntityKey, written: WrittenThing): MaybePromise<Rec> {
    if (isDeleted(written))
      return Promise.reject(this.missing((this.get ?? this.search).operation, key, null));
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
    { orgId, expression, sorters }: AskedList,
    window: Window,
    call: EnosCall,
    asOf: ReadToken,
  ): Promise<Slice<Rec>> {
    const { search, entity } = this;
    const page = await readWindow(window, search, async (pages) => {
      const pagination = sorters.length > 0 ? { ...pages, sorters } : pages;
      const { items, total } = search.page(
        await call(search.operation, search.args({ orgId, expression, pagination })),
      );
      return { items, info: { totalSize: total ?? null } };
    });
    const items = page.items.map((raw) => entity.record(raw as never, orgId));
    this.byKey.store(
      items.map((record) => [this.keyOf(record), record]),
      asOf,
    );
    return { ...page, items };
  }

  private async searchFor(
    orgId: string,
    ids: readonly string[],
    call: EnosCall,
  ): Promise<Map<string, Rec | Error>> {
    const { search, entity } = this;
    const { expression, pagination } = searchForIds(field(entity.keyField, entity.key), ids);
    const reply = await call(search.operation, search.args({ orgId, expression, pagination }));
    const found = new Map<string, Rec | Error>();
    for (const raw of search.page(reply).items) {
      const id: unknown = (raw as Record<string, unknown>)[entity.keyField];
      if (typeof id === 'string') found.set(id, this.recordOrError(raw, orgId));
    }
    return found;
  }

  private async getOne(get: GetRead, key: EntityKey, call: EnosCall): Promise<Rec> {
    const reply = await call(get.operation, get.args(key));
    const raw = get.one(reply);
    if (raw == null) throw this.missing(get.operation, key, reply.requestId);
    return this.entity.record(raw as never, key.orgId);
  }

  private missing(operation: GetRead['operation'], { id }: EntityKey, requestId: string | null): Error {
    const message = `There is no ${this.entity.key} "${id}"`;
    return localError(operation, 'refused', message, { code: NOT_FOUND, requestId });
  }

  /** One record that cannot be read must not take the others with it. */
  private recordOrError(raw: unknown, orgId: string): Rec | Error {
    try {
      return this.entity.record(raw as never, orgId);
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  private keyOf(record: Rec): EntityKey {
    const id = (record as unknown as Record<string, string>)[this.entity.key] ?? '';
    return { orgId: record.orgId, id };
  }
}

function nullIfMissing(error: unknown): null {
  if (isNotFound(error)) return null;
  throw error;
}
