/**
 * Points that thing models lack, and fields that points of a kind cannot have, over real processes: what callers are told, on
 * every way that an answer can take, and which calls it costs.
 */
import {
  ask as askOnce,
  dataCallsOf,
  resetCalls,
  type Answer as AnswerOf,
} from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const SITE = 'Rk3vTq8M';
const TREE = 'Wf7kQ2Zx';
const RANGE = 'from: "2024-03-10T00:00:00Z", to: "2024-03-10T06:00:00Z"';
/** The last of the site's children: turbines, its meter and its mast. */
const children = (fields: string, names = ''): string =>
  `{ asset(assetId: "${SITE}") { children(treeId: "${TREE}", last: 20) { nodes { assetId ${names} ${fields} } } } }`;
const latestOf = (...pointIds: string[]): string =>
  children(`points(pointIds: ${JSON.stringify(pointIds)}) { pointId latest { value } }`, 'modelId');

let simulator: Running;
/** For tests that count no calls of a cold cache. */
let common: Running;
const servers: Running[] = [];
beforeAll(async () => {
  simulator = await startSimulator();
  common = await start({ MAX_COST: '1000000', MAX_BATCH: '4' });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await simulator?.stop();
});

async function start(env: Record<string, string> = {}): Promise<Running> {
  const server = await startServer(simulator.url, { CACHE_TTL_LATEST: '60s', ...env });
  servers.push(server);
  return server;
}

type Answer = AnswerOf<{
  asset: {
    children: { nodes: { modelId: string; points: { latest: { value: unknown } | null }[] }[] };
    point: Record<string, unknown>;
  };
}> & { extensions?: { warnings?: Warning[] } };
interface Warning {
  code: string;
  message: string;
  pointId: string;
  assetCount: number;
  suggestion: string | null;
}

const ask = (server: Running, query: string): Promise<Answer> => askOnce(server.url, query);

async function callsFor(server: Running, query: string): Promise<[Record<string, number>, Answer]> {
  await resetCalls(simulator.url);
  const answer = await ask(server, query);
  return [await dataCallsOf(simulator.url), answer];
}

test('a misspelt point: nulls, no errors, and one warning with the nearest name, for no more calls than the right one', async () => {
  const [right, good] = await callsFor(await start(), latestOf('activePower'));
  const [wrong, answer] = await callsFor(await start(), latestOf('activPower'));
  expect(good.extensions?.warnings?.filter(({ suggestion }) => suggestion !== null) ?? []).toEqual([]);
  expect(answer.errors).toBeUndefined();
  const nodes = answer.data?.asset.children.nodes ?? [];
  expect(nodes.length).toBeGreaterThan(5);
  expect(nodes.every(({ points }) => points[0]?.latest === null)).toBe(true);
  const count = nodes.length;
  expect(answer.extensions).toEqual({
    warnings: [
      {
        code: 'POINT_NOT_IN_MODEL',
        message: `No thing model of this answer has a measurement point "activPower" (${count} assets). Did you mean "activePower"?`,
        pointId: 'activPower',
        assetCount: count,
        suggestion: 'activePower',
      },
    ],
  });
  expect(wrong).toEqual(right);
});

test('assets of several kinds side by side: how many lack a point, and no other name', async () => {
  const { data, errors, extensions } = await ask(common, latestOf('rotorSpeed', 'activePower'));
  expect(errors).toBeUndefined();
  const nodes = data?.asset.children.nodes ?? [];
  const others = nodes.filter(({ modelId }) => !modelId.endsWith('_Turbine'));
  expect(others.length).toBeGreaterThan(0);
  expect(others.length).toBeLessThan(nodes.length);
  const warning = extensions?.warnings?.find(({ pointId }) => pointId === 'rotorSpeed');
  expect(warning).toMatchObject({ assetCount: others.length, suggestion: null });
  expect(warning?.message).toContain('others of this answer have it');
});

