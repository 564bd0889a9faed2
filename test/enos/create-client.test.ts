/** The client over real sockets: what it sends, how long it waits, what it makes of a network that misbehaves. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { EnosClientOptions } from '../../src/enos/client-options.js';
import type { CallAttempt, CallOptions, EnosClient } from '../../src/enos/client.js';
import { createEnosClient } from '../../src/enos/create-client.js';
import { EnosError } from '../../src/enos/errors.js';
import { signature, signedText } from '../../src/enos/request/signature.js';
import { FakeGateway, json } from '../support/fake-gateway.js';

const SECRETS = { accessKey: 'ACCESS-CANARY', secretKey: 'SECRET-CANARY' };
const OK = { code: 0, msg: 'OK', requestId: 'r-1', data: { assetId: 'a1' } };
/** Long enough to be no reason for anything. */
const NEVER = 60_000;

let gateway: FakeGateway;
const clients: EnosClient[] = [];
const servers: Server[] = [];

beforeEach(async () => (gateway = await FakeGateway.start()));
afterEach(async () => {
  const closing = clients.splice(0).map((client) => client.close());
  await gateway.stop();
  for (const server of servers.splice(0)) server.close();
  await Promise.all(closing);
});

function clientOf(options: Partial<EnosClientOptions> = {}): EnosClient {
  const { timeouts, ...others } = options;
  const client = createEnosClient({
    url: gateway.url,
    ...SECRETS,
    timeouts: { connect: NEVER, headers: NEVER, idle: NEVER, total: NEVER, ...timeouts },
    ...others,
  });
  clients.push(client);
  return client;
}

const ARGS = { query: { orgId: 'o1', assetId: 'a1' } };
const get = (client: EnosClient, options?: CallOptions) => client.call('asset.getAsset', ARGS, options);
const update = (client: EnosClient) =>
  client.call('asset.updateAsset', {
    query: { orgId: 'o1', isPatchUpdate: true },
    body: { asset: { assetId: 'a1' } },
  });

async function failed(call: Promise<unknown>): Promise<EnosError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnosError);
  return error as EnosError;
}

/** A TCP server that does as told with each connection, in order; the last instruction repeats. */
async function tcp(
  ...instructions: ((socket: Socket) => void)[]
): Promise<{ url: string; count: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    instructions[Math.min(count++, instructions.length - 1)]!(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count };
}

