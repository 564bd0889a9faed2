/** What each kind of fault does on the wire, seen by a caller that knows nothing of it. */
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { contractErrors } from '../../support/enos-contract.js';
import { clearFaults, control, logOf, setFaults } from '../../support/simulator-control.js';
import { startTinySimulator, type TinySimulator } from '../../support/tiny-simulator.js';

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator({ control: true });
  await simulator.client.accessToken();
});
afterAll(() => simulator.close());
afterEach(() => clearFaults(simulator.url));

const getSite = {
  method: 'GET',
  path: '/asset-service/v2.1/assets',
  query: { action: 'get', assetId: 'siteA' },
};
const fault = (what: object, more: object = {}): Promise<void> =>
  setFaults(simulator.url, { id: 'r', match: { operation: 'getAsset' }, fault: what, ...more });

/** Everything that comes back over a connection of its own until it ends, or until `wait` milliseconds have passed. */
function raw(wait: number): Promise<{ text: string; ended: 'closed' | 'reset' | 'open'; times: number[] }> {
  return new Promise((resolve) => {
    const socket = connect(simulator.port, '127.0.0.1');
    let text = '';
    const times: number[] = [];
    const timer = setTimeout(() => end('open'), wait);
    const end = (ended: 'closed' | 'reset' | 'open'): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended, times });
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      times.push(Date.now());
    });
    socket.on('end', () => end('closed'));
    socket.on('error', () => end('reset'));
    // Without credentials the reply is the gateway's 401, which faults spoil like any other.
    socket.write(
      'GET /asset-service/v2.1/assets?action=get&assetId=siteA&orgId=o1 HTTP/1.1\r\nhost: x\r\n\r\n',
    );
  });
}
const WHOLE = '{"message":"Invalid authentication credentials"}';
const lengthOf = (text: string): number => Number(/content-length: (-?\d+)/i.exec(text)?.[1]);
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);

it('status: the gateway’s own body, or another with headers', async () => {
  await fault({ kind: 'status', status: 503 });
  expect(await simulator.client.call(getSite)).toEqual({
    status: 503,
    body: { message: 'Service unavailable' },
  });
  await fault({ kind: 'status', status: 500, body: { why: 'x' }, headers: { 'x-a': ['1', '2'] } });
  const { text } = await raw(500);
  expect(text).toMatch(/^HTTP\/1\.1 500 /);
  expect(text).toContain('x-a: 1\r\nx-a: 2\r\n');
  expect(bodyOf(text)).toBe('{"why":"x"}');
});

it.each(['7', 'Wed, 21 Oct 2099 07:28:00 GMT', '-1', 'soon', '99999999999999999999'])(
  '429 with Retry-After: %s, word for word',
  async (retryAfter) => {
    await fault({ kind: 'status', status: 429, retryAfter });
    const { text } = await raw(500);
    expect(text).toMatch(/^HTTP\/1\.1 429 /);
    expect(text).toContain(`retry-after: ${retryAfter}\r\n`);
  },
);

it('429 with several Retry-After', async () => {
  await fault({ kind: 'status', status: 429, retryAfter: ['1', '2'] });
  expect((await raw(500)).text).toContain('retry-after: 1\r\nretry-after: 2\r\n');
});

it('code: in the envelope of the operation, which stays as the contract says', async () => {
  await fault({ kind: 'code', code: 99500 });
  const { status, body } = await simulator.client.call(getSite);
  expect(status).toBe(200);
  expect(body).toMatchObject({ code: 99500, data: null });
  expect(body.msg).not.toBe('');
  expect(contractErrors('getAsset', body)).toBeNull();
  await fault({ kind: 'code', code: 12345, message: 'So be it', status: 400 });
  expect(await simulator.client.call(getSite)).toMatchObject({
    status: 400,
    body: { code: 12345, msg: 'So be it' },
  });
});

it('token: a good token is refused as expired or as unknown, for this call', async () => {
  await fault({ kind: 'token', state: 'expired' }, { times: 1 });
  expect(await simulator.client.call(getSite)).toMatchObject({ status: 401, body: { code: 1203 } });
  expect((await simulator.client.call(getSite)).status).toBe(200);
  await fault({ kind: 'token', state: 'revoked' });
  expect(await simulator.client.call(getSite)).toMatchObject({
    status: 401,
    body: { message: 'Invalid authentication credentials' },
  });
  await setFaults(simulator.url, { match: { service: 'token' }, fault: { kind: 'token', state: 'revoked' } });
  expect((await simulator.client.askToken('get')).body.status).toBe(1204);
});

it('hang: nothing, headers only, or half of the body', async () => {
  await fault({ kind: 'hang' });
  expect(await raw(300)).toMatchObject({ text: '', ended: 'open' });
  await fault({ kind: 'hang', at: 'headers' });
  const headers = await raw(300);
  expect(headers.ended).toBe('open');
  expect(lengthOf(headers.text)).toBe(WHOLE.length);
  expect(bodyOf(headers.text)).toBe('');
  await fault({ kind: 'hang', at: 'body' });
  expect(bodyOf((await raw(300)).text)).toBe(WHOLE.slice(0, WHOLE.length / 2));
});

