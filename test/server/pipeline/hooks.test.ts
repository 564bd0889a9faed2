/** Hooks in front of an operation: shedding, documents known in advance, identity before the body, tickets given back. */
import { request } from 'node:http';
import { GraphQLError } from 'graphql';
import type { DocumentSource, Ticket } from '../../../src/server/hooks.js';
import { startGraphServer } from '../../support/graph-server.js';

const KNOWN = 'query Known($name: String) { hello(name: $name) }';
const documents: DocumentSource = {
  textOf: ({ query, documentId, extensions }) => {
    if (documentId === 'known') return KNOWN;
    if (extensions?.['persistedQuery'] !== undefined) {
      throw new GraphQLError('Not known.', {
        extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 200 } },
      });
    }
    return query;
  },
};

describe('hooks', () => {
  test('a document is found by what the request says of it, by POST and by GET', async () => {
    const server = await startGraphServer({ documents });
    try {
      const post = (body: object) =>
        fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      for (let time = 0; time < 2; time += 1) {
        const answer = await post({ documentId: 'known', variables: { name: 'you' } });
        expect(await answer.json()).toEqual({ data: { hello: 'Hello you' } });
        const search = new URLSearchParams({ documentId: 'known', variables: '{"name":"me"}' });
        const got = await fetch(`${server.url}/graphql?${search.toString()}`);
        expect(await got.json()).toEqual({ data: { hello: 'Hello me' } });
      }
      const unknown = await post({ extensions: { persistedQuery: { version: 1, sha256Hash: '0' } } });
      expect(unknown.status).toBe(200);
      expect(await unknown.json()).toMatchObject({
        errors: [{ message: 'Not known.', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      });
      expect((await post({ query: '{ hello }' })).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  test('a server that is too busy says when to come again, before it asks who calls', async () => {
    let asked = 0;
    const server = await startGraphServer({
      shed: () => 2,
      identify: () => {
        asked += 1;
        return { id: 'a', partition: 'a' };
      },
    });
    try {
      const { status, headers, body } = await server.ask('{ hello }');
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('2');
      expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 2 });
      expect(asked).toBe(0);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    } finally {
      await server.close();
    }
  });

  test('who may not ask is told so before his body is read', async () => {
    const server = await startGraphServer({
      identify: () =>
        Promise.reject(
          new GraphQLError('No.', { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } }),
        ),
    });
    try {
      const { port } = new URL(server.url);
      const status = await new Promise((resolve, reject) => {
        const call = request({
          ...{ port, host: '127.0.0.1', path: '/graphql', method: 'POST' },
          headers: { 'content-type': 'application/json', 'content-length': 1_000 },
        });
        call.on('response', (response) => {
          resolve(response.statusCode);
          call.destroy();
        });
        call.on('error', reject);
        // The rest of the body never comes.
        call.write('{"query":');
      });
      expect(status).toBe(401);
    } finally {
      await server.close();
    }
  });

  test('a ticket that comes after the caller has gone is given back all the same', async () => {
    let grant: (ticket: Ticket) => void = () => undefined;
    let asked: () => void = () => undefined;
    let slow = false;
    const waiting = new Promise<void>((resolve) => (asked = resolve));
    const server = await startGraphServer({
      admission: {
        admit: ({ signal }) => {
          if (!slow) return { release: () => undefined };
          return new Promise((resolve) => {
            signal?.addEventListener('abort', () => grant({ release: () => released() }));
            grant = resolve;
            asked();
          });
        },
      },
    });
    let released: () => void = () => undefined;
    const givenBack = new Promise<void>((resolve) => (released = resolve));
    try {
      await server.ask('{ hello }');
      slow = true;
      const call = request(`${server.url}/graphql?query=${encodeURIComponent('{ hello }')}`);
      call.on('error', () => undefined);
      call.end();
      await waiting;
      call.destroy();
      await givenBack;
    } finally {
      await server.close();
    }
  });
});
