/** A GraphQL client of a few lines, as a frontend would have one. */

/** One error of an answer. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; enos?: Record<string, unknown> } & Record<string, unknown>;
}

/** An answer with its HTTP status. */
export interface Answer<T> {
  status: number;
  data: T | null;
  errors?: AnswerError[];
  extensions?: Record<string, unknown>;
}

/** Posts an operation. */
export async function ask<T = Record<string, unknown>>(
  serverUrl: string,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(`${serverUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Omit<Answer<T>, 'status'>;
  return { status: response.status, ...body, data: body.data ?? null };
}

/** Calls per operation at the simulator. */
export async function callsOf(simulatorUrl: string): Promise<Record<string, number>> {
  const response = await fetch(`${simulatorUrl}/__calls`);
  return (await response.json()) as Record<string, number>;
}

/** Calls that fetch data: all but those for the token. */
export async function dataCallsOf(simulatorUrl: string): Promise<Record<string, number>> {
  const calls = await callsOf(simulatorUrl);
  return Object.fromEntries(
    Object.entries(calls).filter(([operation]) => !/^(getAccessToken|refreshAccessToken)$/.test(operation)),
  );
}

/** Forgets the calls counted so far. */
export async function resetCalls(simulatorUrl: string): Promise<void> {
  await fetch(`${simulatorUrl}/__calls`, { method: 'DELETE' });
}

/** Sum of a count per operation. */
export const total = (calls: Record<string, number>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);
