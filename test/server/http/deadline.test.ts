import { request } from 'node:http';
import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

test('the graph learns of the deadline and answers with what it has', async () => {
  const server = await startGraphServer({
    operationTimeout: 300,
    context: ({ signal }) => ({ signal }),
  });
  try {
    const { status, body } = await server.ask('{ hello slow(ms: 60000) }');
    expect(status).toBe(200);
    expect(body.data).toEqual({ hello: 'Hello world', slow: null });
    expect(body.errors?.[0]).toMatchObject({ path: ['slow'], extensions: { code: 'UPSTREAM_TIMEOUT' } });
  } finally {
    await server.close();
  }
});

test('a graph that ignores the deadline does not keep the caller waiting', async () => {
  const server = await startGraphServer({ operationTimeout: 100 });
  try {
    const { status, body } = await server.ask('{ slow(ms: 2000) }');
    expect(status).toBe(504);
    expect(body).toEqual({
      errors: [
        {
          message: 'The operation was not answered within 100 ms.',
          extensions: { code: 'UPSTREAM_TIMEOUT' },
        },
      ],
    });
    // The late answer of the graph must do no harm.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await server.ask('{ hello }')).status).toBe(200);
    expect(server.logs.filter((line) => Number(line.level) >= 50 && line.msg !== 'request')).toEqual([]);
  } finally {
    await server.close();
  }
});

test('the context is told deadline, language and the wish for an explanation', async () => {
  const server: RunningServer = await startGraphServer({
    operationTimeout: 15_000,
    context: ({ deadline, acceptLanguage, explain, requestId }) => ({
      deadline,
      acceptLanguage,
      explain,
      requestId,
    }),
  });
  try {
    const { body } = await server.ask('{ whoami { acceptLanguage explain millisecondsLeft } }', {
      headers: { 'accept-language': 'ja, en;q=0.5', 'x-enos-explain': '1' },
    });
    expect(body.data?.whoami).toMatchObject({ acceptLanguage: 'ja, en;q=0.5', explain: true });
    const { millisecondsLeft } = body.data?.whoami as { millisecondsLeft: number };
    expect(millisecondsLeft).toBeGreaterThan(0);
    expect(millisecondsLeft).toBeLessThanOrEqual(15_000);
  } finally {
    await server.close();
  }
});

test('the signal is aborted when the caller goes away', async () => {
  let aborted: (reason: unknown) => void = () => undefined;
  let began: () => void = () => undefined;
  const gone = new Promise<unknown>((resolve) => (aborted = resolve));
  const started = new Promise<void>((resolve) => (began = resolve));
  const server = await startGraphServer({
    context: ({ signal }) => {
      signal.addEventListener('abort', () => aborted(signal.reason));
      began();
      return { signal };
    },
  });
  try {
    const call = request(`${server.url}/graphql?query=${encodeURIComponent('{ slow(ms: 60000) }')}`);
    call.on('error', () => undefined);
    call.end();
    await started;
    call.destroy();
    expect(await gone).toMatchObject({ name: 'AbortError' });
  } finally {
    await server.close();
  }
});