/** Sends raw HTTP for the call, after the token was given out on the same address. */
function raw(reply: string, end = true): (socket: Socket) => void {
  const token = JSON.stringify({
    status: 0,
    msg: '',
    business: 'x',
    data: { accessToken: 'TOKEN-CANARY', expire: 9 },
  });
  return (socket) =>
    socket.on('data', (chunk) => {
      if (chunk.toString().includes('/apim-token-service/')) {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${token.length}\r\n\r\n${token}`);
      } else if (end) socket.end(reply);
      else socket.write(reply);
    });
}

describe('what is sent', () => {
  test('method, prefix, query and signature over exactly the bytes of the body', async () => {
    const client = clientOf({ url: `${gateway.url}/enos/`, now: () => 1_700_000_000_123 });
    expect(client.gateway).toBe(`${gateway.url}/enos`);
    const body = { asset: { assetId: 'a1', attributes: { serial: 9007199254740993n } } };
    await client.call('asset.updateAsset', { query: { orgId: 'o1', isPatchUpdate: true }, body });
    const [call] = gateway.calls;
    expect(call).toMatchObject({
      method: 'POST',
      target: '/enos/asset-service/v2.1/assets?action=update&orgId=o1&isPatchUpdate=true',
      body: '{"asset":{"assetId":"a1","attributes":{"serial":9007199254740993}}}',
    });
    expect(call!.headers).toMatchObject({
      'apim-accesstoken': 'TOKEN-1',
      'apim-timestamp': '1700000000123',
      'apim-signature': signature({
        accessToken: 'TOKEN-1',
        secretKey: SECRETS.secretKey,
        timestamp: '1700000000123',
        signedText: signedText([...call!.query], call!.body),
      }),
      'accept-encoding': 'identity',
      'content-type': 'application/json',
    });
    expect(gateway.tokenCalls[0]!.path).toBe('/enos/apim-token-service/v2.0/token/get');
  });

  test("a user's token where the operation takes one, and nowhere else", async () => {
    const client = clientOf();
    await client.call('app-portal.getTokenInformationV22', {}, { userToken: 'USER' });
    await get(client, { userToken: 'USER' });
    expect(gateway.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer USER', undefined]);
    expect(await failed(client.call('app-portal.getTokenInformationV22', {}))).toMatchObject({
      kind: 'argument',
      message: "The call needs a user's token",
    });
    expect(gateway.calls).toHaveLength(2);
  });

  test('operations of a channel without a host, and unknown ones, are refused before anything is sent', async () => {
    const client = clientOf();
    const file = client.call('connection.deleteFile', {
      query: { orgId: 'o1', fileUri: 'enos-connect://x' },
    });
    expect(await failed(file)).toMatchObject({
      kind: 'argument',
      message: 'No host is set for the channel integration',
    });
    expect(await failed(client.call('toString' as 'asset.getAsset', ARGS))).toMatchObject({
      kind: 'argument',
    });
    expect(gateway.connections).toBe(0);
  });

  test('connections are kept and shared within a service, not across services', async () => {
    const client = clientOf({ concurrencyPerService: 2 });
    gateway.answer = (_, response) => setImmediate(() => json(response, OK));
    await Promise.all(Array.from({ length: 20 }, () => get(client)));
    await get(client);
    const model = { query: { orgId: 'o1', modelId: 'm1' } };
    await client.call('model.getThingModel', model);
    expect(gateway.connections).toBe(1 + 2 + 1);
  });
});

test.each([
  'ftp://gateway',
  'gateway',
  '',
  'https://user:pw@gateway',
  'https://gateway/?a=1',
  'https://gateway/#a',
])('the URL %j is refused at once', (url) =>
  expect(() => createEnosClient({ url, ...SECRETS })).toThrow(TypeError),
);

describe('time', () => {
  const silent = () => (gateway.answer = () => undefined);
  const LATE = { kind: 'timeout', retryable: true, message: 'EnOS did not answer in time' };

  test('headers that do not come', async () => {
    silent();
    expect(await failed(get(clientOf({ timeouts: { headers: 50 } })))).toMatchObject(LATE);
  });

  test('a body that falls silent', async () => {
    gateway.answer = (_, response) => response.write('{"code":0,');
    expect(await failed(get(clientOf({ timeouts: { idle: 50 } })))).toMatchObject(LATE);
  });

  test('a body that trickles for ever', async () => {
    gateway.answer = (_, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    };
    expect(await failed(get(clientOf({ timeouts: { total: 200 } })))).toMatchObject(LATE);
  });

  test('a deadline before the total, also while waiting for the token or a connection', async () => {
    silent();
    const client = clientOf({ concurrencyPerService: 1 });
    expect(await failed(get(client, { deadline: Date.now() + 50 }))).toMatchObject(LATE);
    const holding = failed(get(client, { deadline: Date.now() + 500 }));
    expect(await failed(get(client, { deadline: Date.now() + 50 }))).toMatchObject(LATE);
    await holding;
    gateway.answerToken = () => undefined;
    expect(await failed(get(clientOf(), { deadline: Date.now() + 50 }))).toMatchObject(LATE);
  });

  test('a deadline that has passed sends nothing', async () => {
    expect(await failed(get(clientOf(), { deadline: Date.now() - 1 }))).toMatchObject(LATE);
    expect(gateway.connections).toBe(0);
  });

  test('a caller that goes away, before and during the call; EnOS sees the connection close', async () => {
    expect(await failed(get(clientOf(), { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'cancelled',
    });
    expect(gateway.connections).toBe(0);
    const controller = new AbortController();
    const closed = new Promise((resolve) => {
      gateway.answer = (_, response) => {
        response.on('close', resolve);
        controller.abort();
      };
    });
    expect(await failed(get(clientOf(), { signal: controller.signal }))).toMatchObject({
      kind: 'cancelled',
      retryable: false,
      message: 'The call was cancelled',
    });
    await closed;
  });
});

describe('replies that are none', () => {
  const invalid = (message: string) => ({
    kind: 'invalid-response',
    message: `The reply of EnOS ${message}`,
  });

  test.each([
    ['HTML', '<html><body>Welcome</body></html>', 'is not JSON'],
    ['half of it', '{"code":0,"data":{"assetId":', 'is not JSON'],
    ['nesting without end', `{"code":0,"data":${'['.repeat(100_000)}`, 'is not JSON'],
    ['a list', '[1,2]', 'is not an object'],
    ['no code', '{"data":{}}', 'has no code'],
  ])('%s', async (_, body, message) => {
    gateway.answer = (_request, response) => response.end(body);
    expect(await failed(get(clientOf()))).toMatchObject(invalid(message));
  });

  test.each([
    ['a body shorter than announced', 'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"code":0,', 'is cut'],
    [
      'a chunked body that breaks off',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"cod',
      'is cut',
    ],
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'is not valid HTTP'],
  ])('%s', async (_, reply, message) => {
    const { url } = await tcp(raw(reply));
    expect(await failed(get(clientOf({ url })))).toMatchObject(invalid(message));
  });

  test('a body over the limit, announced or not; one at the limit is fine', async () => {
    const limit = 1000;
    const client = clientOf({ maxResponseBytes: limit });
    const body = (size: number) => `{"code":0,"data":"${'x'.repeat(size - 20)}"}`;
    gateway.answer = (_, response) => response.end(body(limit));
    expect((await get(client)).data).toHaveLength(limit - 20);
    gateway.answer = (_, response) => response.end(body(limit + 1));
    expect(await failed(get(client))).toMatchObject(invalid('is too large'));
    gateway.answer = (_, response) => {
      const endless = () => response.write('x'.repeat(600), endless);
      response.on('error', () => undefined);
      endless();
    };
    expect(await failed(get(client))).toMatchObject(invalid('is too large'));
  });

  test('a compressed body, which could unpack to any size', async () => {
    gateway.answer = (_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(JSON.stringify(OK)));
    expect(await failed(get(clientOf()))).toMatchObject(invalid('is compressed'));
  });

  test.each([301, 302, 307, 308])('a redirect (%d) is not followed', async (status) => {
    const elsewhere = await FakeGateway.start();
    gateway.answer = (_, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/x` }).end('{"code":0}');
    expect(await failed(get(clientOf()))).toMatchObject({ kind: 'invalid-response', httpStatus: status });
    expect(elsewhere.connections).toBe(0);
    await elsewhere.stop();
  });
});

