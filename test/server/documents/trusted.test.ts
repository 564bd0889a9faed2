/** Operations known in advance: both formats of the file, its changes, the allow-list, and who may keep answers. */
import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createRegisteredDocuments } from '../../../src/server/documents/registered.js';
import { createDocumentSource } from '../../../src/server/documents/source.js';
import { openTrustedDocuments } from '../../../src/server/documents/trusted.js';
import type { TrustedDocuments } from '../../../src/server/documents/trusted.js';
import { startGraphServer } from '../../support/graph-server.js';
import type { Answer, RunningServer } from '../../support/graph-server.js';
import { waitFor } from '../../support/redis.js';
import { makeSchema } from '../../support/small-schema.js';

const HELLO = 'query Hello($name: String) { hello(name: $name) }';
const TREE = '{ tree { name } }';
const JSON_HEADERS = { 'content-type': 'application/json' };
const APOLLO = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: 'op-1', name: 'Hello', type: 'query', body: HELLO }],
};

let folder: string;
let file: string;
let opened: { close(): unknown }[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'));
  file = join(folder, 'documents.json');
  opened = [];
});
afterEach(async () => {
  for (const one of opened) await one.close();
  await rm(folder, { recursive: true });
});

async function open(content: unknown, only = false): Promise<TrustedDocuments> {
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const logger = pino({ level: 'silent' });
  const trusted = await openTrustedDocuments({ file, schema: makeSchema(), only, logger, pollMs: 50 });
  opened.push(trusted);
  return trusted;
}

async function serve(
  trusted: TrustedDocuments,
  more: { only?: boolean; maxAge?: number; shared?: boolean; identified?: boolean } = {},
): Promise<RunningServer> {
  const { only = false, maxAge = 0, shared = false, identified = false } = more;
  const registered = createRegisteredDocuments(undefined);
  const server = await startGraphServer({
    documents: createDocumentSource({ trusted, registered, only, maxAge, shared }),
    ...(identified ? { identify: () => ({ id: 'user-1', partition: 'p' }) } : {}),
  });
  opened.push(server);
  return server;
}

async function get({ url }: RunningServer, parameters: Record<string, string>, headers = {}) {
  const reply = await fetch(`${url}/graphql?${new URLSearchParams(parameters).toString()}`, { headers });
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Answer['body'] };
}

describe('the file', () => {
  test.each([
    ['Apollo', APOLLO],
    ['id to text', { 'op-1': HELLO }],
  ])('%s: an operation is found by its id and by the hash of its text', async (_name, content) => {
    const server = await serve(await open(content));
    const hash = createHash('sha256').update(HELLO).digest('hex');
    for (const documentId of ['op-1', hash, `sha256:${hash}`]) {
      const { body } = await get(server, { documentId, variables: '{"name":"you"}' });
      expect(body).toEqual({ data: { hello: 'Hello you' } });
    }
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hash } });
    expect((await get(server, { extensions })).body).toEqual({ data: { hello: 'Hello world' } });
  });

  test.each<[string, unknown, string]>([
    ['not JSON', '{', 'not JSON'],
    ['a list', [], 'a JSON object'],
    ['another format', { format: 'other', operations: [] }, '"format"'],
    ['another version', { ...APOLLO, version: 2 }, '"version"'],
    ['an operation without a text', { ...APOLLO, operations: [{ id: 'a' }] }, 'operations[0]'],
    ['a map with something else', { a: 1 }, '"a"'],
    [
      'one id for two texts',
      { ...APOLLO, operations: [...APOLLO.operations, { id: 'op-1', body: TREE }] },
      '"op-1"',
    ],
  ])('%s is refused and told why', async (_name, content, what) => {
    await expect(open(content)).rejects.toThrow(what);
  });

  test('a file that is not there is refused', async () => {
    const logger = pino({ level: 'silent' });
    const options = { file: join(folder, 'missing.json'), schema: makeSchema(), only: false, logger };
    await expect(openTrustedDocuments(options)).rejects.toThrow('ENOENT');
  });

  test('a document that does not fit the schema is left out, and no reason to start in an allow-list', async () => {
    const content = { good: TREE, bad: '{ nothingOfTheKind }', worse: '{' };
    const trusted = await open(content);
    expect(trusted.find('good')).toBe(TREE);
    expect(trusted.find('bad')).toBeUndefined();
    await expect(open(content, true)).rejects.toThrow('2 of 3 documents do not fit the schema');
  });

  test('a change is taken over, an unusable one is not', async () => {
    const trusted = await open({ 'op-1': HELLO });
    const exchange = async (content: string) => {
      await writeFile(join(folder, 'next.json'), content);
      await rename(join(folder, 'next.json'), file);
    };
    await exchange(JSON.stringify({ 'op-2': TREE }));
    await waitFor(() => trusted.find('op-2') === TREE, 'the new document');
    expect(trusted.find('op-1')).toBeUndefined();
    await exchange('{ cut');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(trusted.find('op-2')).toBe(TREE);
  });
});

