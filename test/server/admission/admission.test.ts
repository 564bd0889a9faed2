/** Callers side by side, through the whole server: who floods it delays himself. */
import { createAdmission } from '../../../src/server/admission/admission.js';
import type { AdmissionOptions } from '../../../src/server/admission/admission.js';
import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

const OPTIONS: AdmissionOptions = {
  rateWindow: 60_000,
  rateRequests: 0,
  rateCost: 0,
  maxConcurrentPerCaller: 2,
  maxConcurrent: 3,
  maxWaiting: 40,
  limitAnybody: false,
};

async function withServer(options: Partial<AdmissionOptions>, run: (server: RunningServer) => Promise<void>) {
  const server = await startGraphServer({
    context: ({ signal }) => ({ signal }),
    admission: createAdmission({ ...OPTIONS, ...options }),
    identify: ({ headers }) => {
      const id = String(headers['x-caller'] ?? 'anybody');
      return { id, partition: id };
    },
  });
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

const slow = (server: RunningServer, caller: string, ms = 200) =>
  server.ask(`{ slow(ms: ${ms}) }`, { headers: { 'x-caller': caller } });

test('one who floods the server is served in turn, and nobody waits behind him', async () => {
  await withServer({}, async (server) => {
    const order: string[] = [];
    const note = (caller: string) =>
      slow(server, caller).then(({ status }) => order.push(`${caller} ${status}`));
    const flood = Array.from({ length: 10 }, () => note('flood'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await note('other');
    expect(order.length).toBeLessThan(7);
    await Promise.all(flood);
    expect(order.filter((entry) => entry === 'flood 200')).toHaveLength(10);
  });
});

test('more than may wait are refused with the limit, 429 and Retry-After', async () => {
  await withServer({ maxWaiting: 4 }, async (server) => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => slow(server, 'flood')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.body.errors?.[0]).toMatchObject({
      message:
        'Too many operations of yours wait for their turn: 2 may run at once (MAX_CONCURRENT_PER_CALLER). Try again in 1 s.',
      extensions: {
        code: 'RATE_LIMITED',
        retryAfter: 1,
        limit: { name: 'MAX_CONCURRENT_PER_CALLER', value: 2, asked: null },
      },
    });
  });
});

test('a caller who leaves while he waits, or runs, gives his turn to the next', async () => {
  await withServer({ maxConcurrent: 1 }, async (server) => {
    const leaving = new AbortController();
    const gone = Array.from({ length: 3 }, () =>
      fetch(`${server.url}/graphql?query=${encodeURIComponent('{ slow(ms: 14000) }')}`, {
        headers: { 'x-caller': 'leaver' },
        signal: leaving.signal,
      }).catch(() => undefined),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    leaving.abort();
    await Promise.all(gone);
    expect((await slow(server, 'other', 1)).body.data).toEqual({ slow: 'slept' });
  });
});

test('without an identity neither rate nor concurrency per caller is bounded, unless the setting says so', async () => {
  const bounds = { rateRequests: 3, maxConcurrent: 100 };
  const askTen = (server: RunningServer) =>
    Promise.all(Array.from({ length: 10 }, () => server.ask('{ hello }')));
  await withServer(bounds, async (server) => {
    const answers = await askTen(server);
    expect(answers.every(({ status, headers }) => status === 200 && !headers.has('ratelimit'))).toBe(true);
  });
  await withServer({ ...bounds, limitAnybody: true }, async (server) => {
    expect((await askTen(server)).filter(({ status }) => status === 200)).toHaveLength(3);
  });
});