it('reset: before anything, or in the middle', async () => {
  await fault({ kind: 'reset' });
  expect(await raw(3_000)).toMatchObject({ text: '', ended: 'reset' });
  await fault({ kind: 'reset', at: 'body' });
  const inBody = await raw(3_000);
  // Some network stacks hand over what came before a reset and then say no more than that it is over.
  expect(inBody.ended).not.toBe('open');
  expect(lengthOf(inBody.text)).toBe(WHOLE.length);
  expect(bodyOf(inBody.text)).toBe(WHOLE.slice(0, WHOLE.length / 2));
});

it.each([0, 5, 1_000_000])('cut after %d bytes, never whole', async (bytes) => {
  await fault({ kind: 'cut', bytes });
  const { text, ended } = await raw(3_000);
  expect(ended).not.toBe('open');
  expect(lengthOf(text)).toBe(WHOLE.length);
  expect(bodyOf(text)).toBe(WHOLE.slice(0, Math.min(bytes, WHOLE.length - 1)));
});

it('drip: all of it, so many bytes at a time', async () => {
  await fault({ kind: 'drip', bytes: 10, every: '40ms' });
  const reply = await fetch(`${simulator.url}/asset-service/v2.1/assets?action=get`);
  expect(await reply.text()).toBe(WHOLE);
  await fault({ kind: 'drip', bytes: 1, every: '100ms' });
  const { text, ended } = await raw(450);
  expect(ended).toBe('open');
  expect(bodyOf(text).length).toBeGreaterThan(0);
  expect(bodyOf(text).length).toBeLessThan(10);
});

it('garbage: no JSON, a page, bytes, nothing, no HTTP', async () => {
  const forms: Record<string, string> = {};
  for (const form of ['json', 'html', 'binary', 'empty', 'http']) {
    await fault({ kind: 'garbage', form });
    forms[form] = (await raw(3_000)).text;
  }
  expect(() => void JSON.parse(bodyOf(forms.json ?? ''))).toThrow(SyntaxError);
  expect(forms.html).toContain('content-type: text/html');
  expect(bodyOf(forms.binary ?? '').length).toBe(256);
  expect(forms.empty).toContain('content-length: 0');
  expect(forms.http).toMatch(/^HTTP\/9\.9/);
});

it('length: more announced than sent, or less', async () => {
  await fault({ kind: 'length', difference: 10 });
  const more = await raw(400);
  expect(more.ended).toBe('open');
  expect(lengthOf(more.text)).toBe(WHOLE.length + 10);
  await fault({ kind: 'length', difference: -10 });
  expect(lengthOf((await raw(400)).text)).toBe(WHOLE.length - 10);
});

it('bomb: a small reply that grows', async () => {
  await fault({ kind: 'bomb', bytes: 20_000_000 });
  const { text } = await raw(2_000);
  expect(text).toContain('content-encoding: gzip');
  const body = Buffer.from(bodyOf(text), 'latin1');
  expect(body.length).toBeLessThan(100_000);
  expect(gunzipSync(body).length).toBe(20_000_000);
});

it('headers: as many bytes of them as told', async () => {
  await fault({ kind: 'headers', bytes: 100_000 });
  const { text } = await raw(500);
  expect(text.indexOf('\r\n\r\n')).toBeGreaterThan(100_000);
  expect(bodyOf(text)).toBe(WHOLE);
});

it('delays add up, and the reply is right', async () => {
  await setFaults(
    simulator.url,
    { delay: 120 },
    { delay: { distribution: 'uniform', min: 80, max: '90ms' } },
  );
  const start = performance.now();
  const reply = await simulator.client.call(getSite);
  expect(performance.now() - start).toBeGreaterThan(190);
  expect(reply).toMatchObject({ status: 200, body: { code: 0 } });
  const [call] = await logOf(simulator.url, 'operation=getAsset&limit=1');
  expect(call?.delay).toBeGreaterThanOrEqual(200);
  expect(call?.delay).toBeLessThanOrEqual(210);
});

it('a caller who leaves while he waits is noted, and nothing is run for him', async () => {
  await setFaults(simulator.url, { delay: '10s' });
  const { number = 0 } = (await logOf(simulator.url)).at(-1) ?? {};
  await raw(100);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await logOf(simulator.url, `after=${number}`)).toMatchObject([
    { ending: 'left', status: null, delay: 10_000 },
  ]);
});

it('no injected fault counts as one of the simulator’s own', async () => {
  expect(simulator.faults).toEqual([]);
});

it('rules can be in force from the start, without a control plane', async () => {
  const plain = await startTinySimulator({ faults: [{ fault: { kind: 'status', status: 500 } }] });
  const reply = await fetch(`${plain.url}/asset-service/v2.1/assets?action=get`);
  const hidden = await control(plain.url, 'GET', 'faults');
  await plain.close();
  expect([reply.status, hidden.status]).toEqual([500, 404]);
});
