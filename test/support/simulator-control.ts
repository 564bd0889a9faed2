/** The control plane of a simulator (docs/faults.md), as a test speaks to it. */

/** A reply of the control plane. */
export interface ControlReply {
  status: number;
  body: Record<string, unknown>;
}

/** One line of the call log, as far as tests look at it. */
export interface LoggedCall {
  number: number;
  operation: string;
  service: string;
  org: string | null;
  assetCount: number;
  assets: string[];
  page: number | null;
  pageSize: number | null;
  status: number | null;
  code: number | null;
  requestId: string | null;
  delay: number;
  fault: string | null;
  rules: string[];
  ending: 'open' | 'answered' | 'broken' | 'left';
}

/** Sends one request to a path under /__; a body goes as JSON. */
export async function control(
  simulatorUrl: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<ControlReply> {
  const reply = await fetch(`${simulatorUrl}/__${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

/** Puts rules in place of those in force; throws with the simulator's complaint if they cannot be used. */
export async function setFaults(simulatorUrl: string, ...rules: object[]): Promise<void> {
  const { status, body } = await control(simulatorUrl, 'PUT', 'faults', rules);
  if (status !== 200) throw new Error(`The simulator takes no such rule: ${JSON.stringify(body)}`);
}

/** Takes every rule away. */
export async function clearFaults(simulatorUrl: string): Promise<void> {
  await control(simulatorUrl, 'DELETE', 'faults');
}

/** Calls of the log, oldest first; `filter` as the query of GET /__log. */
export async function logOf(simulatorUrl: string, filter = ''): Promise<LoggedCall[]> {
  const { status, body } = await control(simulatorUrl, 'GET', `log${filter === '' ? '' : `?${filter}`}`);
  if (status !== 200) throw new Error(`The simulator shows no such log: ${JSON.stringify(body)}`);
  return body.calls as LoggedCall[];
}
