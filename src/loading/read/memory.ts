/** What memory answers at once, and what it has renewed shortly before its end. */
import type { HeldValue } from '../../cache/cache.js';
import type { LoadContext } from '../load-context.js';
import type { KindCounts } from '../runtime.js';
import { lookUpAndFetch } from './fetch.js';
import { isNeverKept, type ReadItem, type ReadSpec } from './read-spec.js';
import { dueAt, isNearEnd } from './refresh-policy.js';

/**
 * The hits in memory of one request and one kind of thing. What one tick finds near its end is collected: it was fetched
 * together, ends together, and is fetched again by one call as soon as one of it is due.
 */
export class MemoryReads<Key, Value> {
  /** A request that is to be explained is told of hits too: all its reads go through the engine. */
  private readonly peeks: boolean;
  private counts: KindCounts | undefined;
  private near: ReadItem<Key>[] = [];
  private isDue = false;

  constructor(
    private readonly context: LoadContext,
    private readonly spec: ReadSpec<Key, Value>,
  ) {
    this.peeks = context.explain === undefined && !isNeverKept(context, spec);
  }

  /** What memory has fresh for a key, counted as used. Nothing where the request renews and the end is near. */
  take(key: Key, cacheKey: string): HeldValue | undefined {
    const { context } = this;
    const held = this.peeks ? context.cache.peek(cacheKey) : undefined;
    if (held === undefined) return undefined;
    const now = context.now();
    const isNear = isNearEnd(held, now);
    if (isNear && context.renews) return undefined;
    this.counts ??= context.runtime.reads.of(this.spec.kind);
    this.counts.process += 1;
    context.sources?.add(held);
    if (isNear && !(held.value instanceof Error)) this.consider({ key, cacheKey }, dueAt(held) <= now);
    return held;
  }

  private consider(item: ReadItem<Key>, isDue: boolean): void {
    if (isDue) this.isDue = true;
    this.near.push(item);
    if (this.near.length === 1) setImmediate(() => this.decide());
  }

  private decide(): void {
    const { near, isDue } = this;
    this.near = [];
    this.isDue = false;
    if (isDue) renew(this.context, this.spec, near);
  }
}

/**
 * Renews, behind the answer, what memory still has but not for long: from Redis where another replica has done it, else by
 * asking EnOS. What is being fetched already, or could not be had a moment ago, is left alone.
 */
function renew<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): void {
  const { flights, backOff } = context.runtime;
  const now = context.now();
  const wanted = items.filter(
    ({ cacheKey }) => flights.find(cacheKey) === undefined && backOff.failure(cacheKey, now) === undefined,
  );
  if (wanted.length === 0) return;
  const keys = wanted.map(({ cacheKey }) => cacheKey);
  flights.start(keys, context.cache.readToken(), (flight) => {
    flight.renew();
    return lookUpAndFetch(context, spec, wanted, flight);
  });
}
