/** How callers are turned away. Nothing says which part of a credential was wrong, or whether a part of it was right. */
import { GraphQLError } from 'graphql';

/** What stands in WWW-Authenticate (RFC 6750). */
const REALM = 'Bearer realm="enos-graphql"';

function refusal(message: string, code: string, status: number, headers: [string, string][]): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, headers: new Map(headers) } } });
}

/** 401: the request carries no credential. */
export function credentialMissing(): GraphQLError {
  return refusal('The request carries no credential.', 'UNAUTHENTICATED', 401, [['www-authenticate', REALM]]);
}

/** 401: the credential is unknown, expired, revoked, not well-formed, or not of a kind that is accepted here. */
export function credentialRefused(): GraphQLError {
  return refusal('The credential is not accepted.', 'UNAUTHENTICATED', 401, [
    ['www-authenticate', `${REALM}, error="invalid_token"`],
  ]);
}

/** 401: more than one credential, so that it is not clear who asks. */
export function credentialAmbiguous(): GraphQLError {
  return refusal('The request carries more than one credential.', 'UNAUTHENTICATED', 401, [
    ['www-authenticate', `${REALM}, error="invalid_request"`],
  ]);
}

/** 403: signed in to the Application Portal, but in no organization yet. */
export function organizationUnselected(): GraphQLError {
  return refusal(
    'No organization is chosen for this session: choose one in the Application Portal first.',
    'FORBIDDEN',
    403,
    [],
  );
}

/** 429: so many unknown tokens came from the caller's address that no further one is asked about now. */
export function tooManyUnknown(retryAfter: number, value: number): GraphQLError {
  return new GraphQLError(`Too many unknown tokens came from this address. Try again in ${retryAfter} s.`, {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfter,
      limit: { name: 'AUTH_UNKNOWN_TOKENS', value, asked: null },
      http: { status: 429, headers: new Map([['retry-after', String(retryAfter)]]) },
    },
  });
}

/** 503: the service that could tell whether the credential is good does not answer. */
export function cannotTell(retryAfterSeconds = 1): GraphQLError {
  return refusal('Credentials cannot be checked at the moment.', 'UPSTREAM_UNAVAILABLE', 503, [
    ['retry-after', String(retryAfterSeconds)],
  ]);
}
