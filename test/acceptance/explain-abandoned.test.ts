/**
 * A caller who asks for an explanation and leaves before his request is identified. The application runs in this process, so
 * that it can be seen when it stops following fields, which makes everything asynchronous dearer while it lasts.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pino from 'pino';
import { startApp, type App } from '../../src/app.js';
import { loadSettings } from '../../src/config/settings.js';
import { until } from '../fault/enos/support.js';
import { countDisabledStorages } from '../support/disabled-storages.js';

const ISSUER = 'https://login.example.com/';
const { publicKey, privateKey } = await generateKeyPair('ES256');
const keySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] };

const asked: ServerResponse[] = [];
/** The issuer, which keeps whoever asks for its keys waiting. */
const issuer = createServer((_req, res) => void asked.push(res));
const messages: string[] = [];
let app: App;
let headers: Record<string, string>;

beforeAll(async () => {
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const write = (line: string): void => void messages.push((JSON.parse(line) as { msg: string }).msg);
  app = await startApp(
    loadSettings({
      ...{ PORT: '0', ENOS_URL: 'http://127.0.0.1:9', GRAPHIQL: 'off', EXPLAIN: 'on', AUTH_MODES: 'jwt' },
      ...{ AUTH_JWT_ISSUER: ISSUER, AUTH_JWT_AUDIENCE: 'us', AUTH_JWT_ALGORITHMS: 'ES256' },
      AUTH_JWT_KEYS: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`,
    }),
    pino({ level: 'info' }, { write }),
  );
  const token = await new SignJWT({ sub: 'u1' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setIssuer(ISSUER)
    .setAudience('us')
    .setExpirationTime('5m')
    .sign(privateKey);
  headers = { authorization: `Bearer ${token}`, 'x-enos-explain': '1', 'apollo-require-preflight': '1' };
});
afterAll(async () => {
  await app?.close(0);
  issuer.close();
  issuer.closeAllConnections();
});

test('leaves nothing behind that would be followed for good', async () => {
  let received = 0;
  const note = (message: unknown): void => {
    if ((message as { request: IncomingMessage }).request.url?.startsWith('/graphql')) received += 1;
  };
  subscribe('http.server.request.start', note);
  const disabled = countDisabledStorages();
  try {
    const address = `${app.url}/graphql?query=${encodeURIComponent('{ __typename }')}`;
    const leaving = new AbortController();
    const abandoned = fetch(address, { headers, signal: leaving.signal }).catch(() => undefined);
    await until(() => asked.length > 0 && received > 0);
    leaving.abort();
    await abandoned;
    await until(() => messages.includes('request abandoned by the caller'));
    for (const res of asked) res.end(JSON.stringify(keySet));

    const answer = (await (await fetch(address, { headers })).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ data: { __typename: 'Query' }, extensions: { explain: [] } });
    // Told when the connection knows that the answer is out, which is a little later.
    await until(() => messages.includes('request'));
    expect(disabled.count()).toBe(1);
  } finally {
    disabled.restore();
    unsubscribe('http.server.request.start', note);
  }
});
