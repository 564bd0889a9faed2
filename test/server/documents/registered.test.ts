/** Automatic persisted queries, by Apollo's protocol, through the whole server; with Redis, over two of them. */
import { createHash } from 'node:crypto';
import { openSharedStore } from '../../../src/cache/redis/shared-store.js';
import {
  createRegisteredDocuments,
  createSharedDocuments,
  type SharedDocuments,
} from '../../../src/server/documents/registered.js';
import { createDocumentSource } from '../../../src/server/documents/source.js';
import { startGraphServer, type Answer, type RunningServer } from '../../support/graph-server.js';
import { RedisServer, describeWithRedis, waitFor } from '../../support/redis.js';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });

function start(store?: SharedDocuments): Promise<RunningServer> {
  const options = { registered: createRegisteredDocuments(store), only: false, maxAge: 0, shared: false };
  return startGraphServer({ documents: createDocumentSource(options) });
}

async function post({ url }: RunningServer, body: object) {
  const reply = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Answer['body'] };
}

async function get({ url }: RunningServer, parameters: Record<string, string>) {
  const reply = await fetch(`${url}/graphql?${new URLSearchParams(parameters).toString()}`);
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Answer['body'] };
}

describe('in one process', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await start();
  });
  afterEach(() => server.close());

  test('unknown, registered, known: three requests of a client', async () => {
    const query = 'query ($name: String) { hello(name: $name) }';
    const extensions = persisted(query);
    const unknown = await post(server, { extensions });
    expect(unknown).toEqual({
      status: 200,
      body: {
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      },
    });
    const registered = await post(server, { query, extensions, variables: { name: 'you' } });
    expect(registered.body).toEqual({ data: { hello: 'Hello you' } });
    const known = await post(server, { extensions, variables: { name: 'me' } });
    expect(known.body).toEqual({ data: { hello: 'Hello me' } });
  });

  test('an operation that was answered before without a hash can be registered all the same', async () => {
    const query = '{ hello }';
    await post(server, { query });
    await post(server, { query });
    await post(server, { query, extensions: persisted(query) });
    expect((await post(server, { extensions: persisted(query) })).body.data).toEqual({
      hello: 'Hello world',
    });
  });

  test('over GET too, and as documentId', async () => {
    const query = '{ hello }';
    await post(server, { query, extensions: persisted(query) });
    const byGet = await get(server, { extensions: JSON.stringify(persisted(query)) });
    expect(byGet.body).toEqual({ data: { hello: 'Hello world' } });
    expect(byGet.headers.get('cache-control')).toBe('no-store');
    expect((await get(server, { documentId: `sha256:${hashOf(query)}` })).body).toEqual(byGet.body);
    expect((await post(server, { documentId: `sha256:${hashOf(query)}` })).body).toEqual(byGet.body);
  });

  test('over GET with the Content-Type that Apollo Client and Apollo iOS give it: asked, registered, asked again', async () => {
    const query = 'query ($name: String) { hello(name: $name) }';
    const ask = async (parameters: Record<string, string>) => {
      const headers = { 'content-type': 'application/json' };
      const search = new URLSearchParams({ variables: '{"name":"you"}', ...parameters }).toString();
      const reply = await fetch(`${server.url}/graphql?${search}`, { headers });
      return { status: reply.status, body: (await reply.json()) as Answer['body'] };
    };
    const extensions = JSON.stringify(persisted(query));
    expect((await ask({ extensions })).body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
    expect((await ask({ extensions, query })).body).toEqual({ data: { hello: 'Hello you' } });
    for (let time = 0; time < 3; time += 1)
      expect(await ask({ extensions })).toEqual({ status: 200, body: { data: { hello: 'Hello you' } } });
  });

  test('an empty text beside the hash is none', async () => {
    const query = '{ hello }';
    const extensions = persisted(query);
    await post(server, { query, extensions });
    expect((await post(server, { query: '', extensions })).body).toEqual({ data: { hello: 'Hello world' } });
    const byGet = { query: '', operationName: '', variables: '', extensions: JSON.stringify(extensions) };
    expect((await get(server, byGet)).body).toEqual({ data: { hello: 'Hello world' } });
    expect((await get(server, { ...byGet, extensions: '', documentId: hashOf(query) })).body).toEqual({
      data: { hello: 'Hello world' },
    });
  });

  test('a hash that is not that of the text is refused, and nothing is kept', async () => {
    const extensions = persisted('{ hello }');
    const { status, body } = await post(server, { query: '{ tree { name } }', extensions });
    expect(status).toBe(400);
    expect(body.errors?.[0]).toMatchObject({
      message: 'provided sha does not match query',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect((await post(server, { extensions })).body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
  });

  test('what is not valid is not kept', async () => {
    const query = '{ nothingOfTheKind }';
    await post(server, { query, extensions: persisted(query) });
    const { body } = await post(server, { extensions: persisted(query) });
    expect(body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
  });

  test.each([
    [{ version: 2, sha256Hash: hashOf('x') }, 'version'],
    [{ version: 1, sha256Hash: 'abc' }, 'sha256Hash'],
    [{ version: 1 }, 'sha256Hash'],
    ['rubbish', 'version'],
  ])('%j is refused and told why', async (persistedQuery, what) => {
    const { body } = await post(server, { extensions: { persistedQuery } });
    expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(body.errors?.[0]?.message).toContain(what);
  });

  test('an unknown documentId is 404, one of another kind and one beside a query 400', async () => {
    expect(await post(server, { documentId: 'nobody-knows' })).toMatchObject({
      status: 404,
      body: { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
    });
    expect((await post(server, { documentId: 'x'.repeat(300) })).status).toBe(400);
    expect((await post(server, { documentId: 'x', query: '{ hello }' })).status).toBe(400);
  });
});

test('switched off, clients are told to send the text', async () => {
  const server = await startGraphServer({
    documents: createDocumentSource({ only: false, maxAge: 0, shared: false }),
  });
  try {
    const { body } = await post(server, { extensions: persisted('{ hello }') });
    expect(body.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    expect(
      (await post(server, { query: '{ hello }', extensions: persisted('{ hello }') })).body.data,
    ).toEqual({
      hello: 'Hello world',
    });
  } finally {
    await server.close();
  }
});

test('a text that Redis did not take is stored when it is sent again', async () => {
  const stored = new Map<string, string>();
  let isUp = false;
  const documents = createRegisteredDocuments({
    get: async (key) => stored.get(key),
    set: async (key, text) => {
      if (!isUp) throw new Error('no answer in time');
      stored.set(key, text);
      return true;
    },
  });
  const send = async (): Promise<void> => {
    documents.offer(hashOf('{ hello }'), '{ hello }');
    documents.validated('{ hello }', 'somebody');
    await new Promise((resolve) => setImmediate(resolve));
  };
  await send();
  isUp = true;
  await send();
  expect([...stored.values()]).toEqual(['{ hello }']);
  stored.clear();
  await send();
  expect(stored.size).toBe(0);
});

describeWithRedis('over replicas', () => {
  test('what one has learned the other knows; poisoned and lost texts are asked for again', async () => {
    const redis = await RedisServer.start();
    const stores = [1, 2, 3].map(() => openSharedStore({ redisUrl: redis.url, commandTimeoutMs: 2_000 }));
    const servers = await Promise.all(stores.map((store) => start(createSharedDocuments(store, 1_000_000))));
    const [first, second, third] = servers as [RunningServer, RunningServer, RunningServer];
    const query = '{ hello }';
    const ask = async (server: RunningServer) =>
      (await post(server, { extensions: persisted(query) })).body.errors?.[0]?.message ?? 'known';
    try {
      await waitFor(async () => {
        await post(first, { query, extensions: persisted(query) });
        return (await ask(second)) === 'known';
      }, 'the second server to know the document');
      const key = `enos-graphql:document:${hashOf(query)}`;
      await redis.command('SET', key, '{ tree { name } }');
      expect(await ask(third)).toBe('PersistedQueryNotFound');
      await redis.kill('SIGKILL');
      expect(await ask(third)).toBe('PersistedQueryNotFound');
      expect(await ask(second)).toBe('known');
    } finally {
      await Promise.all(servers.map((server) => server.close()));
      await Promise.all(stores.map((store) => store.close()));
      await redis.stop();
    }
  });

  test('what one caller may store is bounded in bytes, over all replicas; others are not held to it', async () => {
    const redis = await RedisServer.start();
    const store = openSharedStore({ redisUrl: redis.url, commandTimeoutMs: 2_000 });
    const replicas = [1, 2].map(() => createSharedDocuments(store, 2_000));
    const text = 'ä'.repeat(100);
    const stored = async (hash: string, callerId: string): Promise<boolean | undefined> =>
      replicas[hash.length % 2]?.set(hash, text, callerId);
    try {
      await waitFor(async () => {
        try {
          return (await store.get('nothing')) === undefined;
        } catch {
          return false;
        }
      }, 'Redis to be there');
      const hashes = Array.from({ length: 12 }, (_, index) => 'h'.repeat(index + 1));
      const taken: (boolean | undefined)[] = [];
      for (const hash of hashes) taken.push(await stored(hash, 'greedy'));
      // Each takes 200 bytes of UTF-8, and 200 besides.
      expect(taken).toEqual(hashes.map((_, index) => index < 5));
      const there = await Promise.all(hashes.map((hash) => replicas[0]?.get(hash)));
      expect(there.filter((found) => found !== undefined)).toHaveLength(5);
      expect(await stored('modest', 'another')).toBe(true);
      // What is there already costs nothing, however often each replica is sent it.
      for (let i = 0; i < 10; i += 1)
        for (const hash of hashes.slice(0, 5)) expect(await stored(hash, 'third')).toBe(true);
      expect(await stored('third', 'third')).toBe(true);
    } finally {
      await store.close();
      await redis.stop();
    }
  });
});
