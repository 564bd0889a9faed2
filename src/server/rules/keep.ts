/**
 * Answers hold data of one caller: nothing between us and him may keep them, and every answer says so (no-store). The one
 * exception is an answer without errors to a GET that names its operation by id, where the settings allow it.
 */
import type { Answer } from '../answer.js';
import type { RequestState } from '../request-state.js';

const CACHE_CONTROL = 'Cache-Control';
/** What the answer depends on beside the address. */
const SHAPING = ['Accept', 'Accept-Language', 'Authorization', 'X-Api-Key'];
/** Headers of requests whose answers tell of this one request. */
const PERSONAL = ['x-enos-explain', 'x-enos-cost'];

/** Lets the answer be kept as `cacheControl` says, unless it holds what should not be kept. */
export function keepFor(state: RequestState, { status }: Answer, cacheControl: string | undefined): void {
  if (cacheControl === undefined || (status !== 200 && status !== 304) || state.errorCodeList) return;
  if (PERSONAL.some((name) => state.req.headers[name] !== undefined)) return;
  const at = state.headers.indexOf(CACHE_CONTROL);
  if (at >= 0) state.headers[at + 1] = cacheControl;
  for (const name of SHAPING) if (!state.vary.includes(name)) state.vary.push(name);
}
