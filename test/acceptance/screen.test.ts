/**
 * The main promise, counted where it matters: the screen query is one round trip, made of at most five data calls, and of
 * none when it is repeated within the lifetimes.
 */
import { readFile } from 'node:fs/promises';
import { ask, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

interface Screen {
  asset: {
    name: string;
    children: {
      totalCount: number;
      nodes: {
        assetId: string;
        name: string;
        model: { modelId: string };
        alerts: { totalCount: number };
      }[];
    };
  };
}

let simulator: Running;
let server: Running;
let query: string;
let variables: Record<string, unknown>;

beforeAll(async () => {
  query = await readFile('schema/operations/screen.graphql', 'utf8');
  variables = JSON.parse(await readFile('schema/operations/screen.json', 'utf8')) as Record<string, unknown>;
  simulator = await startSimulator();
  // Lifetimes long enough that the second question falls within them however slow the machine is.
  server = await startServer(simulator.url, { CACHE_TTL_LATEST: '60s', CACHE_TTL_ALERTS: '60s' });
});

afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

test('cold: at most five data calls, one per operation; again: none', async () => {
  await resetCalls(simulator.url);
  const first = await ask<Screen>(server.url, query, variables);
  expect(first.errors).toBeUndefined();
  const nodes = first.data?.asset.children.nodes ?? [];
  expect(nodes).toHaveLength(50);
  expect(new Set(nodes.map(({ assetId }) => assetId)).size).toBe(50);
  expect(nodes.every(({ model }) => model.modelId === 'DF_Turbine')).toBe(true);
  expect(nodes.some(({ alerts }) => alerts.totalCount > 0)).toBe(true);

  const cold = await dataCallsOf(simulator.url);
  expect(total(cold)).toBeLessThanOrEqual(5);
  expect(cold.getAssetLatestData).toBe(1);
  expect(cold.searchRelatedAssetNode).toBe(1);
  expect(cold.searchActiveAlerts).toBe(1);

  await resetCalls(simulator.url);
  const second = await ask<Screen>(server.url, query, variables);
  expect(second.data).toEqual(first.data);
  expect(await dataCallsOf(simulator.url)).toEqual({});
});

test('explain names each REST call, with keys and cache outcome, and holds no secret', async () => {
  const { extensions } = await ask(server.url, query, variables, { 'x-enos-explain': '1' });
  const explain = extensions?.explain as { operation: string; cache: string; durationMs: number }[];
  const operations = explain.map(({ operation }) => operation);
  expect(explain.every(({ cache }) => cache === 'hit' || cache === 'miss')).toBe(true);
  expect(operations).toEqual(expect.arrayContaining(['getAssetLatestData', 'searchRelatedAssetNode']));
  expect(JSON.stringify(explain)).not.toMatch(/demo-secret-key|apim|127\.0\.0\.1/i);
});

test('the token is taken once however many questions come at once', async () => {
  const fresh = await startServer(simulator.url);
  try {
    await resetCalls(simulator.url);
    const ids = Array.from({ length: 20 }, (_, index) => `missing${index}`);
    await Promise.all(ids.map((id) => ask(fresh.url, `{ asset(assetId: "${id}") { name } }`)));
    const response = await fetch(`${simulator.url}/__calls`);
    const calls = (await response.json()) as Record<string, number>;
    expect(calls.getAccessToken ?? 0).toBeLessThanOrEqual(1);
  } finally {
    await fresh.stop();
  }
});
