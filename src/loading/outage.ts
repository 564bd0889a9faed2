import { EnosError } from '../enos/errors.js';
import { isTransient } from '../enos/meaning.js';

/** Whether EnOS has looked and said no: what it gave before must not be served any more. */
export function isRefusal(error: unknown): error is EnosError {
  const said = error instanceof EnosError && (error.kind === 'refused' || error.kind === 'http');
  return said && !isOutage(error);
}

/**
 * Whether a failure says nothing about what was asked for, only that EnOS cannot answer at present: then an answer from
 * before is better than none. A refusal (not permitted, not there, not understood) is an answer.
 */
export function isOutage(error: unknown): error is EnosError {
  if (!(error instanceof EnosError)) return false;
  switch (error.kind) {
    case 'timeout':
    case 'unavailable':
    case 'invalid-response':
      return true;
    case 'http':
      return error.httpStatus === null || error.httpStatus >= 500 || error.httpStatus === 429;
    case 'refused':
      return (
        isTransient(error.meaning) ||
        error.httpStatus === 429 ||
        (error.httpStatus !== null && error.httpStatus >= 500)
      );
    case 'credentials':
    case 'cancelled':
    case 'argument':
      return false;
  }
}
