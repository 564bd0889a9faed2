/** Clients that leave, flood, crawl and smuggle: the work behind them stops, and everybody else is served. */
import { once } from 'node:events';
import { request } from 'node:http';
import { logOf } from '../support/simulator-control.js';
import { open, sendRaw } from './support/raw-http.js';
import { codesOf, NO_CACHE, ONE_ASSET, pause, startStack, type Stack } from './support/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ ...NO_CACHE });
});
afterAll(() => stack?.stop());

const lastNumber = async (): Promise<number> => (await logOf(stack.simulator.url, 'limit=1'))[0]?.number ?? 0;

/** Three rounds of calls, one after the other: the site, its children, their values. */
const ROUNDS = `{ asset(assetId: "Rk3vTq8M") { name
  children(treeId: "Wf7kQ2Zx", first: 5) { nodes { point(pointId: "activePower") { latest { value } } } } } }`;

describe('a client that leaves', () => {
  afterEach(() => stack.calm(), 60_000);

  const body = JSON.stringify({ query: ROUNDS });

  it.each([
    [
      'POST',
      (): ReturnType<typeof request> => {
        const sent = request(`${stack.server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
        });
        sent.end(body);
        return sent;
      },
    ],
    [
      'GET',
      (): ReturnType<typeof request> => {
        const url = `${stack.server.url}/graphql?query=${encodeURIComponent(ROUNDS)}`;
        return request(url, { headers: { 'apollo-require-preflight': '1' } }).end();
      },
    ],
  ])('by %s: the call under way is given up, and no other follows', async (_method, begin) => {
    await stack.calm();
    await stack.faults({ delay: '1500ms' });
    const before = await lastNumber();
    const sent = begin();
    sent.on('error', () => undefined);
    for (let i = 0; i < 100 && (await lastNumber()) === before; i += 1) await pause(50);
    sent.destroy();
    await pause(4_000);
    const calls = await logOf(stack.simulator.url, `after=${before}`);
    expect(calls.length).toBeGreaterThan(0);
    expect(new Set(calls.map(({ ending }) => ending))).toEqual(new Set(['left']));
    // What was asked for at once, and nothing of the rounds behind it.
    expect(calls.every(({ operation }) => operation !== 'getAssetLatestData')).toBe(true);
  });

  it('does not take with it what another one waits for', async () => {
    await stack.faults({ delay: '1500ms' });
    const leaver = new AbortController();
    const left = fetch(`${stack.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: ONE_ASSET }),
      signal: leaver.signal,
    }).catch(() => 'left');
    const stays = stack.ask(ONE_ASSET);
    await pause(300);
    leaver.abort();
    expect(await left).toBe('left');
    expect(await stays).toMatchObject({ status: 200, data: { asset: { assetId: 'Rk3vTq8M' } } });
  });
});

it('a flood: each request is answered right or refused with a code, and health answers meanwhile', async () => {
  await stack.faults({ delay: '300ms' });
  const flood = Array.from({ length: 400 }, (_, i) =>
    stack.ask(
      `{ asset(assetId: "Rk3vTq8M") { assetId } a: thingModel(modelId: "DF_Turbine") { modelId } __typename } # ${i}`,
    ),
  );
  const health: number[] = [];
  let flooding = true;
  const watch = (async () => {
    while (flooding) {
      health.push((await fetch(`${stack.server.url}/health/live`)).status);
      await pause(50);
    }
  })();
  const answers = await Promise.all(flood);
  flooding = false;
  await watch;
  expect(new Set(health)).toEqual(new Set([200]));
  for (const answer of answers) {
    if (answer.errors === undefined) expect(answer.data).toMatchObject({ asset: { assetId: 'Rk3vTq8M' } });
    else {
      for (const code of codesOf(answer)) {
        expect(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'OVERLOADED']).toContain(code);
      }
    }
  }
  expect(answers.filter(({ errors }) => errors === undefined).length).toBeGreaterThan(20);
  await stack.calm();
}, 60_000);

