/** Traces, by a real receiver of OTLP over HTTP, the server and the simulator as processes of their own. */
import { spawnSync } from 'node:child_process';
import { ask } from '../support/graphql-client.js';
import { attributesOf, startOtlpReceiver } from '../support/otlp-receiver.js';
import type { OtlpReceiver, ReceivedSpan } from '../support/otlp-receiver.js';
import { startServerProcess, startSimulator } from '../support/processes.js';
import type { Running, RunningProcess } from '../support/processes.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import type { RecordingProxy } from '../support/recording-proxy.js';
import { waitFor } from '../support/redis.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const QUERY = `query Turbines($id: ID!) { asset(assetId: $id) { name model { name }
  children(treeId: "Wf7kQ2Zx", first: 3) { nodes { name point(pointId: "activePower") { latest { value } } } } } }`;

let simulator: Running;
let proxy: RecordingProxy;
let receiver: OtlpReceiver;
let server: RunningProcess;

beforeAll(async () => {
  simulator = await startSimulator();
  [proxy, receiver] = await Promise.all([startRecordingProxy(simulator.url), startOtlpReceiver()]);
  server = await startServerProcess(proxy.url, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=canary-of-the-collector',
    OTEL_SERVICE_NAME: 'graph-under-test',
  });
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([simulator?.stop(), proxy?.close(), receiver?.close()]);
});

/** Spans of a trace, once the request's own has come. */
async function spansOf(trace: string): Promise<ReceivedSpan[]> {
  const own = (): ReceivedSpan[] => receiver.spans.filter(({ traceId }) => traceId === trace);
  await waitFor(() => own().some(({ kind }) => kind === 2), `the spans of trace ${trace}`);
  return own();
}

test('a request is one trace: operation, plan, batches and calls, under the span of its caller', async () => {
  const { status } = await ask(
    server.url,
    QUERY,
    { id: 'Rk3vTq8M' },
    { traceparent: `00-${TRACE}-${CALLER}-01` },
  );
  expect(status).toBe(200);
  const spans = await spansOf(TRACE);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const operation = spans.find(({ name }) => name === 'query Turbines');
  expect(operation).toMatchObject({ parentSpanId: CALLER, kind: 2 });
  expect(attributesOf(operation as ReceivedSpan)).toMatchObject({
    'http.request.method': 'POST',
    'graphql.operation.name': 'Turbines',
    'graphql.operation.type': 'query',
    'enos_graphql.operation.hash': expect.stringMatching(/^[0-9a-f]{16}$/) as string,
  });
  const plan = spans.find(({ name }) => name === 'graphql.plan');
  expect(plan?.parentSpanId).toBe(operation?.spanId);

  const batches = spans.filter(({ name }) => name.startsWith('batch '));
  expect(batches.map(({ name }) => name)).toContain('batch asset-tree.searchRelatedAssetNode');
  const calls = spans.filter(({ kind }) => kind === 3);
  expect(calls.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['asset-tree.searchRelatedAssetNode', 'tsdb-data.getAssetLatestData']),
  );
  for (const call of calls.filter(({ name }) => !name.startsWith('token.'))) {
    const batch = byId.get(call.parentSpanId ?? '');
    expect(batch?.name).toMatch(/^batch /);
    expect(call.events.map(({ name }) => name)).toContain('exchange');
    expect(BigInt(call.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(call.startTimeUnixNano));
  }
  const attributes = attributesOf(operation as ReceivedSpan);
  expect(Number(attributes['enos_graphql.calls'])).toBeGreaterThanOrEqual(3);
});

test('the trace goes on to EnOS: each call carries its own span, and nothing else of the caller', async () => {
  const trace = TRACE.replace('0af7', '1af7');
  proxy.seen.length = 0;
  await ask(
    server.url,
    '{ thingModels(first: 2) { nodes { name } } }',
    {},
    { traceparent: `00-${trace}-${CALLER}-01`, baggage: 'user=hunter2', 'x-secret': 'hunter2' },
  );
  const spans = await spansOf(trace);
  const calls = spans.filter(({ kind }) => kind === 3).map(({ spanId }) => spanId);
  const carried = proxy.seen.map(({ headers }) => headers['traceparent']);
  expect(carried).toEqual(calls.map((spanId) => `00-${trace}-${spanId}-01`));
  expect(carried.length).toBeGreaterThan(0);
  expect(JSON.stringify(proxy.seen)).not.toContain('hunter2');
});

test('a caller who has decided not to be traced is not', async () => {
  const trace = TRACE.replace('0af7', '2af7');
  await ask(server.url, '{ __typename }', {}, { traceparent: `00-${trace}-${CALLER}-00` });
  const other = TRACE.replace('0af7', '3af7');
  await ask(server.url, '{ __typename }', {}, { traceparent: `00-${other}-${CALLER}-01` });
  await spansOf(other);
  expect(receiver.spans.filter(({ traceId }) => traceId === trace)).toEqual([]);
});

test('log lines name the trace; spans hold no variable, no literal and no header', async () => {
  const trace = TRACE.replace('0af7', '4af7');
  await ask(
    server.url,
    'query Q($id: ID!) { asset(assetId: $id) { name } other: asset(assetId: "hunter-literal") { name } }',
    { id: 'hunter-variable' },
    { traceparent: `00-${trace}-${CALLER}-01`, authorization: 'Bearer hunter-header' },
  );
  const spans = await spansOf(trace);
  expect(spans.find(({ kind }) => kind === 2)?.status.code).toBe(2);
  await waitFor(() => server.output().includes(trace), 'the log line of the request');
  expect(receiver.raw.join()).not.toContain('hunter');
  expect(server.output()).not.toMatch(/hunter|canary-of-the-collector/);
  expect(receiver.headers[0]).toMatchObject({ 'api-key': 'canary-of-the-collector' });
  expect(receiver.resources).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'graph-under-test' },
  });
});

test('a collector that is gone is said once, without its address, and no request suffers', async () => {
  const { url } = receiver;
  await receiver.close();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(server.url, '{ __typename }')));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await waitFor(() => server.output().includes('traces cannot be sent'), 'the warning', 25_000);
  await ask(server.url, '{ __typename }');
  expect(server.output().split('traces cannot be sent')).toHaveLength(2);
  const after = server.output().slice(server.output().indexOf('traces cannot be sent'));
  expect(after).not.toContain(new URL(url).port);
});

test('without a place to send them nothing of OpenTelemetry is loaded', () => {
  const script = `import('./dist/app.js').then(({ startApp }) => import('./dist/config/settings.js').then(async ({ loadSettings }) => {
    const log = Object.assign(() => {}, { info() {}, warn() {}, error() {}, debug() {}, isLevelEnabled: () => false });
    const app = await startApp(loadSettings({ PORT: '0', ENOS_URL: '${simulator.url}', ...JSON.parse(process.argv[1]) }), log);
    await app.close(0);
  }))`;
  const loads = (env: Record<string, string>): string => {
    const args = ['--import', './test/support/log-imports.mjs', '-e', script, JSON.stringify(env)];
    const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return stderr;
  };
  expect(loads({})).not.toContain('opentelemetry');
  expect(loads({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toContain(
    'LOADED @opentelemetry/sdk-trace',
  );
});
