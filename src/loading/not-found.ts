import { EnosError } from '../enos/errors.js';

/**
 * Whether EnOS says that the thing asked for does not exist. Only these refusals may be remembered, for a short while.
 * Every other failure may be over a moment later.
 */
export function isNotFound(error: unknown): error is EnosError {
  return error instanceof EnosError && error.meaning === 'not-found';
}
