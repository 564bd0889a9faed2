/** What callers are told of the calls behind an answer, and of an operation that is only planned. */
import { readFileSync } from 'node:fs';
import type { ExplainedCall } from '../../src/loading/request/explain.js';
import type { PlannedCall } from '../../src/graph/plan/types.js';
import { clearFaults, setFaults } from '../support/simulator-control.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const folder = new URL('../../schema/operations/', import.meta.url);
const SCREEN = {
  query: readFileSync(new URL('screen.graphql', folder), 'utf8'),
  variables: JSON.parse(readFileSync(new URL('screen.json', folder), 'utf8')) as object,
};

interface Answer {
  status: number;
  text: string;
  data?: Record<string, unknown> | null;
  errors?: { message: string }[];
  extensions?: { explain?: ExplainedCall[]; plan?: PlannedCall[] };
}

async function ask(server: Running, explain: string, operation: object = SCREEN): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-enos-explain': explain },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  return { status: response.status, text, ...(JSON.parse(text) as Omit<Answer, 'status' | 'text'>) };
}

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());

const calls = async (): Promise<number> => {
  const counts = (await (await fetch(`${simulator.url}/__calls`)).json()) as Record<string, number>;
  return Object.entries(counts).reduce((sum, [name, count]) => (/token/i.test(name) ? sum : sum + count), 0);
};

describe('an explanation', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startServer(simulator.url);
  });
  afterAll(() => server.stop());

  test('names the fields that needed each call, its ids and its page; what the cache had is said key by key', async () => {
    const { extensions, errors, text } = await ask(server, '1');
    expect(errors).toBeUndefined();
    const made = extensions?.explain ?? [];
    const of = (operation: string) => made.find((call) => call.operation === operation);
    expect(of('getAsset')).toMatchObject({ cache: 'miss', page: null, paths: ['asset'], attempt: 1 });
    expect(of('getAsset')?.ids).toHaveLength(1);
    const children = of('searchRelatedAssetNode');
    expect(children?.paths.every((path) => path.startsWith('asset.children'))).toBe(true);
    expect(children?.page?.number).toBe(1);
    expect(children?.page?.size).toBeGreaterThanOrEqual(50);
    const latest = of('getAssetLatestData');
    // However many assets there are, the field is named once.
    expect(latest?.paths).toEqual(['asset.children.nodes.points.latest']);
    expect(latest?.ids.length).toBeGreaterThan(4);
    for (const call of made.filter(({ attempt }) => attempt > 0)) {
      expect(call.durationMs).toBeGreaterThan(0);
      expect(call.paths.length).toBeGreaterThan(0);
    }
    expect(text).not.toContain('demo-secret-key');
    expect(text).not.toContain(simulator.url);
    const again = await ask(server, '1');
    const hits = again.extensions?.explain?.filter(({ cache }) => cache === 'hit') ?? [];
    expect(hits.find(({ keys }) => keys.includes('Rk3vTq8M'))).toMatchObject({
      attempt: 0,
      paths: ['asset'],
    });
  });

  test('a field that asks for what another has asked for is named, too', async () => {
    const query = `query ($id: ID!) { a: asset(assetId: $id) { name } b: asset(assetId: $id) { timezone } }`;
    const { extensions } = await ask(server, '1', { query, variables: { id: 'tB4nX9wL' } });
    expect(extensions?.explain).toHaveLength(1);
    expect(extensions?.explain?.[0]?.paths).toEqual(['a', 'b']);
  });

  test('of more than fifty fields the first are named and all are counted', async () => {
    const fields = Array.from({ length: 60 }, (_, i) => `f${i}: asset(assetId: "Hx2wGs6C") { name }`);
    const { extensions, errors } = await ask(server, '1', { query: `{ ${fields.join(' ')} }` });
    expect(errors).toBeUndefined();
    const [line] = extensions?.explain ?? [];
    expect(line).toMatchObject({ pathCount: 60, ids: ['Hx2wGs6C'], idCount: 1 });
    expect(line?.paths).toHaveLength(50);
  });

  test.each([
    ['a key __proto__', '{ __proto__: asset(assetId: "Ms8dV4kT") { name } }', {}],
    [
      'a condition that is null',
      'query ($if: Boolean = true) { asset(assetId: "Qh5sLr9B") { name @include(if: $if) } }',
      { if: null },
    ],
  ])('%s: what graphql-js executes has its calls and its fields', async (_, query, variables) => {
    const { extensions } = await ask(server, '1', { query, variables });
    expect(extensions?.explain).toMatchObject([{ operation: 'getAsset', pathCount: 1 }]);
  });
});

