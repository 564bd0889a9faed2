/**
 * Integers beyond 2^53 that callers send, over real processes: on every way of sending them they mean themselves, not the
 * nearest number that JavaScript has. The assets of this world have serial numbers that one double stands for.
 */
import { createHash } from 'node:crypto';
import { startServer, startSimulatorProcess, type Running } from '../support/processes.js';
import { withWorldFolder } from '../support/world-folder.js';

/** Of the second machine; the first has 9007199254740993, and 9007199254740996 is the nearest number. */
const SERIAL = '9007199254740995';
const MACHINE = 'M-02';
const QUERY = `query Find($filter: AssetFilter) { assets(filter: $filter) { nodes { name attributes } } }`;
/** Series are of no interest here. */
const WITHOUT_RECORDS = {
  'series/a.yaml':
    'generated: [{ physics: windTurbine, model: Child, parameters: { ratedPower: 100 }, points: { power: { output: power }, state: { output: runState } } }]',
  'power.csv': null,
};
const VARIABLES = `{"filter":{"attributes":[{"attributeId":"serial","equals":${SERIAL}}]}}`;

let simulator: Running;
let server: Running;
beforeAll(async () => {
  simulator = await withWorldFolder(WITHOUT_RECORDS, (folder) =>
    startSimulatorProcess({ ENOS_WORLD: folder, ENOS_ORG_ID: 'o1' }),
  );
  server = await startServer(simulator.url, { ENOS_ORG_ID: 'o1', MAX_BATCH: '5' });
});
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

async function post(body: string, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return (await response.json()) as Reply;
}

