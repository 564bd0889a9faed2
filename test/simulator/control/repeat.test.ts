/** Seed, clock, tokens and log: everything repeats, and one can see what happened. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnosClient } from '../../support/enos-client.js';
import { control, logOf, setFaults } from '../../support/simulator-control.js';
import { startSimulatorProcess, DEMO_CREDENTIALS, type RunningProcess } from '../../support/processes.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';

const KEYS = { accessKey: DEMO_CREDENTIALS.ENOS_ACCESS_KEY, secretKey: DEMO_CREDENTIALS.ENOS_SECRET_KEY };
const ORG = DEMO_CREDENTIALS.ENOS_ORG_ID;
const NOON = '2026-01-15T12:00:00Z';

const alerts = { path: '/event-service/v2.1/active-alerts', query: { action: 'search' }, body: {} };
const latest = {
  path: '/tsdb-service/v2.1/latest',
  body: { assetIds: 'tB4nX9wL,k7Pq2VzR', pointIds: 'activePower' },
};
const getSite = {
  method: 'GET',
  path: '/asset-service/v2.1/assets',
  query: { action: 'get', assetId: 'Rk3vTq8M' },
};
const clientOf = (simulator: RunningProcess): EnosClient => new EnosClient(simulator.url, KEYS, ORG);

describe('two simulators with the same seed and clock', () => {
  let pair: RunningProcess[];
  beforeAll(async () => {
    const env = { SIMULATOR_SEED: '42', SIMULATOR_CLOCK: NOON };
    pair = await Promise.all([startSimulatorProcess(env), startSimulatorProcess(env)]);
  });
  afterAll(() => Promise.all(pair.map((simulator) => simulator.stop())));

  const answersOf = async (simulator: RunningProcess): Promise<unknown[]> => {
    const client = clientOf(simulator);
    const rule = { id: 'some', match: { operation: 'getAsset' }, fault: { kind: 'garbage' }, rate: 0.5 };
    await setFaults(simulator.url, rule);
    const answers: unknown[] = [await client.accessToken()];
    for (let i = 0; i < 5; i += 1) {
      answers.push(await client.call(getSite).catch((error: Error) => error.message));
      answers.push(await client.call(alerts), await client.call(latest));
    }
    await control(simulator.url, 'PUT', 'clock', { advance: '1h' });
    answers.push(await client.call(latest), await client.call(alerts));
    return answers;
  };

  it('answer the same calls with the same bytes, ids, tokens and faults included', async () => {
    const [first, second] = (await Promise.all(pair.map(answersOf))).map((answers) =>
      JSON.stringify(answers),
    );
    // Compared as a truth value: a difference would print both at their full length.
    expect(first === second).toBe(true);
    expect(first?.includes('"code":0')).toBe(true);
    expect(/"(?:Unterminated|Unexpected|Bad)[^"]*JSON/.test(first ?? '')).toBe(true);
  });

  it('repeat themselves after a reset', async () => {
    const simulator = pair[0] as RunningProcess;
    const run = async (): Promise<string> => {
      await control(simulator.url, 'POST', 'reset');
      await control(simulator.url, 'PUT', 'clock', { fix: NOON });
      return JSON.stringify(await answersOf(simulator));
    };
    const first = await run();
    expect((await run()) === first).toBe(true);
  });
});

const timesIn = (text: string): number[] =>
  [...text.matchAll(/\b1[67]\d{11}\b/g)].map((match) => Number(match[0]));

describe('the clock', () => {
  let simulator: RunningProcess;
  beforeAll(async () => {
    simulator = await startSimulatorProcess();
  });
  afterAll(() => simulator.stop());
  afterEach(() => control(simulator.url, 'DELETE', 'clock'));

  it('stands still, moves, goes on, and follows the machine again', async () => {
    const { url } = simulator;
    const at = (time: string): object => ({ time, timestamp: Date.parse(time), mode: 'fixed' });
    expect((await control(url, 'GET', 'clock')).body.mode).toBe('system');
    expect((await control(url, 'PUT', 'clock', { fix: NOON })).body).toEqual(at('2026-01-15T12:00:00.000Z'));
    await control(url, 'PUT', 'clock', { advance: '90m' });
    expect((await control(url, 'GET', 'clock')).body).toEqual(at('2026-01-15T13:30:00.000Z'));
    await control(url, 'PUT', 'clock', { advance: -1 });
    expect((await control(url, 'GET', 'clock')).body).toEqual(at('2026-01-15T13:29:59.999Z'));
    const set = await control(url, 'PUT', 'clock', { set: NOON });
    expect(set.body.mode).toBe('shifted');
    expect(set.body.timestamp).toBeGreaterThanOrEqual(Date.parse(NOON));
    expect((await control(url, 'DELETE', 'clock')).status).toBe(204);
    expect((await control(url, 'GET', 'clock')).body.mode).toBe('system');
  });

  it('is what latest values, alerts, tokens and the date in replies go by', async () => {
    await control(simulator.url, 'PUT', 'clock', { fix: NOON });
    const client = clientOf(simulator);
    const value = JSON.stringify((await client.call(latest)).body);
    // Within the minute before.
    expect(Math.max(...timesIn(value))).toBeGreaterThan(Date.parse(NOON) - 60_000);
    expect(Math.max(...timesIn(value))).toBeLessThanOrEqual(Date.parse(NOON));
    const occurred = JSON.stringify((await client.call(alerts)).body);
    expect(Math.max(...timesIn(occurred))).toBeLessThanOrEqual(Date.parse(NOON));
    expect(Math.max(...timesIn(occurred))).toBeGreaterThan(Date.parse(NOON) - 86_400_000);
    await control(simulator.url, 'PUT', 'clock', { advance: '2h' });
    const reply = await client.call(getSite);
    expect(reply).toMatchObject({ status: 401, body: { code: 1203 } });
    const { headers } = await fetch(`${simulator.url}/__clock`);
    expect(headers.get('date')).toBe('Thu, 15 Jan 2026 14:00:00 GMT');
  });

  it.each([
    [{}, 'body: expected one of fix, set, advance'],
    [{ fix: NOON, advance: 1 }, 'body: expected one of fix, set, advance'],
    [{ fix: '2026-01-15' }, 'fix: expected Unix milliseconds or an instant such as 2026-01-15T12:00:00Z'],
    [
      { advance: 'tomorrow' },
      'advance: expected milliseconds or a length of time such as 250ms, 30s, 10m or 2h',
    ],
  ])('refuses %j', async (body, message) => {
    expect(await control(simulator.url, 'PUT', 'clock', body)).toEqual({ status: 400, body: { message } });
  });
});

it('tokens can end, be revoked, and live shortly', async () => {
  const simulator = await startTinySimulator({ control: true });
  const { url } = simulator;
  const fresh = (): EnosClient => new EnosClient(url, simulator.client.keys, simulator.client.orgId);
  const site = { ...getSite, query: { action: 'get', assetId: 'siteA' } };
  let client = fresh();
  expect((await client.call(site)).status).toBe(200);
  expect((await control(url, 'PUT', 'tokens', { state: 'expired' })).body).toMatchObject({
    live: 0,
    lifetime: 7200,
  });
  expect((await client.call(site)).body.code).toBe(1203);
  client = fresh();
  expect((await client.call(site)).status).toBe(200);
  await control(url, 'DELETE', 'tokens');
  expect(await client.call(site)).toMatchObject({
    status: 401,
    body: { message: 'Invalid authentication credentials' },
  });
  await control(url, 'PUT', 'tokens', { lifetime: 3, timestampTolerance: '5m' });
  client = fresh();
  expect((await client.askToken('get')).body.data).toMatchObject({ expire: 3 });
  // The machine's time, which the client signs, is far from that of the tiny world.
  expect((await client.call(site)).status).toBe(401);
  expect((await control(url, 'PUT', 'tokens', { lifetime: 0 })).body.message).toMatch(/^lifetime: /);
  await simulator.close();
});

it('the log says what was called, about what, and how it ended; filters narrow it', async () => {
  const simulator = await startTinySimulator({ control: true });
  const { url, client } = simulator;
  await client.call({ ...getSite, query: { action: 'get', assetId: 'siteA' } });
  await setFaults(url, {
    id: 'bad',
    match: { operation: 'searchAssetNode' },
    fault: { kind: 'code', code: 99500 },
  });
  const body = { expression: "assetId in ('siteA','siteB')", pagination: { pageNo: 1, pageSize: 50 } };
  const reply = await client.call({
    path: '/asset-tree-service/v2.1/asset-nodes',
    query: { action: 'searchAsset' },
    body,
  });
  expect(await logOf(url)).toMatchObject([
    { number: 1, operation: 'getAccessToken', service: 'token', org: null, code: 0 },
    {
      operation: 'getAsset',
      service: 'asset',
      org: client.orgId,
      assets: ['siteA'],
      status: 200,
      code: 0,
      fault: null,
    },
    {
      operation: 'searchAssetNode',
      assetCount: 2,
      assets: ['siteA', 'siteB'],
      page: 1,
      pageSize: 50,
      status: 200,
      code: 99500,
      fault: 'code',
      rules: ['bad'],
      requestId: reply.body.requestId,
      ending: 'answered',
    },
  ]);
  const numbers = async (filter: string): Promise<number[]> =>
    (await logOf(url, filter)).map((one) => one.number);
  expect(await numbers('service=asset')).toEqual([2]);
  expect(await numbers('asset=siteB')).toEqual([3]);
  expect(await numbers('fault=none')).toEqual([1, 2]);
  expect(await numbers('fault=any')).toEqual([3]);
  expect(await numbers('after=1&limit=1')).toEqual([3]);
  expect((await control(url, 'GET', 'log?colour=red')).body.message).toContain('colour');
  expect((await control(url, 'GET', 'log?limit=x')).body.message).toMatch(/^limit: expected a whole number/);
  await control(url, 'DELETE', 'log');
  expect(await logOf(url)).toEqual([]);
  await simulator.close();
});

it('a file of rules is in force from the start; one that cannot be used stops it with the reason', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faults-'));
  const file = join(folder, 'faults.yaml');
  try {
    await writeFile(file, '- fault: { kind: status, status: 502 }\n');
    const simulator = await startSimulatorProcess({ SIMULATOR_FAULTS: file });
    const reply = await fetch(`${simulator.url}/asset-service/v2.1/assets?action=get`);
    await simulator.stop();
    expect(reply.status).toBe(502);
    await writeFile(file, '- fault: { kind: status, status: 2 }\n');
    await expect(startSimulatorProcess({ SIMULATOR_FAULTS: file })).rejects.toThrow(
      /SIMULATOR_FAULTS .*\[0\]\.fault\.status: expected a whole number from 200 to 599/,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
