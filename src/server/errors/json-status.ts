/**
 * GraphQL over HTTP, for clients that accept nothing but application/json: a request that is refused as GraphQL (does not
 * parse, is not valid, its variables do not fit) is answered with status 200, since such clients take other statuses for
 * faults of the transport. Refusals by a limit of ours, bad HTTP and forbidden methods keep their 4xx.
 */
import type { GraphQLFormattedError } from 'graphql';

const GRAPHQL_REFUSALS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/** Whether the client takes answers in GraphQL's own media type, by which the status says whether there is data. */
function acceptsGraphqlJson(accept: string | undefined): boolean {
  return accept === undefined || /application\/graphql-response\+json|application\/\*|\*\/\*/i.test(accept);
}

/** Whether an answer without data has status 200 for this client. */
export function isAnsweredWith200(
  accept: string | undefined,
  errors: readonly GraphQLFormattedError[],
): boolean {
  if (acceptsGraphqlJson(accept)) return false;
  return errors.every(
    ({ extensions }) => GRAPHQL_REFUSALS.has(String(extensions?.code)) && extensions?.limit === undefined,
  );
}
