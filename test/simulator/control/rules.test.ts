/** Which calls a rule means, how often it acts, and what is said about a rule that cannot be used. */
import { clearFaults, control, logOf, setFaults } from '../../support/simulator-control.js';
import { startTinySimulator, type TinySimulator } from '../../support/tiny-simulator.js';

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator({ control: true, seed: 1 });
});
afterAll(() => simulator.close());
beforeEach(() => control(simulator.url, 'POST', 'reset'));

const BAD = { kind: 'status', status: 500 };
/** Statuses of so many calls of getAsset. */
async function statuses(count: number, assetId = 'siteA'): Promise<number[]> {
  const list: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const path = `/asset-service/v2.1/assets?action=get&orgId=o1&assetId=${assetId}`;
    const reply = await fetch(`${simulator.url}${path}`);
    await reply.arrayBuffer();
    list.push(reply.status);
  }
  return list;
}

const search = (body: unknown): Promise<Response> =>
  fetch(`${simulator.url}/asset-tree-service/v2.1/asset-nodes?action=searchAsset&orgId=o2`, {
    method: 'POST',
    body: JSON.stringify(body),
  });

it.each([
  [{}, true],
  [{ operation: 'getAsset' }, true],
  [{ operation: 'get*' }, true],
  [{ operation: ['searchAssetNode', 'getAsset'] }, true],
  [{ operation: 'searchAssetNode' }, false],
  [{ service: 'asset' }, true],
  [{ service: 'asset-tree' }, false],
  [{ org: 'o1' }, true],
  [{ org: ['o2', 'o3'] }, false],
  [{ asset: 'siteA' }, true],
  [{ asset: 'siteB' }, false],
  [{ service: 'asset', asset: 'siteB' }, false],
  [{ page: 1 }, false],
])('%j: %s', async (match, hit) => {
  await setFaults(simulator.url, { match, fault: BAD });
  expect(await statuses(1)).toEqual([hit ? 500 : 401]);
});

it.each([
  [{ asset: 'a2' }, { expression: "assetId in ('a1', \"a2\") and name like 'a3'" }, true],
  [{ asset: 'a3' }, { expression: "assetId in ('a1', \"a2\") and name like 'a3'" }, false],
  [{ model: 'm1' }, { expression: "modelId='m1'" }, true],
  [{ page: 3 }, { expression: '', pagination: { pageNo: 3, pageSize: 10 } }, true],
  [{ page: 2 }, { pagination: { pageNo: 3, pageSize: 10 } }, false],
])('%j against the body %j: %s', async (match, body, hit) => {
  await setFaults(simulator.url, { match, fault: BAD });
  expect((await search(body)).status).toBe(hit ? 500 : 401);
});

it('acts after so many, so many times, and is over', async () => {
  await setFaults(simulator.url, { id: 'few', fault: BAD, skip: 2, times: 2 });
  expect(await statuses(6)).toEqual([401, 401, 500, 500, 401, 401]);
  expect((await control(simulator.url, 'GET', 'faults/few')).body).toMatchObject({
    matched: 6,
    acted: 2,
    over: true,
  });
});

it('acts for so long by the simulator’s clock', async () => {
  await setFaults(simulator.url, { fault: BAD, for: '10m' });
  expect(await statuses(1)).toEqual([500]);
  await control(simulator.url, 'PUT', 'clock', { advance: '10m' });
  expect(await statuses(1)).toEqual([401]);
});

it('acts at a rate, on the same calls whenever the seed is the same', async () => {
  const rule = { id: 'often', fault: BAD, rate: 0.5 };
  await setFaults(simulator.url, rule);
  const first = await statuses(40);
  await setFaults(simulator.url, rule);
  expect(await statuses(40)).toEqual(first);
  await control(simulator.url, 'PUT', 'seed', { seed: 2 });
  expect(await statuses(40)).not.toEqual(first);
  const share = first.filter((status) => status === 500).length;
  expect(share).toBeGreaterThan(8);
  expect(share).toBeLessThan(32);
});

it('draws delays within their distribution, the same ones for the same seed', async () => {
  const rules = ['a', 'b', 'c'].map((id, i) => ({
    id,
    match: { asset: `x${i}` },
    delay: [
      { distribution: 'uniform', min: 1, max: 5 },
      { distribution: 'normal', mean: 3, deviation: 1 },
      { distribution: 'exponential', mean: 3 },
    ][i],
  }));
  const run = async (): Promise<number[]> => {
    await setFaults(simulator.url, ...rules);
    await control(simulator.url, 'DELETE', 'log');
    for (const i of [0, 1, 2]) await statuses(20, `x${i}`);
    return (await logOf(simulator.url)).map((call) => call.delay);
  };
  const drawn = await run();
  expect(await run()).toEqual(drawn);
  expect(Math.min(...drawn.slice(0, 20))).toBeGreaterThanOrEqual(1);
  expect(Math.max(...drawn.slice(0, 20))).toBeLessThanOrEqual(5);
  for (const part of [drawn.slice(0, 20), drawn.slice(20, 40), drawn.slice(40)]) {
    expect(part).toHaveLength(20);
    expect(new Set(part).size).toBeGreaterThan(2);
    const mean = part.reduce((sum, one) => sum + one, 0) / part.length;
    expect(mean).toBeGreaterThan(1);
    expect(mean).toBeLessThan(7);
  }
});

