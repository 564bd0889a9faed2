import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer({
    formatError: (original) =>
      original instanceof Error && original.name === 'DomainError'
        ? {
            message: 'As the graph puts it.',
            extensions: { code: 'UPSTREAM_ERROR', stacktrace: ['secret'], enos: { code: 99500 } },
          }
        : undefined,
  });
});
afterAll(() => server.close());

const MASKED = { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };

test.each(['plain', 'codeless', 'unknownCode'])(
  'an error that is not meant for callers is masked: %s',
  async (how) => {
    const { status, body } = await server.ask(`{ hello fails(how: "${how}") }`);
    expect(status).toBe(200);
    expect(body.data).toEqual({ hello: 'Hello world', fails: null });
    expect(body.errors).toEqual([{ ...MASKED, path: ['fails'], locations: expect.any(Array) as unknown[] }]);
    expect(JSON.stringify(body)).not.toContain('hunter2');
  },
);

test('what was masked is in the log, with the id of the request', async () => {
  const { headers } = await server.ask('{ fails(how: "plain") }');
  const line = server.logs.find(
    ({ requestId, msg }) => requestId === headers.get('x-request-id') && msg === 'internal error, masked',
  );
  expect(line).toMatchObject({
    path: 'fails',
    error: { message: expect.stringContaining('10.0.0.7') as string },
  });
});

test('an error with a code of ours keeps its message and extensions', async () => {
  const { body } = await server.ask('{ fails(how: "intended") }');
  expect(body.errors?.[0]).toMatchObject({
    message: 'No such asset.',
    extensions: { code: 'NOT_FOUND', enos: { service: 'asset' } },
  });
});

test('an error that the graph knows is shown as the graph puts it, without a stack', async () => {
  const { body } = await server.ask('{ fails(how: "domain") }');
  expect(body.errors?.[0]).toMatchObject({ message: 'As the graph puts it.', path: ['fails'] });
  expect(body.errors?.[0]?.extensions).toEqual({ code: 'UPSTREAM_ERROR', enos: { code: 99500 } });
});

test('a hook cannot show an error of no known code by mistake', async () => {
  const careless = await startGraphServer({
    formatError: (original) =>
      original instanceof Error ? { message: original.message, extensions: { code: 'OOPS' } } : undefined,
  });
  try {
    const { body } = await careless.ask('{ fails(how: "plain") }');
    expect(body.errors?.[0]).toMatchObject(MASKED);
  } finally {
    await careless.close();
  }
});

test('a context that cannot be made is masked', async () => {
  const broken = await startGraphServer({
    context: () => {
      throw new Error('hunter2');
    },
  });
  try {
    const { status, body } = await broken.ask('{ hello }');
    expect(status).toBe(500);
    expect(body).toEqual({ errors: [MASKED] });
  } finally {
    await broken.close();
  }
});

test('without introspection, errors give no names of the schema away', async () => {
  const closed = await startGraphServer({ introspection: false });
  try {
    const { body } = await closed.ask('{ hallo }');
    expect(body.errors?.[0]?.message).toContain('Cannot query field "hallo"');
    expect(body.errors?.[0]?.message).not.toContain('hello');
    expect((await closed.ask('{ __schema { types { name } } }')).status).toBe(400);
  } finally {
    await closed.close();
  }
});
