import type { CallAttempt } from '../enos/client.js';

/**
 * One HTTP exchange, with the arguments of its operation; or a call that came to none, with 0 as its `attempt` and
 * `call-budget` among its outcomes.
 */
export interface LoadAttempt extends CallAttempt {
  readonly args: unknown;
}
