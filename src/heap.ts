/** How the process handles its memory. */
import { setFlagsFromString } from 'node:v8';

/**
 * By how many percent the old generation may grow before it is collected. Left to itself V8 lets a small one grow to its
 * fourfold: at the load of the benchmark that was a hundred megabytes of garbage, and a tenth faster where nothing is cached.
 */
const GROWTH_PERCENT = 80;

/**
 * Collects the old generation sooner than V8 would, and keeps what requests leave behind out of it. To be called once, before
 * anything has run often.
 */
export function boundGarbage(): void {
  // No option for these may stand in NODE_OPTIONS, and starting the process must not depend on them.
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  // Where most objects that a line of code makes have survived for a while, as those of slow requests do, V8 makes all further ones
  // old from the start. An old one that is dead keeps alive what it points to: each request then left its lists and maps.
  setFlagsFromString('--no-allocation-site-pretenuring');
}
