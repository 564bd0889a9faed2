/** GET /health/ready of the whole server, part by part. */
import { FakeGateway, json } from '../support/fake-gateway.js';
import type { Answer } from '../support/fake-gateway.js';
import { ask } from '../support/graphql-client.js';
import { startServer } from '../support/processes.js';
import type { Running } from '../support/processes.js';
import { waitFor } from '../support/redis.js';

type Parts = Record<string, { ready: boolean; detail: string }>;
let gateway: FakeGateway;
let server: Running;
beforeAll(async () => {
  gateway = await FakeGateway.start();
  server = await startServer(gateway.url, { REDIS_URL: 'redis://127.0.0.1:9' });
});
afterAll(async () => {
  await server?.stop();
  await gateway?.stop();
});

async function ready(): Promise<{ status: number; parts: Parts; text: string }> {
  const reply = await fetch(`${server.url}/health/ready`);
  const text = await reply.text();
  const { parts } = JSON.parse(text) as { parts: Parts };
  return { status: reply.status, parts, text };
}

test('a Redis that is away is told, and takes the server not out', async () => {
  await waitFor(async () => (await ready()).parts['cache']?.detail !== 'working', 'Redis to be missed');
  const { status, parts } = await ready();
  expect(status).toBe(200);
  expect(parts).toMatchObject({
    enos: { ready: true, detail: 'credentials accepted' },
    cache: { ready: true, detail: 'out of order, going on without' },
    eventLoop: { ready: true, detail: expect.stringMatching(/^\d+ % busy/) as string },
  });
});

test('a breaker that is open is told by its service, and takes the server not out', async () => {
  expect((await ready()).parts['breakers']).toEqual({ ready: true, detail: 'all closed' });
  gateway.answer = (_, response) => response.writeHead(500).end();
  await waitFor(async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(server.url, `{ asset(assetId: "a${index}") { name } }`)),
    );
    return (await ready()).parts['breakers']?.detail !== 'all closed';
  }, 'a breaker to open');
  const { status, parts, text } = await ready();
  expect(parts['breakers']).toMatchObject({
    ready: true,
    detail: expect.stringMatching(/asset\S* (open|half-open)/) as string,
  });
  expect(status).toBe(200);
  expect(text).not.toContain(new URL(gateway.url).host);
});

test.each<[string, Answer, string]>([
  ['a key pair that is wrong', (_, response) => json(response, { status: 1003 }), 'credentials refused'],
  [
    'a gateway that lets nobody in',
    (_, response) => json(response, { status: 99403 }, 403),
    'credentials refused',
  ],
  ['a token service that fails', (_, response) => json(response, { status: 1005 }), 'gives no token'],
  ['a token service that hangs', () => undefined, 'no answer'],
  ['a gateway that is away', (_, response) => void response.destroy(), 'no answer'],
])('%s takes out a replica that has no token', async (_, answerToken, detail) => {
  const refusing = await FakeGateway.start();
  refusing.answerToken = answerToken;
  const other = await startServer(refusing.url);
  try {
    const reply = await fetch(`${other.url}/health/ready`);
    expect(reply.status).toBe(503);
    expect(((await reply.json()) as { parts: Parts }).parts['enos']).toEqual({ ready: false, detail });
  } finally {
    await other.stop();
    await refusing.stop();
  }
});

test('a replica that has its token stays ready while EnOS is away', async () => {
  const leaving = await FakeGateway.start();
  const other = await startServer(leaving.url);
  try {
    expect((await fetch(`${other.url}/health/ready`)).status).toBe(200);
    await leaving.stop();
    expect((await ask(other.url, '{ asset(assetId: "a1") { name } }')).errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
    expect((await fetch(`${other.url}/health/ready`)).status).toBe(200);
  } finally {
    await other.stop();
  }
});

describe.each([
  ['401', 401],
  ['403', 403],
])('a gateway that gives tokens and answers %s to every call', (_, status) => {
  test('takes the replica out, is not loaded for it, and is found to have come round without a query', async () => {
    const closed = await FakeGateway.start();
    closed.answer = (_request, response) => response.writeHead(status).end('no');
    const other = await startServer(closed.url);
    const enosPart = async () => {
      const reply = await fetch(`${other.url}/health/ready`);
      return { status: reply.status, enos: ((await reply.json()) as { parts: Parts }).parts['enos'] };
    };
    try {
      for (let query = 0; query < 10; query += 1)
        await ask(other.url, `{ asset(assetId: "a${query}") { name } }`);
      expect(closed.tokenCalls.length).toBeLessThanOrEqual(6);
      const calls = closed.calls.length;
      for (let check = 0; check < 10; check += 1)
        expect(await enosPart()).toEqual({
          status: 503,
          enos: { ready: false, detail: 'credentials refused' },
        });
      expect(closed.calls.length - calls).toBeLessThanOrEqual(8);
      closed.answer = (_request, response) => json(response, { code: 0, data: [] });
      await waitFor(async () => (await enosPart()).status === 200, 'the replica to be ready again', 40_000);
    } finally {
      await other.stop();
      await closed.stop();
    }
  });
});

test('an API that the application lacks takes no replica out', async () => {
  const partly = await FakeGateway.start();
  partly.answer = ({ path }, response) =>
    path.includes('/asset-service/')
      ? response.writeHead(403).end('no')
      : json(response, { code: 0, data: [] });
  const other = await startServer(partly.url);
  try {
    for (let query = 0; query < 5; query += 1)
      await ask(other.url, `{ asset(assetId: "a${query}") { name } }`);
    expect((await fetch(`${other.url}/health/ready`)).status).toBe(200);
  } finally {
    await other.stop();
    await partly.stop();
  }
});