it('the first fault wins; a rule that comes too late has not acted', async () => {
  await setFaults(
    simulator.url,
    { id: 'a', fault: { kind: 'status', status: 503 }, times: 1 },
    { id: 'b', fault: BAD },
    { id: 'c', delay: 1 },
  );
  expect(await statuses(2)).toEqual([503, 500]);
  const { body } = await control(simulator.url, 'GET', 'faults');
  expect(body.rules).toMatchObject([
    { id: 'a', acted: 1 },
    { id: 'b', matched: 2, acted: 1 },
    { id: 'c', acted: 2 },
  ]);
});

it('adds, lists, removes and replaces rules', async () => {
  const { url } = simulator;
  const added = await control(url, 'POST', 'faults', { fault: BAD });
  expect(added).toMatchObject({
    status: 201,
    body: { rules: [{ id: 'rule-1', rate: 1, skip: 0, matched: 0 }] },
  });
  expect((await control(url, 'POST', 'faults', [{ id: 'mine', delay: '1s' }])).body).toMatchObject({
    rules: [{ id: 'mine', delay: 1_000 }],
  });
  expect((await control(url, 'GET', 'faults')).body.rules).toHaveLength(2);
  expect((await control(url, 'DELETE', 'faults/rule-1')).status).toBe(204);
  expect((await control(url, 'DELETE', 'faults/rule-1')).status).toBe(404);
  expect((await control(url, 'PUT', 'faults', [{ delay: 1 }, { delay: 2 }])).body.rules).toHaveLength(2);
  await clearFaults(url);
  expect((await control(url, 'GET', 'faults')).body).toEqual({ rules: [] });
});

it.each([
  ['no object', 5, /^body: expected a rule/],
  ['nothing to do', {}, /^body: expected a delay, a fault, or both/],
  ['an unknown member', { fault: BAD, wen: 1 }, /^body: .*wen/],
  [
    'an unknown kind',
    { fault: { kind: 'explode' } },
    /^fault(\.kind)?: expected an object whose kind is one of status/,
  ],
  ['a status that is none', { fault: { kind: 'status', status: 99 } }, /^fault\.status: .*200 to 599/],
  ['a member of another kind', { fault: { kind: 'hang', status: 500 } }, /^fault: .*status/],
  ['a rate beyond 1', { fault: BAD, rate: 2 }, /^rate: /],
  ['no times at all', { fault: BAD, times: 0 }, /^times: expected a whole number from 1/],
  [
    'an operation that the contract lacks',
    { match: { operation: 'getAset' }, delay: 1 },
    /^match\.operation: .*getAset/,
  ],
  [
    'a service that is none',
    { match: { service: 'assets' }, delay: 1 },
    /^match\.service: expected one of .*asset-tree/,
  ],
  ['a delay that is no time', { delay: 'long' }, /^delay: expected milliseconds/],
  ['a delay of more than a day', { delay: '2d' }, /^delay: .*a day at most/],
  ['a time that is none', { delay: 1, for: -5 }, /^for: expected milliseconds/],
  ['a header that HTTP refuses', { fault: { ...BAD, headers: { 'x y': '1' } } }, /^fault\.headers\.x y: /],
  ['a Retry-After with a line break', { fault: { ...BAD, retryAfter: 'a\nb' } }, /^fault\.retryAfter: /],
  [
    'one bad rule of two',
    [{ delay: 1 }, { delay: 1, rate: 'x' }],
    /^\[1\]\.rate: expected a number from 0 to 1/,
  ],
  [
    'an id twice',
    [
      { id: 'a', delay: 1 },
      { id: 'a', delay: 1 },
    ],
    /^\[1\]\.id: expected an id that no rule has/,
  ],
])('refuses %s, by name', async (_what, body, message) => {
  const reply = await control(simulator.url, 'POST', 'faults', body);
  expect(reply.status).toBe(400);
  expect(reply.body.message).toMatch(message);
  expect((await control(simulator.url, 'GET', 'faults')).body).toEqual({ rules: [] });
});

it('refuses what is no JSON, unknown paths and methods', async () => {
  const reply = await fetch(`${simulator.url}/__faults`, { method: 'POST', body: '{' });
  expect([reply.status, await reply.json()]).toEqual([400, { message: 'body: expected JSON' }]);
  expect((await control(simulator.url, 'GET', 'nothing')).body.message).toContain('/__faults');
  expect((await control(simulator.url, 'GET', 'clock/x')).status).toBe(404);
  const put = await fetch(`${simulator.url}/__log`, { method: 'PUT', body: '{}' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, DELETE']);
});