describe('on every way that an answer can take', () => {
  const query = latestOf('rotorSpeed', 'actvePower');

  test.each([
    ['made each time', { ANSWERS_MAX_BYTES: '0', ANSWERS_SHARED: 'off', ANSWERS_MAX_PART_BYTES: '0' }],
    ['with objects kept as text', { ANSWERS_MAX_BYTES: '0', ANSWERS_SHARED: 'off' }],
    ['kept as bytes', {}],
  ])('the warnings are the same: %s', async (how, env) => {
    const server = await start(env);
    const first = await post(server, query);
    expect(first.warnings).toHaveLength(2);
    const outcomes = new Set<string | null>();
    for (let turn = 0; turn < 5; turn += 1) {
      const again = await post(server, query);
      expect(again.text).toBe(first.text);
      outcomes.add(again.outcome);
    }
    expect(outcomes.has('kept')).toBe(how === 'kept as bytes');
    if (how === 'with objects kept as text') {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(
        Number(/^graphql_answer_parts_total\{outcome="used"\} (\d+)$/m.exec(metrics)?.[1]),
      ).toBeGreaterThan(10);
    }
  });

  test('by GET, with a validator, in batches, beside a price, an explanation and errors, and for those who wait', async () => {
    const server = common;
    const { warnings } = await post(server, query);
    const together = await Promise.all(Array.from({ length: 6 }, () => post(server, query)));
    expect(together.map((one) => one.warnings)).toEqual(Array.from({ length: 6 }, () => warnings));
    for (let turn = 0; turn < 3; turn += 1) {
      const reply = await fetch(`${server.url}/graphql?${new URLSearchParams({ query }).toString()}`, {
        headers: { 'apollo-require-preflight': '1' },
      });
      expect(((await reply.json()) as Answer).extensions?.warnings).toEqual(warnings);
      const etag = reply.headers.get('etag');
      if (turn === 2) expect(etag).not.toBeNull();
      const priced = await post(server, query, { 'x-enos-cost': '1' });
      expect(priced.warnings).toEqual(warnings);
      expect(priced.extensions).toHaveProperty('cost');
      const explained = await post(server, query, { 'x-enos-explain': '1' });
      expect(explained.warnings).toEqual(warnings);
      expect(explained.extensions).toHaveProperty('explain');
      const batch = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ query }, { query: '{ __typename }' }, { query }]),
      });
      const answers = (await batch.json()) as Answer[];
      expect(answers.map(({ extensions }) => extensions?.warnings)).toEqual([warnings, undefined, warnings]);
      const broken = await post(
        server,
        query.replace('{ asset', '{ none: asset(assetId: "None0000") { name } asset'),
      );
      expect(broken.text).toContain('NOT_FOUND');
      expect(broken.warnings).toEqual(warnings);
    }
  });
});

test('the model is not read for this alone: without values there is no warning and no call for it', async () => {
  const [calls, { extensions }] = await callsFor(
    await start(),
    children('points(pointIds: ["activPower"]) { pointId latest { time } }'),
  );
  expect(extensions).toBeUndefined();
  expect(calls).not.toHaveProperty('searchThingModel');
  expect(calls).not.toHaveProperty('getThingModel');
});

test('all fields of a point that its model lacks are null, without an error and without a call for its data', async () => {
  const turbine = await turbineOf(common);
  const [calls, { data, errors, extensions }] = await callsFor(
    await start(),
    `{ asset(assetId: "${turbine}") { point(pointId: "windSped") { pointId definition { name } storage
      latest { value } series(${RANGE}, interval: "PT1H") { values { value } } records: series(${RANGE}) { values { value } }
      stateChanges(${RANGE}) { value } stateDurations(${RANGE}) { state } energyToday { value } } } }`,
  );
  expect(errors).toBeUndefined();
  const { pointId, ...fields } = data?.asset.point ?? {};
  expect(pointId).toBe('windSped');
  expect(Object.values(fields)).toEqual(Array.from({ length: 8 }, () => null));
  expect(extensions?.warnings).toMatchObject([
    { pointId: 'windSped', assetCount: 1, suggestion: 'windSpeed' },
  ]);
  const forData = Object.keys(calls).filter((name) => /^getAsset.+/.test(name));
  expect(forData).toEqual(['getAssetLatestData']);
});

test.each([
  ['activePower', `stateChanges(${RANGE}) { time value }`, 'AI'],
  ['activePower', `stateDurations(${RANGE}) { state milliseconds }`, 'AI'],
  ['energyProduced', `stateChanges(${RANGE}) { time }`, 'PI'],
  ['energyProduced', `stateDurations(${RANGE}) { state typed { __typename } }`, 'PI'],
  ['statusText', `stateDurations(${RANGE}) { state }`, 'GENERIC'],
  ['activePower', 'energyToday { value }', 'AI'],
  ['runState', 'energyToday { time }', 'DI'],
])(
  '%s { %s }: a point of kind %s cannot have it, and EnOS is not asked for data',
  async (point, field, kind) => {
    const server = common;
    const turbine = await turbineOf(server);
    const query = `{ asset(assetId: "${turbine}") { name point(pointId: "${point}") { pointId ${field} } } }`;
    for (let turn = 0; turn < 2; turn += 1) {
      const [calls, { data, errors }] = await callsFor(server, query);
      const name = field.slice(0, field.search(/\W/));
      expect(data?.asset).toMatchObject({ point: { pointId: point, [name]: null } });
      expect(errors).toMatchObject([
        { path: ['asset', 'point', name], extensions: { code: 'BAD_USER_INPUT', argument: 'pointId' } },
      ]);
      expect(errors?.[0]?.message).toContain(`"${point}"`);
      expect(errors?.[0]?.message).toContain(kind);
      expect(Object.keys(calls).filter((call) => /Data|Power/.test(call))).toEqual([]);
    }
  },
);

