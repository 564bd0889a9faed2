/** The hooks between a request and its operation: who asks, and whether there is room. */
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { AdmissionRequest, Caller } from '../../src/server/hooks.js';
import { startGraphServer } from '../support/graph-server.js';

const unauthenticated = (): GraphQLError =>
  new GraphQLError('A token is needed.', {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: new HeaderMap([['www-authenticate', 'Bearer']]) },
    },
  });

describe('hooks of the server', () => {
  it('identifies the caller by the headers and refuses with the status of the refusal', async () => {
    const seen: Caller[] = [];
    const server = await startGraphServer({
      identify: ({ headers }) => {
        if (headers.authorization !== 'Bearer good') throw unauthenticated();
        return { id: 'user-1', partition: 'p-1' };
      },
      context: ({ caller }) => {
        seen.push(caller);
        return {};
      },
    });
    try {
      const refused = await server.ask('{ hello }');
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(refused.body.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
      expect(refused.body.errors?.[0]?.message).toBe('A token is needed.');
      const admitted = await server.ask('{ hello }', { headers: { authorization: 'Bearer good' } });
      expect(admitted.body.data).toEqual({ hello: 'Hello world' });
      expect(seen).toEqual([{ id: 'user-1', partition: 'p-1' }]);
      expect(server.logs.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it('asks for admission with cost and caller, shows what the ticket says, and gives it back once', async () => {
    const asked: AdmissionRequest[] = [];
    let released = 0;
    const server = await startGraphServer({
      admission: {
        admit: (request) => {
          asked.push(request);
          return {
            headers: { 'x-quota-left': '9' },
            extensions: { quota: { left: 9 } },
            release: () => void (released += 1),
          };
        },
      },
    });
    try {
      const answer = await server.ask('query Two { hello tree { name } }');
      expect(answer.headers.get('x-quota-left')).toBe('9');
      expect(answer.body.extensions).toEqual({ quota: { left: 9 } });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({
        operationName: 'Two',
        operationType: 'query',
        answered: false,
        cost: 3,
      });
      await server.ask('{ fails(how: "plain") }');
      await server.ask('{ hello ');
      expect(asked).toHaveLength(2);
      expect(released).toBe(2);
    } finally {
      await server.close();
    }
  });

  it('gives every ticket back, whatever the context keeps of what is noted on it', async () => {
    let [admitted, released] = [0, 0];
    const server = await startGraphServer({
      // Keeps nothing.
      context: () => new Proxy({}, { set: () => true }),
      admission: {
        admit: () => {
          admitted += 1;
          return { headers: {}, extensions: {}, release: () => void (released += 1) };
        },
      },
    });
    try {
      for (let i = 0; i < 3; i += 1)
        expect((await server.ask('{ hello }')).body.data).toEqual({ hello: 'Hello world' });
      expect([admitted, released]).toEqual([3, 3]);
    } finally {
      await server.close();
    }
  });
});