async function get(parameters: Record<string, string>): Promise<Reply> {
  const search = new URLSearchParams(parameters).toString();
  const response = await fetch(`${server.url}/graphql?${search}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  return (await response.json()) as Reply;
}

const namesIn = (reply: Reply): string[] => {
  expect(reply.errors).toBeUndefined();
  return reply.data?.assets?.nodes.map(({ name }) => name) ?? [];
};
const found = { name: MACHINE, attributes: { mode: 'b', serial: SERIAL } };
const body = (query: string, variables = VARIABLES): string =>
  `{"query":${JSON.stringify(query)},"variables":${variables}}`;

test('as a number among the variables, again and again', async () => {
  for (let turn = 0; turn < 3; turn += 1)
    expect((await post(body(QUERY))).data?.assets?.nodes).toEqual([found]);
  const near = VARIABLES.replace(SERIAL, '9007199254740996');
  expect(namesIn(await post(body(QUERY, near)))).toEqual([]);
  const first = VARIABLES.replace(SERIAL, '9007199254740993');
  expect(namesIn(await post(body(QUERY, first)))).toEqual(['M-01']);
});

test('in the query, and as text', async () => {
  const inline = (value: string): string =>
    `{ assets(filter: { attributes: [{ attributeId: "serial", equals: ${value} }] }) { nodes { name } } }`;
  for (const value of [SERIAL, `"${SERIAL}"`])
    for (let turn = 0; turn < 2; turn += 1)
      expect(namesIn(await post(JSON.stringify({ query: inline(value) })))).toEqual([MACHINE]);
});

test('as a variable inside a filter of the query, and as the default of a variable', async () => {
  const inside = `query ($serial: JSON!) { assets(filter: { attributes: [{ attributeId: "serial", equals: $serial }] }) { nodes { name } } }`;
  const byDefault = inside.replace('JSON!', `JSON! = ${SERIAL}`);
  for (let turn = 0; turn < 3; turn += 1) {
    expect(namesIn(await post(body(inside, `{"serial":${SERIAL}}`)))).toEqual([MACHINE]);
    expect(namesIn(await post(body(byDefault, '{}')))).toEqual([MACHINE]);
  }
});

test('by GET, by a batch, and by the hash of a document', async () => {
  const sha256Hash = createHash('sha256').update(QUERY).digest('hex');
  const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
  const registered = `{"query":${JSON.stringify(QUERY)},"variables":${VARIABLES},"extensions":${extensions}}`;
  await post(registered);
  for (let turn = 0; turn < 3; turn += 1) {
    expect(namesIn(await get({ query: QUERY, variables: VARIABLES }))).toEqual([MACHINE]);
    expect(namesIn(await get({ extensions, variables: VARIABLES }))).toEqual([MACHINE]);
    expect(namesIn(await post(`{"variables":${VARIABLES},"extensions":${extensions}}`))).toEqual([MACHINE]);
    const batch = (await post(`[${body(QUERY)},${body(QUERY, '{}')}]`)) as unknown as Reply[];
    expect(batch.map((reply) => namesIn(reply).length)).toEqual([1, 13]);
  }
});

test('in the structured filter of a tree', async () => {
  const query = `query ($filter: AssetFilter) { asset(assetId: "Aa1Bb2Cc") { children(treeId: "Tree0001", filter: $filter) { nodes { name } } } }`;
  for (let turn = 0; turn < 2; turn += 1) {
    const reply = (await post(body(query))) as unknown as {
      data: { asset: { children: { nodes: { name: string }[] } } };
    };
    expect(reply.data.asset.children.nodes).toEqual([{ name: MACHINE }]);
  }
});

test('where objects of lists are kept as text, those of another integer are not taken for them', async () => {
  const query = `query ($serial: JSON!) { assets(first: 2) { nodes { name children(treeId: "Tree0001", filter: { attributes: [{ attributeId: "serial", equals: $serial }] }) { nodes { name } } } } }`;
  const ask = async (serial: string): Promise<string> =>
    JSON.stringify(await post(body(query, `{"serial":${serial}}`)));
  for (let turn = 0; turn < 4; turn += 1) {
    expect(await ask(SERIAL)).toContain(MACHINE);
    expect(await ask(`"x${SERIAL}"`)).not.toContain(`"nodes":[{"name":"${MACHINE}"}]`);
    expect(await ask('9007199254740993')).not.toContain(`"nodes":[{"name":"${MACHINE}"}]`);
  }
});

test('an id is the text of its digits; what is no integer of GraphQL is refused for what it is', async () => {
  const byId = 'query ($id: ID!) { asset(assetId: $id) { name } }';
  for (let turn = 0; turn < 2; turn += 1) {
    const { errors } = await post(body(byId, '{"id":9007199254740993}'));
    expect(errors?.[0]?.message).toContain('9007199254740993');
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  }
  const first = await post(body('query ($n: Int) { assets(first: $n) { totalCount } }', `{"n":${SERIAL}}`));
  expect(first.errors?.[0]?.message).toMatch(/Int cannot represent non 32-bit signed integer value/);
  const odd = await post(`{"query":"{ assets { totalCount } }","variables":{"a":${SERIAL},"__proto__":{}}}`);
  expect(odd.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
});

test('a plan is made of a filter with such an integer, and variables count as ever', async () => {
  const planned = await post(body(QUERY), { 'x-enos-explain': 'plan' });
  expect(planned.extensions?.plan).toMatchObject([{ operation: 'searchAssetNode' }]);
  const deep = `${'['.repeat(300)}${SERIAL}${']'.repeat(300)}`;
  expect((await post(body(QUERY, `{"filter":${deep}}`))).errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  const shallow = `${'['.repeat(60)}${SERIAL}${']'.repeat(60)}`;
  const refused = await post(body(QUERY, `{"filter":${shallow}}`));
  expect(refused.errors?.[0]?.extensions).toMatchObject({ limit: { name: 'MAX_VARIABLE_DEPTH' } });
});

interface Reply {
  data?: { assets?: { nodes: { name: string; attributes?: object }[] } };
  errors?: { message: string; extensions: { code: string } & Record<string, unknown> }[];
  extensions?: { plan?: unknown };
}
