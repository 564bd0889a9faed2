import type { CallAttempt } from '../enos/client.js';

/** One HTTP exchange, with the arguments of its operation. */
export interface LoadAttempt extends CallAttempt {
  readonly args: unknown;
}
