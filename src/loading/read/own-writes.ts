/** A caller who has written something is not shown what was before: his reads of it wait until EnOS shows it. */
import type { LoadContext } from '../load-context.js';
import { ownTag } from '../write/recent.js';
import type { ReadItem, ReadSpec } from './read-spec.js';

/** Milliseconds until EnOS shows all that the caller has written of what is to be read, through whichever replica. */
export function untilOwnWritesShow<Key, Value>(
  { cache, caller }: LoadContext,
  spec: ReadSpec<Key, Value>,
  items: readonly ReadItem<Key>[],
): number {
  if (caller === undefined || spec.tags === undefined) return 0;
  let wait = 0;
  for (const { key } of items) {
    if (spec.showsWrites?.(key) === true) continue;
    for (const tag of spec.tags(key)) wait = Math.max(wait, cache.showsAfter(ownTag(caller, tag)));
  }
  return wait;
}
