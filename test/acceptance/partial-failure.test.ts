/** What fails takes its own field with it and nothing else: missing and forbidden assets, and each way EnOS can break. */
import { ask, callsOf, resetCalls, type Answer } from '../support/graphql-client.js';
import { startFaultyGateway, type Fault, type FaultyGateway } from '../support/faulty-gateway.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const SITE = 'Rk3vTq8M';
const TREE = 'Wf7kQ2Zx';
const FORBIDDEN = 'Xr9nD3nY';

let simulator: Running;
let gateway: FaultyGateway;
let server: Running;
let turbines: string[];

beforeAll(async () => {
  simulator = await startSimulator();
  gateway = await startFaultyGateway(simulator.url);
  server = await startServer(gateway.url, {
    ENOS_TIMEOUT: '2s',
    OPERATION_TIMEOUT: '4s',
    CACHE_TTL_LATEST: '0s',
    CACHE_TTL_ALERTS: '0s',
    // Each kind of failure is to be seen as it is, however many of the same service came before it.
    ENOS_BREAKER_CALLS: '0',
  });
  const children = await ask<{ asset: { children: { nodes: { assetId: string }[] } } }>(
    server.url,
    `{ asset(assetId: "${SITE}") { children(treeId: "${TREE}", first: 49) { nodes { assetId } } } }`,
  );
  turbines = children.data?.asset.children.nodes.map(({ assetId }) => assetId) ?? [];
  expect(turbines).toHaveLength(49);
});

afterAll(async () => {
  await server?.stop();
  await gateway?.close();
  await simulator?.stop();
});

afterEach(() => gateway.setRule(undefined));

interface Listed {
  assetsById: ({ assetId: string; name: string; point: { latest: { value: number } | null } } | null)[];
}

const LIST = `query ($ids: [ID!]!) { assetsById(assetIds: $ids) {
  assetId name point(pointId: "activePower") { latest { value } }
} }`;

test('an unknown asset among 50: 49 answers and one NOT_FOUND at its path, confirmed by EnOS', async () => {
  const ids = [...turbines.slice(0, 20), 'nO0tH3re', ...turbines.slice(20)];
  await resetCalls(simulator.url);
  const answer = await ask<Listed>(server.url, LIST, { ids });
  expect(answer.data?.assetsById.map((asset) => asset?.assetId ?? null)).toEqual(
    ids.map((id) => (id === 'nO0tH3re' ? null : id)),
  );
  expect(
    answer.data?.assetsById.filter((asset) => typeof asset?.point.latest?.value === 'number'),
  ).toHaveLength(49);
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors?.[0]).toMatchObject({
    path: ['assetsById', 20],
    extensions: { code: 'NOT_FOUND', enos: { operation: 'getAsset', code: 99404 } },
  });
  expect(answer.errors?.[0]?.extensions.enos?.requestId).toEqual(expect.stringMatching(/^[0-9a-f-]{36}$/));
  const calls = await callsOf(simulator.url);
  expect(calls).toMatchObject({ searchAssetNode: 1, getAsset: 1, getAssetLatestData: 1 });
});

test('one asset that may not be read among 50: the other 49 have their values', async () => {
  const answer = await ask<Listed>(server.url, LIST, { ids: [FORBIDDEN, ...turbines] });
  expect(answer.data?.assetsById[0]).toBeNull();
  expect(
    answer.data?.assetsById.filter((asset) => typeof asset?.point.latest?.value === 'number'),
  ).toHaveLength(49);
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors?.[0]).toMatchObject({ path: ['assetsById', 0], extensions: { code: 'FORBIDDEN' } });
});

test('an asset whose series may not be read: its value fails, the other 48 are answered', async () => {
  const closed = turbines[7] ?? '';
  gateway.setRule(({ url, body }) =>
    url.startsWith('/tsdb-service/v2.1/latest') && body.includes(closed)
      ? {
          kind: 'status',
          status: 200,
          body: JSON.stringify({ code: 80401, msg: 'Assset unauthorized', submsg: null, data: null }),
        }
      : undefined,
  );
  const answer = await ask<Listed>(server.url, LIST, { ids: turbines });
  const values = answer.data?.assetsById.map((asset) => asset?.point.latest?.value);
  expect(values?.filter((value) => typeof value === 'number')).toHaveLength(48);
  expect(answer.data?.assetsById[7]?.name).toBeTruthy();
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors?.[0]).toMatchObject({
    path: ['assetsById', 7, 'point', 'latest'],
    extensions: { code: 'FORBIDDEN', enos: { code: 80401 } },
  });
});

const MIXED = `query ($id: ID!) { asset(assetId: $id) {
  name model { modelId } trees { treeId } alerts { totalCount } point(pointId: "activePower") { latest { value } }
} }`;

interface Mixed {
  asset: {
    name: string;
    model: { modelId: string } | null;
    trees: { treeId: string }[] | null;
    alerts: { totalCount: number } | null;
    point: { latest: { value: number } | null };
  };
}

const faults: [string, Fault, string][] = [
  ['HTTP 500', { kind: 'status', status: 500 }, 'UPSTREAM_ERROR'],
  ['HTTP 503', { kind: 'status', status: 503, body: '{"message":"Service unavailable"}' }, 'UPSTREAM_ERROR'],
  [
    'HTTP 429',
    {
      kind: 'status',
      status: 429,
      body: '{"message":"API rate limit exceeded"}',
      headers: { 'retry-after': '7' },
    },
    'RATE_LIMITED',
  ],
  ['an HTML page', { kind: 'html' }, 'UPSTREAM_INVALID_RESPONSE'],
  ['half a body', { kind: 'cut' }, 'UPSTREAM_INVALID_RESPONSE'],
  ['nothing, for ever', { kind: 'hang' }, 'UPSTREAM_TIMEOUT'],
  ['a reset connection', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE'],
];

describe.each(faults)('the alert service answers %s', (_, fault, code) => {
  let answer: Answer<Mixed>;

  test('its field is null with a code, everything else is whole', async () => {
    gateway.setRule(({ url }) => (url.startsWith('/event-service') ? fault : undefined));
    answer = await ask<Mixed>(server.url, MIXED, { id: turbines[0] });
    expect(answer.status).toBe(200);
    expect(answer.data?.asset).toMatchObject({ model: { modelId: 'DF_Turbine' }, alerts: null });
    expect(answer.data?.asset.trees?.map(({ treeId }) => treeId)).toContain(TREE);
    expect(typeof answer.data?.asset.point.latest?.value).toBe('number');
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]).toMatchObject({ path: ['asset', 'alerts'], extensions: { code } });
  });

  test('nothing internal leaves the server', async () => {
    gateway.setRule(({ url }) => (url.startsWith('/event-service') ? fault : undefined));
    answer = await ask<Mixed>(server.url, MIXED, { id: turbines[1] });
    expect(JSON.stringify(answer)).not.toMatch(/10\.1\.2\.3|127\.0\.0\.1|demo-secret|apim-|at .*\.js:/);
  });
});

test('EnOS wholly away: every field fails with a code, and the server lives', async () => {
  gateway.setRule(() => ({ kind: 'reset' }));
  const answer = await ask(server.url, MIXED, { id: 'fReshOne' });
  expect(answer.errors?.[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  gateway.setRule(undefined);
  const again = await ask<Mixed>(server.url, MIXED, { id: turbines[2] });
  expect(again.errors).toBeUndefined();
});