test('warnings are bounded in number and length, however many points are made up, and soon there', async () => {
  const server = common;
  const turbine = await turbineOf(server);
  const pointIds = [...Array.from({ length: 60 }, (_, n) => `made.up${n}`), 'x'.repeat(900)];
  const query = `query ($p: [ID!]) { asset(assetId: "${turbine}") { points(pointIds: $p) { definition { name } } } }`;
  const answer = (await askOnce(server.url, query, { p: pointIds })) as Answer;
  const warnings = answer.extensions?.warnings ?? [];
  expect(warnings).toHaveLength(21);
  expect(warnings.at(-1)).toMatchObject({ code: 'MORE_WARNINGS', count: 41 });
  const long = (await askOnce(server.url, query, { p: pointIds.slice(-1) })) as Answer;
  expect(long.extensions?.warnings?.[0]).toMatchObject({ pointId: 'x'.repeat(100), suggestion: null });
  expect(JSON.stringify(long.extensions).length).toBeLessThan(500);
});

test('a caller without the right to models reads states as before', async () => {
  const server = await start({
    AUTH_MODES: 'portal',
    RIGHTS_EVERYBODY: 'assets:read,series:read',
    RIGHTS_BY_ROLE: '',
  });
  const turbine = await turbineOf(common);
  const { data, errors } = (await askOnce(
    server.url,
    `{ viewer { rights } asset(assetId: "${turbine}") { model { modelId } point(pointId: "runState") { stateDurations(${RANGE}) { state } } } }`,
    {},
    { authorization: 'Bearer APP_PORTAL_S_DemoAnnaAdministratorToken000001' },
  )) as Answer;
  expect(errors).toMatchObject([{ path: ['asset', 'model'], extensions: { code: 'FORBIDDEN' } }]);
  expect(data?.asset.point['stateDurations']).not.toHaveLength(0);
  expect(data).toMatchObject({ viewer: { rights: ['assets:read', 'series:read'] } });
});

test('a point is a node: found again by its id, with its asset, and unlike the same point of another asset', async () => {
  const server = common;
  const [one, other] = await turbinesOf(server);
  const idOf = async (assetId: string | undefined, pointId: string): Promise<string> => {
    const { data } = await ask(
      server,
      `{ asset(assetId: "${assetId}") { point(pointId: "${pointId}") { id } } }`,
    );
    return String(data?.asset.point['id']);
  };
  const ids = [
    await idOf(one, 'activePower'),
    await idOf(other, 'activePower'),
    await idOf(one, 'windSpeed'),
  ];
  expect(new Set(ids).size).toBe(3);
  const query = `query ($ids: [ID!]!, $id: ID!) { node(id: $id) { ...P } nodes(ids: $ids) { ...P } }
    fragment P on Node { __typename id ... on AssetPoint { pointId asset { assetId } latest { value } definition { pointId } } }`;
  const found = await askOnce<{ node: object; nodes: object[] }>(server.url, query, { ids, id: ids[0] });
  expect(found.errors).toBeUndefined();
  const expected = [
    [one, 'activePower'],
    [other, 'activePower'],
    [one, 'windSpeed'],
  ].map(([assetId, pointId], index) => ({
    ...{ __typename: 'AssetPoint', id: ids[index], pointId, asset: { assetId }, definition: { pointId } },
    latest: { value: expect.any(Number) as number },
  }));
  expect(found.data).toEqual({ node: expected[0], nodes: expected });
  const none = await idOf(one, 'nowhere');
  const lacking = (await askOnce(server.url, query, { ids: [none], id: none })) as Answer;
  expect(lacking.errors).toBeUndefined();
  expect(lacking.extensions?.warnings).toMatchObject([{ pointId: 'nowhere', assetCount: 1 }]);
});

test('a literal that a scalar refuses: what came, where it stands, and which code', async () => {
  const query = `{ asset(assetId: "x") {
  point(pointId: "p") { series(${RANGE}, interval: 600000) { values { value } } } } }`;
  const { status, errors } = await ask(common, query);
  expect(status).toBe(400);
  expect(errors).toEqual([
    {
      message: 'Duration: expected a text such as "PT10M", got 600000.',
      locations: [{ line: 2, column: expect.any(Number) as number }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ]);
});

async function turbinesOf(server: Running): Promise<string[]> {
  const { data } = await ask(server, children('', 'modelId'));
  const nodes = (data?.asset.children.nodes ?? []) as unknown as { assetId: string; modelId: string }[];
  return nodes.filter(({ modelId }) => modelId.endsWith('_Turbine')).map(({ assetId }) => assetId);
}

async function turbineOf(server: Running): Promise<string> {
  return (await turbinesOf(server))[0] ?? '';
}

async function post(
  server: Running,
  query: string,
  headers: Record<string, string> = {},
): Promise<{ text: string; outcome: string | null; warnings?: Warning[]; extensions?: object }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  const { extensions } = JSON.parse(text) as Answer;
  const warnings = extensions?.warnings;
  return {
    text,
    outcome: response.headers.get('x-enos-answer'),
    ...(warnings && { warnings }),
    ...(extensions && { extensions }),
  };
}