it('crawling clients hold nothing up: slow headers, slow bodies, answers that are not read', async () => {
  const { server } = stack;
  const query = encodeURIComponent(
    `{ thingModels(first: 50) { nodes { modelId measurepoints { pointId } } } }`,
  );
  const beginnings = [
    'GET /graphql?query={__typename} HTTP/1.1\r\nhost: localhost\r\nx-a: ',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"query":"',
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"que',
    `GET /graphql?query=${query} HTTP/1.1\r\nhost: localhost\r\napollo-require-preflight: 1\r\n\r\n`.repeat(
      50,
    ),
  ];
  const sockets = Array.from({ length: 200 }, (_, i) => {
    const socket = open(server.url);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(beginnings[i % beginnings.length] ?? '');
    return socket;
  });
  const drip = setInterval(
    () => sockets.forEach((socket, i) => i % 4 !== 3 && socket.writable && socket.write('a')),
    300,
  );
  try {
    const connecting = sockets.filter((socket) => socket.connecting);
    await Promise.all(connecting.map((socket) => once(socket, 'connect').catch(() => undefined)));
    for (let i = 0; i < 10; i += 1) {
      const answer = await stack.ask('{ asset(assetId: "Rk3vTq8M") { assetId } }');
      expect(answer).toMatchObject({ status: 200, data: { asset: { assetId: 'Rk3vTq8M' } } });
      await pause(100);
    }
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  } finally {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  }
}, 60_000);

describe('smuggling', () => {
  const QUERY = '{"query":"{__typename}"}';
  const HIDDEN = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n';
  const post = (headers: string, body: string): string =>
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`;
  const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  it.each([
    [
      'a length beside chunks',
      post(`content-length: ${QUERY.length}\r\ntransfer-encoding: chunked`, chunked(QUERY) + HIDDEN),
    ],
    [
      'chunks beside a length',
      post(`transfer-encoding: chunked\r\ncontent-length: 4`, chunked(QUERY) + HIDDEN),
    ],
    ['two lengths', post(`content-length: 0\r\ncontent-length: ${QUERY.length}`, QUERY + HIDDEN)],
    ['two lengths in one header', post(`content-length: 0, ${QUERY.length}`, QUERY + HIDDEN)],
    ['a length with a sign', post(`content-length: +${QUERY.length}`, QUERY + HIDDEN)],
    ['a negative length', post('content-length: -1', QUERY + HIDDEN)],
    ['a length that is none', post('content-length: 0x18', QUERY + HIDDEN)],
    ['an unknown encoding', post('transfer-encoding: xchunked', chunked(QUERY) + HIDDEN)],
    ['chunked, but not last', post('transfer-encoding: chunked, identity', chunked(QUERY) + HIDDEN)],
    [
      'chunked twice, hidden by a tab',
      post('transfer-encoding:\tchunked\r\ntransfer-encoding: x', chunked(QUERY) + HIDDEN),
    ],
    ['a space before the colon', post(`content-length : ${QUERY.length}`, QUERY + HIDDEN)],
    [
      'a folded header',
      post(`x-a: b\r\n transfer-encoding: chunked\r\ncontent-length: ${QUERY.length}`, QUERY + HIDDEN),
    ],
    ['a chunk size that is none', post('transfer-encoding: chunked', `zz\r\n${QUERY}\r\n0\r\n\r\n${HIDDEN}`)],
    [
      'a chunk size too large for any number',
      post('transfer-encoding: chunked', `fffffffffffffffff\r\n${QUERY}\r\n0\r\n\r\n`),
    ],
    [
      'a chunk longer than announced',
      post('transfer-encoding: chunked', `1\r\n${QUERY}\r\n0\r\n\r\n${HIDDEN}`),
    ],
    [
      'a bare line feed in the headers',
      `POST /graphql HTTP/1.1\nhost: localhost\ncontent-length: 5\n\nabcde${HIDDEN}`,
    ],
    ['a zero byte in a header', post('x-a: a\0b\r\ncontent-length: 0', HIDDEN)],
    ['a version of its own', `GET /graphql HTTP/9.9\r\nhost: localhost\r\n\r\n${HIDDEN}`],
    ['no host', `GET /graphql?query={__typename} HTTP/1.1\r\n\r\n${HIDDEN}`],
  ])('%s: refused, and what hides behind it is not answered', async (_what, bytes) => {
    const { statuses, text, closed } = await sendRaw(stack.server.url, bytes);
    expect(statuses.length).toBeLessThanOrEqual(1);
    for (const status of statuses) expect(status).toBe(400);
    expect(text).not.toContain('"status"');
    expect(text).not.toContain('__typename');
    expect(closed).toBe(true);
  });

  it('a request without a version gets one answer at most, and ends its connection', async () => {
    const { statuses, closed } = await sendRaw(
      stack.server.url,
      `GET /health/live\r\nhost: localhost\r\n\r\n${HIDDEN}`,
    );
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(closed).toBe(true);
  });

  it('two right requests on one connection are two answers', async () => {
    const { statuses } = await sendRaw(stack.server.url, HIDDEN + HIDDEN, 500);
    expect(statuses).toEqual([200, 200]);
  });
});
