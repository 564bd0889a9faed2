/** Refreshing of what is asked for often, shortly before its lifetime is over and behind the answer. */
import type { HeldValue } from '../cache/cache.js';
import { shouldRefreshEarly } from '../cache/early-refresh.js';
import type { LoadContext } from './load-context.js';
import { refresh, type ReadItem, type ReadSpec } from './read-through.js';

/** Collects what one tick finds due, and fetches it as one batch. */
export interface EarlyRefresh<Key> {
  isDue(held: HeldValue): boolean;
  add(item: ReadItem<Key>): void;
}

/** The last part of a lifetime, in which a refresh may begin. */
const LAST_PART = 0.1;

/** Makes one for a kind of thing of one request. */
export function createEarlyRefresh<Key, Value>(
  context: LoadContext,
  spec: ReadSpec<Key, Value>,
): EarlyRefresh<Key> {
  let due: ReadItem<Key>[] = [];
  return {
    isDue: (held) => {
      const now = context.now();
      if (held.value instanceof Error) return false;
      if (held.freshUntil - now > (held.freshUntil - held.storedAt) * LAST_PART) return false;
      return shouldRefreshEarly(held, now, Math.random());
    },
    add: (item) => {
      due.push(item);
      if (due.length > 1) return;
      setImmediate(() => {
        refresh(context, spec, due);
        due = [];
      });
    },
  };
}
