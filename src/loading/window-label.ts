import type { Window } from './common.js';

/** How explain shows a window, e.g. `[20, 30)`. */
export function windowLabel({ offset, limit }: Window): string {
  return `[${offset}, ${offset + limit})`;
}
