/** A dashboard whose assets are shown again from text, over real processes: what callers see, and what the server counts. */
import { readFile } from 'node:fs/promises';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const OTTO = 'APP_PORTAL_S_DemoOttoSiteOperatorToken0000002';
const ANNA = 'APP_PORTAL_S_DemoAnnaAdministratorToken000001';
const VARIABLES = { site: 'Rk3vTq8M', tree: 'Wf7kQ2Zx', points: ['activePower', 'windSpeed'] };
/** Every answer is made by itself; only what assets look like is kept. */
const ALONE = { ANSWERS_MAX_BYTES: '0', ANSWERS_SHARED: 'off', CACHE_TTL_LATEST: '30s' };

let query: string;
let simulator: Running;
const servers: Running[] = [];
beforeAll(async () => {
  query = await readFile(new URL('../../schema/operations/screen.graphql', import.meta.url), 'utf8');
  simulator = await startSimulator();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await simulator?.stop();
});

async function start(env: Record<string, string> = {}): Promise<Running> {
  const server = await startServer(simulator.url, { ...ALONE, ...env });
  servers.push(server);
  return server;
}

async function ask(
  { url }: Running,
  { text = query, variables = VARIABLES, headers = {} }: Asked = {},
): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: text, variables }),
  });
  return response.text();
}

/** Parts used so far. */
async function used({ url }: Running): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^graphql_answer_parts_total\{outcome="used"\} (\d+)$/m.exec(metrics)?.[1]);
}

test('the screen is sent as the same bytes, each of its assets made once', async () => {
  const server = await start();
  const first = await ask(server);
  const { nodes } = (JSON.parse(first) as Answer).data.asset.children;
  expect(nodes.length).toBeGreaterThan(5);
  for (let turn = 0; turn < 4; turn += 1) expect(await ask(server)).toBe(first);
  // The first request fetches and the second one keeps.
  expect(await used(server)).toBeGreaterThanOrEqual(2 * nodes.length);
  // Another screen shows the same assets in the same way. Its first request makes the operation known.
  const other = query.replace('Screen', 'Other').replace('timezone', 'modelId');
  await ask(server, { text: other });
  const before = await used(server);
  await ask(server, { text: other });
  expect(await used(server)).toBe(before + nodes.length);
});

test('callers of different rights, and of different languages, are shown their own', async () => {
  const server = await start({ AUTH_MODES: 'portal', ASSET_RIGHTS: 'portal' });
  const text =
    'query ($tree: ID!) { assetTree(treeId: $tree) { root { asset { children(treeId: $tree, first: 50) { nodes { assetId name model { name } alerts(first: 1) { totalCount } } } } } } assets(first: 400) { nodes { assetId name model { name } } } }';
  const as = (token: string, language = 'en'): Promise<string> =>
    ask(server, { text, headers: { authorization: `Bearer ${token}`, 'accept-language': language } });
  const [anna, otto, chinese] = [await as(ANNA), await as(OTTO), await as(ANNA, 'zh')];
  expect(new Set([anna, otto, chinese]).size).toBe(3);
  for (let turn = 0; turn < 4; turn += 1)
    expect([await as(ANNA), await as(OTTO), await as(ANNA, 'zh')]).toEqual([anna, otto, chinese]);
  expect(await used(server)).toBeGreaterThan(100);
});

test('how old a value is grows from one answer to the next, kept or not', async () => {
  const text =
    '{ assets(first: 3) { nodes { assetId freshness { ageMs } points(pointIds: ["activePower"]) { latest { freshness { ageMs } } } } } }';
  for (const kept of ['0', '1MiB']) {
    const server = await start({ ANSWERS_MAX_BYTES: kept });
    const ages: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const [, age] = /"ageMs":(\d+)/.exec(await ask(server, { text, variables: {} })) ?? [];
      ages.push(Number(age));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    for (let turn = 1; turn < ages.length; turn += 1)
      expect(ages[turn]).toBeGreaterThan((ages[turn - 1] ?? 0) + 20);
  }
});

interface Asked {
  text?: string;
  variables?: object;
  headers?: Record<string, string>;
}

interface Answer {
  data: { asset: { children: { nodes: { assetId: string }[] } } };
}