describe('connections that fail', () => {
  const UNREACHABLE = {
    kind: 'unavailable',
    retryable: true,
    message: 'EnOS cannot be reached',
    httpStatus: null,
  };
  const reset = (socket: Socket) => socket.on('data', () => socket.resetAndDestroy());
  const working = raw(
    `HTTP/1.1 200 OK\r\ncontent-length: ${JSON.stringify(OK).length}\r\n\r\n${JSON.stringify(OK)}`,
    false,
  );

  test('refused, after two repetitions; logged once, and again when EnOS is back', async () => {
    const log: string[] = [];
    const attempts: CallAttempt[] = [];
    const client = clientOf({ logger: (level, message) => log.push(`${level}: ${message}`) });
    await get(client);
    const answer = gateway.answer;
    gateway.answer = (_, response) => response.socket!.destroy();
    const onAttempt = (attempt: CallAttempt) => attempts.push(attempt);
    expect(await failed(get(client, { onAttempt }))).toMatchObject(UNREACHABLE);
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'unavailable', operation: 'asset.getAsset', httpStatus: null },
      { attempt: 2, outcome: 'unavailable' },
      { attempt: 3, outcome: 'unavailable' },
    ]);
    gateway.answer = answer;
    await get(client);
    expect(log).toEqual(['warn: EnOS cannot be reached', 'info: EnOS is reached again']);
  });

  test('a port where nobody listens, a host without an address', async () => {
    const { url } = await tcp(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    expect(await failed(get(clientOf({ url })))).toMatchObject(UNREACHABLE);
    expect(await failed(get(clientOf({ url: 'http://no-such-host.invalid' })))).toMatchObject(UNREACHABLE);
  });

  test('a read on a connection that breaks is repeated on another', async () => {
    const { url, count } = await tcp(working, reset, working);
    expect((await get(clientOf({ url }))).data).toEqual(OK.data);
    expect(count()).toBe(3);
  });

  test('a write that may have arrived is not repeated', async () => {
    const { url, count } = await tcp(working, reset, working);
    expect(await failed(update(clientOf({ url })))).toMatchObject(UNREACHABLE);
    expect(count()).toBe(2);
  });

  test.each([502, 503, 504])('HTTP %d: a read is repeated up to twice, a write is not', async (status) => {
    const client = clientOf();
    let left = 1;
    gateway.answer = (_, response) =>
      left-- > 0 ? json(response, { message: 'Service unavailable' }, status) : json(response, OK);
    expect((await get(client)).data).toEqual(OK.data);
    left = 1;
    expect(await failed(update(client))).toMatchObject({ kind: 'http', httpStatus: status, retryable: true });
    left = 5;
    expect(await failed(get(client))).toMatchObject({ kind: 'http', httpStatus: status });
    expect(gateway.calls).toHaveLength(2 + 1 + 3);
  });

  test('a closed client', async () => {
    const client = clientOf();
    await get(client);
    await client.close();
    await client.close();
    expect(await failed(get(client))).toMatchObject({ kind: 'unavailable' });
  });
});

