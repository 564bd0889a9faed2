/** Documents made to hurt: each is refused, with a code, before it costs more than 50 ms of the server's time. */
import {
  startProbedServer,
  startSimulatorProcess,
  type ProbedProcess,
  type RunningProcess,
} from '../support/processes.js';
import { dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import { hostileRequests, type HostileRequest } from './support/hostile-requests.js';

let simulator: RunningProcess;
let server: ProbedProcess;
beforeAll(async () => {
  simulator = await startSimulatorProcess();
  server = await startProbedServer(simulator.url);
  // The first requests of a process pay for compiling what the later ones run.
  for (let i = 0; i < 30; i += 1)
    await send({ name: '', body: JSON.stringify({ query: `{ a${i}: __typename }` }) });
  for (let i = 0; i < 5; i += 1) for (const request of hostileRequests) await send(request);
  await resetCalls(simulator.url);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

interface Refusal {
  status: number;
  body: { data?: unknown; errors?: { extensions?: { code?: string } }[] };
}

async function send({ body }: HostileRequest): Promise<Refusal> {
  const reply = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body,
  });
  return { status: reply.status, body: (await reply.json()) as Refusal['body'] };
}

/** The loop cannot have been busy for longer than all threads of the process were. */
const MOST_CPU_MS = 50;
/** A collection of garbage or another process may fall into one measurement, not into all. */
const TRIES = 5;

it('the set has at least forty requests', () => {
  expect(hostileRequests.length).toBeGreaterThanOrEqual(40);
  expect(new Set(hostileRequests.map(({ name }) => name)).size).toBe(hostileRequests.length);
});

it.each(hostileRequests.map((request) => [request.name, request] as const))('%s', async (_name, request) => {
  const costs: number[] = [];
  for (let i = 0; i < TRIES && Math.min(...costs, Infinity) >= MOST_CPU_MS / 2; i += 1) {
    const before = await server.cpu();
    const { status, body } = await send(request);
    costs.push((await server.cpu()) - before);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.data ?? null).toBeNull();
    expect(body.errors?.length).toBeGreaterThan(0);
    expect(body.errors?.length).toBeLessThanOrEqual(10);
    for (const error of body.errors ?? []) expect(error.extensions?.code).toMatch(/^[A-Z_]+$/);
    const text = JSON.stringify(body);
    expect(text).not.toContain('INTERNAL_SERVER_ERROR');
    expect(text).not.toContain('Maximum call stack');
    // What was sent is not sent back: no word longer than a name may be, and no more than a person reads.
    expect(text).not.toMatch(/(.)\1{100}/);
    expect(text.length).toBeLessThan(20_000);
  }
  expect(Math.min(...costs)).toBeLessThan(MOST_CPU_MS);
});

it('none of them has reached EnOS', async () => {
  expect(total(await dataCallsOf(simulator.url))).toBe(0);
});

it('what an explanation says of very long texts costs no more', async () => {
  const body = JSON.stringify({
    query: 'query($filter: AssetFilter) { assets(first: 1, filter: $filter) { nodes { assetId } } }',
    variables: { filter: { tags: [{ key: 'k', equals: 'x'.repeat(60_000) }] } },
  });
  const costs: number[] = [];
  for (let i = 0; i < TRIES && Math.min(...costs, Infinity) >= MOST_CPU_MS / 2; i += 1) {
    const before = await server.cpu();
    const reply = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-enos-explain': '1' },
      // Another question each time, or the cache would answer.
      body: body.replace('"k"', `"k${i}"`),
    });
    const { extensions } = (await reply.json()) as { extensions?: { explain?: { cache: string }[] } };
    costs.push((await server.cpu()) - before);
    expect(extensions?.explain?.[0]?.cache).toBe('miss');
  }
  expect(Math.min(...costs)).toBeLessThan(MOST_CPU_MS);
});
