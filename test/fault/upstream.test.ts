/** EnOS misbehaves in every way that HTTP allows: what the caller gets, and that the server is well afterwards. */
import { control, logOf } from '../support/simulator-control.js';
import { callsOf, resetCalls, total } from '../support/graphql-client.js';
import {
  codesOf,
  NO_CACHE,
  ONE_ASSET,
  pause,
  SHORT_DEADLINES,
  startStack,
  type Stack,
} from './support/stack.js';

/** Longest time in which an answer must come: the operation's deadline, and room for a busy machine. */
const IN_TIME = 15_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ ...NO_CACHE, ...SHORT_DEADLINES });
});
afterAll(() => stack?.stop());
afterEach(() => stack.calm(), 60_000);

const TWO_BRANCHES = `{ asset(assetId: "Rk3vTq8M") { name }
  thingModel(modelId: "DF_Turbine") { modelId } }`;

/** Asks for two branches of which the asset's meets the fault. */
async function spoilt(
  fault: object,
): Promise<{ codes: string[]; errors: unknown; data: unknown; took: number }> {
  await stack.faults({ match: { service: 'asset' }, fault }, { match: { service: 'asset-tree' }, fault });
  const start = performance.now();
  const { status, data, errors } = await stack.ask(TWO_BRANCHES);
  expect(status).toBe(200);
  return { codes: codesOf({ errors }), errors, data, took: performance.now() - start };
}

const HALF = { asset: null, thingModel: { modelId: 'DF_Turbine' } };

it.each([
  ['status 500', { kind: 'status', status: 500 }, ['UPSTREAM_ERROR']],
  ['status 502', { kind: 'status', status: 502 }, ['UPSTREAM_ERROR']],
  ['status 503', { kind: 'status', status: 503 }, ['UPSTREAM_ERROR']],
  ['status 504', { kind: 'status', status: 504 }, ['UPSTREAM_ERROR']],
  ['99500', { kind: 'code', code: 99500 }, ['UPSTREAM_ERROR']],
  ['99403', { kind: 'code', code: 99403 }, ['FORBIDDEN']],
  ['a code that nobody knows', { kind: 'code', code: 71234 }, ['UPSTREAM_ERROR']],
  ['a hang before the reply', { kind: 'hang' }, ['UPSTREAM_TIMEOUT']],
  ['a hang after the headers', { kind: 'hang', at: 'headers' }, ['UPSTREAM_TIMEOUT']],
  ['a hang in the body', { kind: 'hang', at: 'body' }, ['UPSTREAM_TIMEOUT']],
  ['a slow drip', { kind: 'drip', bytes: 1, every: '100ms' }, ['UPSTREAM_TIMEOUT']],
  ['a cut at once', { kind: 'cut' }, ['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_UNAVAILABLE']],
  ['a cut in the body', { kind: 'cut', bytes: 20 }, ['UPSTREAM_INVALID_RESPONSE']],
  ['a reset', { kind: 'reset' }, ['UPSTREAM_UNAVAILABLE']],
  [
    'a reset in the body',
    { kind: 'reset', at: 'body' },
    ['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_UNAVAILABLE'],
  ],
  ['broken JSON', { kind: 'garbage', form: 'json' }, ['UPSTREAM_INVALID_RESPONSE']],
  ['a sign-in page', { kind: 'garbage', form: 'html' }, ['UPSTREAM_INVALID_RESPONSE']],
  ['bytes', { kind: 'garbage', form: 'binary' }, ['UPSTREAM_INVALID_RESPONSE']],
  ['an empty body', { kind: 'garbage', form: 'empty' }, ['UPSTREAM_INVALID_RESPONSE']],
  ['no HTTP', { kind: 'garbage', form: 'http' }, ['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_UNAVAILABLE']],
  [
    'more announced than sent',
    { kind: 'length', difference: 50 },
    ['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_TIMEOUT'],
  ],
  ['less announced than sent', { kind: 'length', difference: -50 }, ['UPSTREAM_INVALID_RESPONSE']],
  ['a gzip bomb', { kind: 'bomb', bytes: 20_000_000 }, ['UPSTREAM_INVALID_RESPONSE']],
  [
    'headers without end',
    { kind: 'headers', bytes: 2_000_000 },
    ['UPSTREAM_INVALID_RESPONSE', 'UPSTREAM_UNAVAILABLE'],
  ],
  [
    'a redirect',
    { kind: 'status', status: 302, headers: { location: 'http://203.0.113.1/' } },
    ['UPSTREAM_ERROR', 'UPSTREAM_INVALID_RESPONSE'],
  ],
  ['a token that is refused again and again', { kind: 'token', state: 'revoked' }, ['UPSTREAM_ERROR']],
])('%s: one branch fails, with its code, in time', async (_what, fault, codes) => {
  const answer = await spoilt(fault);
  expect(answer.data).toEqual(HALF);
  expect(answer.codes).toHaveLength(1);
  expect(codes).toContain(answer.codes[0]);
  expect(answer.took).toBeLessThan(IN_TIME);
});

