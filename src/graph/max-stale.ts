/** The header by which a caller says how stale a value may be. */
import { GraphQLError } from 'graphql';
import { parseDuration } from './duration.js';

const SECONDS = /^\d{1,9}(?:\.\d{1,3})?$/;

/**
 * Milliseconds of the header x-enos-max-stale: seconds, or an ISO 8601 duration; undefined without one. Throws
 * BAD_USER_INPUT (HTTP status 400) for anything else.
 */
export function parseMaxStale(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const text = String(header).trim();
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (text === 'PT0S') return 0;
  try {
    const { days, seconds } = parseDuration(text);
    return (days * 86_400 + seconds) * 1000;
  } catch {
    throw new GraphQLError(
      'Header x-enos-max-stale: expected seconds such as 60, or an ISO 8601 duration such as PT1M; 0 for nothing stale.',
      { extensions: { code: 'BAD_USER_INPUT', argument: 'x-enos-max-stale', http: { status: 400 } } },
    );
  }
}