test('no secret and no address in any error, whatever EnOS sends back', async () => {
  const userToken = 'USER-CANARY';
  const echo = `${Object.values(SECRETS).join(' ')} TOKEN-1 ${userToken} PASSWORD-CANARY at http://10.1.2.3:8080/x`;
  const client = clientOf();
  const echoes: [FakeGateway['answer'], string][] = [
    [(_, r) => json(r, { code: 31400, message: echo, requestId: echo }), 'refused'],
    [(_, r) => json(r, { code: 99500, msg: encodeURIComponent(echo), data: echo }, 500), 'refused'],
    [(_, r) => json(r, { message: echo }, 500), 'http'],
    [(_, r) => json(r, { message: echo }, 401), 'credentials'],
    [(_, r) => r.end(`<html>${echo}`), 'invalid-response'],
    [(_, r) => r.writeHead(302, { location: echo }).end(), 'invalid-response'],
    [(_, r) => r.socket!.destroy(), 'unavailable'],
  ];
  for (const [answer, kind] of echoes) {
    gateway.answer = answer;
    const body = { account: 'me', password: 'PASSWORD-CANARY', appId: 'a' };
    const error = await failed(client.call('app-portal.logIn', { body }, { userToken }));
    expect(error.kind).toBe(kind);
    const shown = [];
    for (let e: unknown = error; e instanceof Error; e = e.cause) {
      shown.push(e.message, e.stack, JSON.stringify(e), ...Object.values(e).map(String));
    }
    for (const secret of [
      /CANARY/,
      /TOKEN-\d/,
      /10\.1\.2\.3/,
      /127\.0\.0\.1/,
      new RegExp(`:${gateway.port}`),
    ]) {
      expect(shown.join('\n')).not.toMatch(secret);
    }
  }
});
