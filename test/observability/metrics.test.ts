/** What /metrics says of a server that works on the simulator, both as processes of their own. */
import { ask, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import { samplesOf, scrape, sumOf } from '../support/prometheus.js';
import { startServerProcess, startSimulator } from '../support/processes.js';
import type { Running, RunningProcess } from '../support/processes.js';

const QUERY = `query Turbines { asset(assetId: "Rk3vTq8M") { name model { name }
  children(treeId: "Wf7kQ2Zx", first: 3) { nodes { name model { name } point(pointId: "activePower") { latest { value } } } } } }`;

const GARBAGE = 'nodejs_gc_duration_seconds_count';

let simulator: Running;
let server: RunningProcess;
beforeAll(async () => {
  simulator = await startSimulator();
  server = await startServerProcess(simulator.url, { METRICS_OPERATIONS: 'Turbines' });
});
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

test('calls to EnOS are counted by operation and outcome, as many as EnOS has seen, and per operation', async () => {
  await resetCalls(simulator.url);
  await ask(server.url, QUERY);
  await ask(server.url, '{ asset(assetId: "no-such-asset") { name } }');
  const seen = total(await dataCallsOf(simulator.url));
  const samples = await scrape(server.url);
  const calls = samplesOf(samples, 'enos_calls_total').filter(
    ({ labels }) => !labels.operation?.startsWith('token.'),
  );
  expect(calls.reduce((sum, { value }) => sum + value, 0)).toBe(seen);
  expect(calls.map(({ labels }) => labels.operation)).toContain('asset-tree.searchRelatedAssetNode');
  expect(new Set(calls.map(({ labels }) => labels.outcome))).toContain('ok');
  const attempts = sumOf(samples, 'graphql_operation_enos_calls_sum');
  expect(attempts).toBeGreaterThanOrEqual(seen);
});

test('reads are counted by kind and by what answered: EnOS first, memory then', async () => {
  const before = await scrape(server.url);
  await ask(server.url, QUERY);
  const after = await scrape(server.url);
  const models = (samples: typeof before, from: string): number =>
    sumOf(samples, 'loading_keys_read_total', { kind: 'model', from });
  expect(models(before, 'enos')).toBeGreaterThan(0);
  expect(models(after, 'enos')).toBe(models(before, 'enos'));
  expect(models(after, 'process')).toBeGreaterThan(models(before, 'process'));
  expect(sumOf(after, 'cache_hits_total', { tier: 'process' })).toBeGreaterThan(0);
});

test('an operation that is listed has metrics of its own from its first request', async () => {
  const samples = await scrape(server.url);
  const labels = { operation: 'Turbines', type: 'query', outcome: 'ok' };
  expect(sumOf(samples, 'graphql_operation_duration_seconds_count', labels)).toBe(2);
});

test('queues, breakers, event loop and garbage collection can be seen', async () => {
  let samples = await scrape(server.url);
  // No work, no garbage.
  for (let turn = 0; turn < 300 && samplesOf(samples, GARBAGE).length === 0; turn += 1) {
    for (let asked = 0; asked < 10; asked += 1)
      await ask(server.url, `{ a${turn}_${asked}: ${QUERY.slice(QUERY.indexOf('asset('))}`);
    samples = await scrape(server.url);
  }
  const names = new Set(samples.map(({ name }) => name));
  for (const name of [
    'enos_breaker_state',
    'enos_queue_length',
    'enos_in_flight',
    'loading_calls',
    'nodejs_eventloop_lag_p99_seconds',
    'nodejs_eventloop_active_seconds_total',
    GARBAGE,
    'enos_credentials_accepted',
    'graphql_requests_in_flight',
    'enos_graphql_build_info',
  ])
    expect(names).toContain(name);
  expect(sumOf(samples, 'graphql_requests_in_flight')).toBe(0);
});

test('a flood of names makes a bounded number of series, now and for the life of the process', async () => {
  await Promise.all(
    Array.from({ length: 400 }, (_, index) => ask(server.url, `query Flood${index} { __typename }`)),
  );
  const flooded = await scrape(server.url);
  expect(JSON.stringify(flooded)).not.toContain('Flood');
  // Names that come again and again earn a label, until there are no more to be had.
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(
      Array.from({ length: 80 }, (_, index) => ask(server.url, `query Again${index} { __typename }`)),
    );
  }
  const again = await scrape(server.url);
  const operations = new Set(
    samplesOf(again, 'graphql_operation_duration_seconds_count').map(({ labels }) => labels.operation),
  );
  expect(operations.size).toBeLessThanOrEqual(50 + 3);
  expect(operations).toContain('OTHER');
  expect(again.length).toBeLessThan(flooded.length + 51 * 14);
});

test('METRICS=off counts nothing and answers nothing', async () => {
  const silent = await startServerProcess(simulator.url, { METRICS: 'off' });
  try {
    expect((await ask(silent.url, '{ __typename }')).status).toBe(200);
    expect((await fetch(`${silent.url}/metrics`)).status).toBe(404);
  } finally {
    await silent.stop();
  }
});