describe('a call that came to no exchange has a line without one', () => {
  const UNSENT = { cache: 'miss', attempt: 0, httpStatus: null, code: null, requestId: null };
  const ONE_ASSET = { query: '{ asset(assetId: "Rk3vTq8M") { name } }' };
  const ASSET_AND_MODEL = {
    query: '{ asset(assetId: "Rk3vTq8M") { name } thingModel(modelId: "DF_Turbine") { modelId } }',
  };
  const TWO_OF_ONE_SERVICE = {
    query: '{ thingModel(modelId: "DF_Turbine") { modelId } thingModels(first: 1) { totalCount } }',
  };
  const FAILS = { match: { service: 'asset' }, fault: { kind: 'status', status: 500 } };
  const SLOW = { match: { service: 'model' }, delay: 500 };
  const HANGS = { match: { service: ['asset', 'model'] }, fault: { kind: 'hang' } };
  afterEach(() => clearFaults(simulator.url));

  test.each([
    [
      'an open breaker',
      { ENOS_BREAKER_CALLS: '1', ENOS_BREAKER_PAUSE: '60s' },
      [FAILS],
      [ONE_ASSET, ONE_ASSET],
      [{ ...UNSENT, outcome: 'unavailable', ids: ['Rk3vTq8M'] }],
    ],
    [
      'a full queue',
      { ENOS_SERVICE_CONCURRENCY: '1', ENOS_QUEUE_LIMIT: '0' },
      [SLOW],
      [TWO_OF_ONE_SERVICE],
      [
        { ...UNSENT, outcome: 'unavailable' },
        { attempt: 1, outcome: 'ok' },
      ],
    ],
    [
      'a budget that is spent',
      { MAX_UPSTREAM_CALLS: '1' },
      [],
      [ASSET_AND_MODEL],
      [
        { ...UNSENT, outcome: 'call-budget' },
        { attempt: 1, outcome: 'ok' },
      ],
    ],
    [
      'a deadline that passed while it waited for its turn',
      { ENOS_CONCURRENCY: '1', OPERATION_TIMEOUT: '1s' },
      [HANGS],
      [ASSET_AND_MODEL],
      [
        { ...UNSENT, outcome: 'timeout' },
        { attempt: 1, outcome: 'timeout', requestId: null },
      ],
    ],
  ])('%s', async (_, env, faults, operations, expected) => {
    const server = await startServer(simulator.url, env);
    try {
      await setFaults(simulator.url, ...faults);
      let answer: Answer | undefined;
      for (const operation of operations) answer = await ask(server, '1', operation);
      const lines = answer?.extensions?.explain ?? [];
      expect(lines.toSorted((a, b) => a.attempt - b.attempt)).toMatchObject(expected);
      for (const line of lines) expect(line.paths).toHaveLength(1);
    } finally {
      await server.stop();
    }
  });
});

describe('a plan', () => {
  test('costs no call, and says what the run then makes', async () => {
    const server = await startServer(simulator.url);
    try {
      const before = await calls();
      const { status, data, extensions } = await ask(server, 'plan');
      expect({ status, data, made: (await calls()) - before }).toEqual({ status: 200, data: null, made: 0 });
      const plan = extensions?.plan ?? [];
      const least = plan.reduce((sum, call) => sum + call.calls.least, 0);
      const most = plan.reduce((sum, call) => sum + (call.calls.most ?? Infinity), 0);
      // The second time, the operation is a known one.
      expect((await ask(server, 'plan')).extensions?.plan).toEqual(plan);
      const { extensions: run, errors } = await ask(server, '1');
      expect(errors).toBeUndefined();
      const made = (await calls()) - before;
      expect(run?.explain?.filter(({ attempt }) => attempt > 0)).toHaveLength(made);
      expect(made).toBeGreaterThanOrEqual(least);
      expect(made).toBeLessThanOrEqual(most);
      expect((await ask(server, 'plan')).data).toBeNull();
    } finally {
      await server.stop();
    }
  });

  test('what is not valid is refused as always', async () => {
    const server = await startServer(simulator.url);
    try {
      const { errors, extensions } = await ask(server, 'plan', { query: '{ nothing }' });
      expect(errors?.[0]?.message).toContain('nothing');
      expect(extensions?.plan).toBeUndefined();
      const unfit = await ask(server, 'plan', { ...SCREEN, variables: {} });
      expect(unfit.errors?.[0]?.message).toContain('$site');
      expect(unfit.extensions?.plan).toBeUndefined();
    } finally {
      await server.stop();
    }
  });
});

test('neither is given where the setting says so', async () => {
  const server = await startServer(simulator.url, { EXPLAIN: 'off' });
  try {
    for (const wish of ['1', 'plan']) {
      const { data, extensions } = await ask(server, wish);
      expect(data).not.toBeNull();
      expect(extensions).toBeUndefined();
    }
  } finally {
    await server.stop();
  }
});
