import { EnosError } from '../enos/errors.js';

/** Codes of all services that say that a named object does not exist. */
const NOT_FOUND_CODES: ReadonlySet<number> = new Set([99404, 17404, 12404, 11404, 24404, 30404, 81404]);

/**
 * Whether EnOS says that the thing asked for does not exist. Only these refusals may be remembered, for a short while.
 * Every other failure may be over a moment later.
 */
export function isNotFound(error: unknown): error is EnosError {
  return (
    error instanceof EnosError &&
    error.kind === 'refused' &&
    error.code !== null &&
    NOT_FOUND_CODES.has(error.code)
  );
}
