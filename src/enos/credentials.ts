/** The headers that prove who calls: the application, and the user where an operation acts for one. */
import type { Operation } from './operation.js';
import { refuse } from './request.js';
import type { PreparedRequest } from './request.js';
import { signature } from './signature.js';
import type { AccessToken } from './token.js';

/** Whether an operation goes out with the application's token. */
export function usesToken(operation: Operation): boolean {
  return operation.channel === 'gateway' || operation.channel === 'integration';
}

/**
 * Headers that prove the application; made anew for each exchange, since the signature holds its time.
 * @param now Unix milliseconds
 */
export function applicationHeaders(
  operation: Operation,
  request: PreparedRequest,
  token: AccessToken,
  secretKey: string,
  now: number,
): Record<string, string> {
  if (operation.channel === 'integration') return { 'apim-accesstoken': token.value };
  const timestamp = String(now);
  const { query, signedBody: body } = request;
  return {
    'apim-accesstoken': token.value,
    'apim-timestamp': timestamp,
    'apim-signature': signature({ accessToken: token.value, secretKey, timestamp, query, body }),
  };
}

/** Headers that prove the user. Throws `EnosError` of kind `argument` if the operation needs a user and none is given. */
export function userHeaders(operation: Operation, userToken: string | undefined): Record<string, string> {
  if (operation.user !== 'bearer' && operation.user !== 'bearer-optional') return {};
  if (userToken === undefined) {
    if (operation.user === 'bearer') throw refuse(operation, "The call needs a user's token");
    return {};
  }
  if (!/^[\x21-\x7e]+$/.test(userToken)) throw refuse(operation, "The user's token is not well-formed");
  return { authorization: `Bearer ${userToken}` };
}