describe('the allow-list', () => {
  test('runs what is known, by id or by its text, and nothing else', async () => {
    const server = await serve(await open(APOLLO, true), { only: true });
    expect((await get(server, { documentId: 'op-1' })).body.data).toEqual({ hello: 'Hello world' });
    expect((await server.ask(HELLO)).body.data).toEqual({ hello: 'Hello world' });
    for (const query of [TREE, `${HELLO} `, '{ __schema { types { name } } }']) {
      const { status, body } = await server.ask(query);
      expect(status).toBe(403);
      expect(body.errors?.[0]).toMatchObject({
        message:
          'Only operations that are known in advance run here: send the "documentId" of one, or exactly its text.',
        extensions: { code: 'FORBIDDEN' },
      });
    }
  });

  test.each<[string, string, RequestInit]>([
    ['a GET with a Content-Type', `?query=${encodeURIComponent(TREE)}`, { headers: JSON_HEADERS }],
    ['a GET with two ids', `?query=${encodeURIComponent(TREE)}&documentId=a&documentId=b`, {}],
    [
      'an id that is no text',
      '',
      { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify({ query: TREE, documentId: 7 }) },
    ],
    ['an empty id', `?query=${encodeURIComponent(TREE)}&documentId=`, {}],
    [
      'a type in capitals',
      `?query=${encodeURIComponent(TREE)}`,
      { headers: { 'content-type': 'Application/JSON;x' } },
    ],
  ])('is not got around by %s', async (_name, search, init) => {
    const server = await serve(await open(APOLLO, true), { only: true });
    const reply = await fetch(`${server.url}/graphql${search}`, init);
    const body = (await reply.json()) as Answer['body'];
    expect(body.data ?? null).toBeNull();
    expect([400, 403]).toContain(reply.status);
  });

  test('takes no registrations', async () => {
    const server = await serve(await open(APOLLO, true), { only: true });
    const sha256Hash = createHash('sha256').update(TREE).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const reply = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: TREE, extensions }),
    });
    expect(reply.status).toBe(403);
    const again = await get(server, { extensions: JSON.stringify(extensions) });
    expect(again.body.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('answers to ids over GET', () => {
  const cacheControl = async (
    server: RunningServer,
    parameters: Record<string, string>,
    headers: Record<string, string> = {},
  ) => (await get(server, parameters, headers)).headers.get('cache-control');

  test('are kept by nobody unless the settings say so', async () => {
    expect(await cacheControl(await serve(await open(APOLLO)), { documentId: 'op-1' })).toBe('no-store');
  });

  test('are kept by the browser alone, and by shared caches only where callers have no identity', async () => {
    const trusted = await open(APOLLO);
    const byId = { documentId: 'op-1' };
    expect(await cacheControl(await serve(trusted, { maxAge: 30_000 }), byId)).toBe('private, max-age=30');
    const shared = await serve(trusted, { maxAge: 30_000, shared: true });
    const answer = await get(shared, byId);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=30');
    expect(answer.headers.get('vary')).toMatch(/Accept, Accept-Language, Authorization/);
    const identified = await serve(trusted, { maxAge: 30_000, shared: true, identified: true });
    expect(await cacheControl(identified, byId)).toBe('private, max-age=30');
  });

  test('are kept neither with errors, nor by query, nor with what tells of one request', async () => {
    const trusted = await open({ fails: '{ fails(how: "intended") }', 'op-1': HELLO });
    const server = await serve(trusted, { maxAge: 30_000, shared: true });
    expect(await cacheControl(server, { documentId: 'fails' })).toBe('no-store');
    expect(await cacheControl(server, { documentId: 'unknown' })).toBe('no-store');
    expect(await cacheControl(server, { query: HELLO })).toBe('no-store');
    expect(await cacheControl(server, { documentId: 'op-1' }, { 'x-enos-explain': '1' })).toBe('no-store');
    // The same twice: the second time its document is known.
    expect(await cacheControl(server, { documentId: 'op-1' })).toBe('public, max-age=30');
    expect(await cacheControl(server, { documentId: 'op-1' })).toBe('public, max-age=30');
  });
});
