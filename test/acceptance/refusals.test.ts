/** What is refused before it is run, over HTTP: in words that help, and as the caller's mistake. */
import { ask, dataCallsOf, resetCalls, total } from '../support/graphql-client.js';
import {
  startServerProcess,
  startSimulator,
  type Running,
  type RunningProcess,
} from '../support/processes.js';

let simulator: Running;
let server: RunningProcess;
beforeAll(async () => {
  simulator = await startSimulator();
  server = await startServerProcess(simulator.url, { LOG_LEVEL: 'info' });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

async function post(body: object): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, text: await reply.text() };
}

const errorLines = (): string[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":50'));

test.each([
  ['mutation', 'Cannot query field'],
  ['subscription', 'Schema is not configured to execute subscription operation.'],
])('a %s that there is not is refused in the words of graphql-js', async (type, words) => {
  const { status, text } = await post({ query: `${type} { a }` });
  expect(status).toBe(400);
  expect(text).toContain(words);
  expect(text).not.toContain('Internal server error');
  expect(errorLines()).toEqual([]);
});

test("a caller's wrong variables are no error of the server", async () => {
  const query = 'query($n: Int!) { assets(first: $n) { totalCount } }';
  // The second time the operation is known, and takes the other way.
  for (let turn = 0; turn < 3; turn += 1) {
    const { status, text } = await post({ query, variables: { n: 'many' } });
    expect(status).toBe(400);
    expect(text).toContain('BAD_USER_INPUT');
    expect(text).toContain('$n');
  }
  expect(errorLines()).toEqual([]);
  expect(server.output()).not.toMatch(/at .*\.js:\d+/);
});

test.each([
  ['an empty id', '', 'an empty text'],
  ['an id of 1,001 characters', 'x'.repeat(1_001), '1001 characters'],
])('%s is refused before a call, wherever it stands', async (_name, id, got) => {
  await resetCalls(simulator.url);
  const requests: [string, Record<string, unknown>, string][] = [
    ['query($id: ID!) { asset(assetId: $id) { name } }', { id }, 'assetId'],
    ['query($id: ID!) { assetsById(assetIds: [$id]) { name } }', { id }, 'assetIds'],
    [
      'query($f: AssetFilter) { assets(filter: $f) { totalCount } }',
      { f: { assetIds: [id] } },
      'filter.assetIds',
    ],
  ];
  for (const [query, variables, place] of requests) {
    const { errors = [] } = await ask(server.url, query, variables);
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors[0]?.message).toContain(`"${place}"`);
    expect(errors[0]?.message).toContain(got);
  }
  expect(total(await dataCallsOf(simulator.url))).toBe(0);
});

test('an operation whose name holds a document runs as the one that it names', async () => {
  const query = 'query A { a: __typename } query B { b: __typename }';
  expect((await post({ query, operationName: 'B' })).text).toContain('{"b":"Query"}');
  const name = `A\n${query}`;
  const { status, text } = await post({ query, operationName: name });
  expect(status).toBe(400);
  expect(text).not.toContain('"data":{"');
});

test('a large integer as the default of a variable works each time', async () => {
  const query =
    'query($v: JSON = 9007199254740993) { assets(first: 1, filter: { attributes: [{ attributeId: "serialNumber", equals: $v }] }) { totalCount } }';
  for (let turn = 0; turn < 3; turn += 1) expect((await ask(server.url, query)).errors).toBeUndefined();
});
