/** The headers that prove who calls: the application, and the user where an operation acts for one. */
import type { Operation } from '../operation.js';
import { refuse } from './request.js';
import type { PreparedRequest } from './request.js';
import { signature } from './signature.js';
import type { AccessToken } from './token.js';

/** Whether an operation goes out with the application's token. */
export function usesToken(operation: Operation): boolean {
  return operation.channel === 'gateway' || operation.channel === 'integration';
}

/**
 * Adds the headers that prove the application; made again for each exchange, since the signature holds its time.
 * @param now Unix milliseconds
 */
export function addApplicationHeaders(
  headers: string[],
  operation: Operation,
  request: PreparedRequest,
  token: AccessToken,
  secretKey: string,
  now: number,
): void {
  headers.push('apim-accesstoken', token.value);
  if (operation.channel === 'integration') return;
  const timestamp = String(now);
  const { signedText } = request;
  headers.push(
    'apim-timestamp',
    timestamp,
    'apim-signature',
    signature({ accessToken: token.value, secretKey, timestamp, signedText }),
  );
}

/**
 * The header that proves the user; null where none goes out. Throws `EnosError` of kind `argument` if the operation needs
 * a user and none is given.
 */
export function authorizationOf(operation: Operation, userToken: string | undefined): string | null {
  if (operation.user !== 'bearer' && operation.user !== 'bearer-optional') return null;
  if (userToken === undefined) {
    if (operation.user === 'bearer') throw refuse(operation, "The call needs a user's token");
    return null;
  }
  if (!/^[\x21-\x7e]+$/.test(userToken)) throw refuse(operation, "The user's token is not well-formed");
  return `Bearer ${userToken}`;
}