it.each([
  ['seconds', '7', [1, 7]],
  ['none', undefined, null],
  ['a date to come', new Date(Date.now() + 3_600_000).toUTCString(), [3_000, 3_600]],
  ['a date long past', 'Thu, 01 Jan 1970 00:00:00 GMT', [0, 1]],
  ['a negative number', '-5', null],
  ['a fraction', '1.5', null],
  ['words', 'soon', null],
  ['an absurd number', '99999999999999999999', [60, Infinity]],
  ['several', ['3', '9'], null],
])(
  '429 with Retry-After as %s: RATE_LIMITED, with a wait that a client can use',
  async (_what, retryAfter, bounds) => {
    const fault = { kind: 'status', status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) };
    const { codes, errors, data, took } = await spoilt(fault);
    expect(data).toEqual(HALF);
    expect(codes).toEqual(['RATE_LIMITED']);
    const [{ extensions }] = errors as [{ extensions: { retryAfter?: number | null } }];
    const wait = extensions.retryAfter;
    if (wait !== undefined && wait !== null) {
      expect(Number.isFinite(wait)).toBe(true);
      expect(wait).toBeGreaterThanOrEqual(0);
    }
    if (bounds !== null) {
      expect(wait).toBeGreaterThanOrEqual(bounds[0] as number);
      expect(wait).toBeLessThanOrEqual(bounds[1] as number);
    }
    expect(took).toBeLessThan(IN_TIME);
  },
);

it('one short hiccup is repaired by a repetition, and nobody sees it', async () => {
  for (const fault of [{ kind: 'status', status: 503 }, { kind: 'reset' }]) {
    await stack.faults({ match: { service: 'asset-tree' }, times: 1, fault });
    const { errors, data } = await stack.ask(ONE_ASSET);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ asset: { assetId: 'Rk3vTq8M' } });
  }
});

it('a service that is down is not flooded with repetitions', async () => {
  await stack.calm();
  await resetCalls(stack.simulator.url);
  await stack.faults({ match: { service: 'asset-tree' }, fault: { kind: 'status', status: 503 } });
  await Promise.all(
    Array.from({ length: 60 }, (_, i) => stack.ask(ONE_ASSET.replace('{ asset', `{ a${i}: asset`))),
  );
  const calls = (await callsOf(stack.simulator.url)).searchAssetNode ?? 0;
  // One call each where nothing is shared; 10 % more by the budget, and what the budget holds at the start.
  expect(calls).toBeLessThanOrEqual(60 + 6 + 10);
});

describe('tokens', () => {
  it('a storm: many requests find the token revoked, one renewal serves them all', async () => {
    await stack.ask(ONE_ASSET);
    await control(stack.simulator.url, 'DELETE', 'tokens');
    await resetCalls(stack.simulator.url);
    const ids = ['Rk3vTq8M', 'Hx2wGs6C', 'Ms8dV4kT', 'Qh5sLr9B', 'Cd7zSo3L', 'Lf4sTo8G', 'Fr6nTr1G'];
    const answers = await Promise.all(
      Array.from({ length: 42 }, (_, i) =>
        stack.ask(
          `{ asset(assetId: "${ids[i % ids.length]}") { assetId alerts(first: ${1 + i}) { totalCount } } }`,
        ),
      ),
    );
    expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([]);
    const calls = await callsOf(stack.simulator.url);
    expect((calls.getAccessToken ?? 0) + (calls.refreshAccessToken ?? 0)).toBe(1);
  });

  it('that live a second only are renewed in time, without an error', async () => {
    await control(stack.simulator.url, 'PUT', 'tokens', { state: 'expired', lifetime: 1 });
    for (let i = 0; i < 12; i += 1) {
      const { errors } = await stack.ask(ONE_ASSET);
      expect(errors).toBeUndefined();
      await pause(200);
    }
    await control(stack.simulator.url, 'PUT', 'tokens', { state: 'expired', lifetime: 7_200 });
  });

  it('a skewed clock: calls are refused with a code, the token service is left in peace, and it recovers', async () => {
    const { url } = stack.simulator;
    await control(url, 'PUT', 'tokens', { timestampTolerance: '5m' });
    await control(url, 'PUT', 'clock', { advance: '1h' });
    try {
      await resetCalls(url);
      for (let i = 0; i < 20; i += 1) {
        const answer = await stack.ask(ONE_ASSET);
        expect(answer.data).toEqual({ asset: null });
        expect(['UPSTREAM_ERROR', 'UPSTREAM_UNAVAILABLE']).toContain(codesOf(answer)[0]);
      }
      const ready = await fetch(`${stack.server.url}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toContain('refused');
      const calls = await callsOf(url);
      // One renewal per request at the very most; a storm would be several.
      expect((calls.getAccessToken ?? 0) + (calls.refreshAccessToken ?? 0)).toBeLessThanOrEqual(25);
    } finally {
      await control(url, 'PUT', 'tokens', { timestampTolerance: null });
      await control(url, 'DELETE', 'clock');
    }
  });
});

it('a reply that nobody waits for any more is not waited for: the connection of a hang is given up', async () => {
  const { number: before = 0 } = (await logOf(stack.simulator.url, 'limit=1'))[0] ?? {};
  await spoilt({ kind: 'hang' });
  await pause(200);
  const open = await logOf(stack.simulator.url, `after=${before}&ending=open`);
  expect(open).toEqual([]);
  expect(
    total({ left: (await logOf(stack.simulator.url, `after=${before}&ending=left`)).length }),
  ).toBeGreaterThan(0);
});
