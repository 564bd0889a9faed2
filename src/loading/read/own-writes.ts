/** A caller who has written something is not shown what was before: his reads of it wait until EnOS shows it. */
import type { LoadContext } from '../load-context.js';
import { ownTag } from '../write/recent.js';
import type { ReadItem, ReadSpec } from './read-spec.js';

/** Milliseconds until EnOS shows all that the caller has written of what is to be read, through whichever replica. */
export function untilOwnWritesShow<Key, Value>(
  { cache, caller, runtime, now }: LoadContext,
  { tags, showsWrites }: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): number {
  const { lagMs } = runtime.recent;
  if (caller === undefined || lagMs <= 0 || tags === undefined) return 0;
  let latest = -Infinity;
  for (const { key } of items) {
    if (showsWrites?.(key) === true) continue;
    for (const tag of tags(key))
      latest = Math.max(latest, cache.invalidatedAt(ownTag(caller, tag)) ?? -Infinity);
  }
  return latest === -Infinity ? 0 : Math.max(0, latest + lagMs - now());
}
