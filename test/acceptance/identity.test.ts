/**
 * Who is let in and as whom: the server and the simulator as processes of their own, callers over HTTP. One server per way
 * of identifying them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { toGlobalId } from '../../src/graph/nodes/node.js';
import { runApiKeyCommand } from '../../src/identity/api-keys/command.js';
import { EnosClient } from '../support/enos-client.js';
import { ask, callsOf, resetCalls } from '../support/graphql-client.js';
import {
  DEMO_CREDENTIALS,
  startServerProcess,
  startSimulator,
  type Running,
  type RunningProcess,
} from '../support/processes.js';

const ORG = DEMO_CREDENTIALS.ENOS_ORG_ID;
const PARTNER = 'o15724268424999';
const ANNA = 'APP_PORTAL_S_DemoAnnaAdministratorToken000001';
const OTTO = 'APP_PORTAL_S_DemoOttoSiteOperatorToken0000002';
const VERA = 'APP_PORTAL_S_DemoVeraSolarViewerToken00000003';
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

let simulator: Running;
let folder: string;
let servers: RunningProcess[] = [];
beforeAll(async () => {
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
}, 60_000);
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});
afterAll(async () => {
  await simulator?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function serve(env: Record<string, string>): Promise<RunningProcess> {
  const server = await startServerProcess(simulator.url, env);
  servers.push(server);
  return server;
}

/** Signs in at the portal as an application would, with the demo keys. */
async function signIn(account: string, password: string): Promise<string> {
  const portal = new EnosClient(
    simulator.url,
    { accessKey: DEMO_CREDENTIALS.ENOS_ACCESS_KEY, secretKey: DEMO_CREDENTIALS.ENOS_SECRET_KEY },
    ORG,
  );
  const path = '/app-portal-service/v2.2';
  const login = await portal.call({ method: 'POST', path: `${path}/login`, body: { account, password } });
  return String((login.body.data as { accessToken: string }).accessToken);
}

async function chooseAndCall(
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const portal = new EnosClient(
    simulator.url,
    { accessKey: DEMO_CREDENTIALS.ENOS_ACCESS_KEY, secretKey: DEMO_CREDENTIALS.ENOS_SECRET_KEY },
    ORG,
  );
  const call = { method, path: `/app-portal-service${path}`, headers: bearer(token) };
  return (await portal.call(body === undefined ? call : { ...call, body })).body.data as Record<
    string,
    unknown
  >;
}

const VIEWER = `{ viewer { id kind roles rights expiresAt user { userId name email position }
  organization { orgId name } organizations { orgId name } } }`;

test('tokens of the portal: who, of which organization, with which rights; asked once, gone when revoked', async () => {
  const server = await serve({
    AUTH_MODES: 'portal',
    AUTH_PORTAL_TTL: '1s',
    AUTH_PORTAL_REFUSAL_TTL: '1s',
    RIGHTS_BY_ROLE: 'Administrator=*;alert.acknowledge=alerts:write',
  });
  for (const headers of [{}, bearer('APP_PORTAL_S_unknown'), { authorization: 'Basic YTpi' }]) {
    const refused = await ask(server.url, VIEWER, {}, headers);
    expect(refused).toMatchObject({ status: 401, data: null });
    expect(refused.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  }
  const plain = await fetch(`${server.url}/graphql?query={__typename}`);
  expect(plain.headers.get('www-authenticate')).toBe('Bearer realm="enos-graphql"');
  // What is for operators and for browsers stays open.
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
  expect((await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(200);

  await resetCalls(simulator.url);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) => ask(server.url, VIEWER, {}, bearer(n % 2 === 0 ? OTTO : VERA))),
  );
  expect(answers[0]?.data).toEqual({
    viewer: {
      id: `portal:u15724268424902@${ORG}`,
      kind: 'USER',
      roles: ['alert.acknowledge', 'ro15724268424812', 'Site operator'],
      rights: ['alerts:read', 'assets:read', 'models:read', 'products:read', 'series:read', 'trees:read'],
      expiresAt: null,
      user: {
        userId: 'u15724268424902',
        name: 'otto.operator',
        email: 'otto.operator@estate.example',
        position: 'Site operator',
      },
      organization: { orgId: ORG, name: 'Northern Estate' },
      organizations: [{ orgId: ORG, name: 'Northern Estate' }],
    },
  });
  answers.forEach(({ data }, n) => {
    expect(data).toMatchObject({ viewer: { user: { name: n % 2 === 0 ? 'otto.operator' : 'vera.viewer' } } });
  });
  expect(await callsOf(simulator.url)).toMatchObject({
    getTokenInformationV22: 2,
    getUserInformationV22: 2,
    getOrganizationList: 2,
  });
  expect(server.output()).not.toContain('APP_PORTAL_S_');

  const first = await signIn('anna.admin', 'demo-anna');
  expect(await ask(server.url, VIEWER, {}, bearer(first))).toMatchObject({
    status: 403,
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  const { accessToken } = await chooseAndCall(first, 'POST', '/v2.2/session/set', { orgId: PARTNER });
  const session = bearer(String(accessToken));
  expect(await ask(server.url, VIEWER, {}, session)).toMatchObject({
    data: {
      viewer: { organization: { orgId: PARTNER }, organizations: [{ orgId: ORG }, { orgId: PARTNER }] },
    },
  });
  await chooseAndCall(String(accessToken), 'GET', '/v2.0/logout');
  await until(async () => expect((await ask(server.url, VIEWER, {}, session)).status).toBe(401));
}, 60_000);

test('organizations and rights: whatever path leads there', async () => {
  const server = await serve({
    AUTH_MODES: 'portal',
    RIGHTS_EVERYBODY: 'assets:read,trees:read',
    RIGHTS_BY_ROLE: 'Administrator=*',
  });
  const foreign = toGlobalId('Asset', PARTNER, 'tB4nX9wL');
  const query = `query ($id: ID!) {
    asset(assetId: "tB4nX9wL") { name model { name } alerts { totalCount } point(pointId: "activePower") { latest { value } } }
    other: asset(assetId: "tB4nX9wL", orgId: "${PARTNER}") { name }
    many: assetsById(assetIds: ["tB4nX9wL", "k7Pq2VzR"], orgId: "${PARTNER}") { name }
    node(id: $id) { id }
    nodes(ids: [$id]) { id }
    alertSummary(groupBy: SEVERITY) { count }
    viewer { organization { users { totalCount } } }
  }`;
  const otto = await ask(server.url, query, { id: foreign }, bearer(OTTO));
  expect(otto.data).toEqual({
    asset: { name: 'WT-01', model: null, alerts: null, point: { latest: null } },
    other: null,
    many: [null, null],
    node: null,
    nodes: [null],
    alertSummary: null,
    viewer: { organization: { users: null } },
  });
  expect(otto.errors?.every(({ extensions }) => extensions.code === 'FORBIDDEN')).toBe(true);
  const paths = otto.errors?.map(
    ({ path, extensions }) => `${path?.join('.')} ${String(extensions['right'])}`,
  );
  expect(paths?.sort()).toEqual([
    'alertSummary alerts:read',
    'asset.alerts alerts:read',
    'asset.model models:read',
    'asset.point.latest series:read',
    'many.0 undefined',
    'many.1 undefined',
    'node undefined',
    'nodes.0 undefined',
    'other undefined',
    'viewer.organization.users users:read',
  ]);
  // The administrator's rights reach as far as those of the application, which EnOS denies the other organization.
  const anna = await ask(server.url, query, { id: foreign }, bearer(ANNA));
  expect(anna.data).toMatchObject({
    asset: { model: { name: expect.any(String) as string } },
    viewer: { organization: { users: { totalCount: 3 } } },
    other: null,
  });
  expect(anna.errors?.find(({ path }) => path?.[0] === 'other')?.extensions.enos).toMatchObject({
    code: 99403,
  });
  // What the administrator has fetched does not make the operator see it, nor where the document is known.
  expect((await ask(server.url, query, { id: foreign }, bearer(OTTO))).data).toEqual(otto.data);
}, 60_000);

test('JWTs and API keys side by side, told apart by their shape; what is not switched on is refused', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = join(folder, 'jwks.json');
  await writeFile(
    keys,
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] }),
  );
  const file = join(folder, 'keys.json');
  const command = (...args: string[]): Promise<string> =>
    runApiKeyCommand(args, { AUTH_API_KEYS_FILE: file });
  const key = (await command('create', '--id', 'wall', '--org', ORG, '--rights', 'assets:read')).trim();
  const server = await serve({
    AUTH_MODES: 'jwt,api-key',
    AUTH_JWT_ISSUER: 'https://login.example.com/',
    AUTH_JWT_AUDIENCE: 'enos-graphql',
    AUTH_JWT_KEYS: keys,
    AUTH_API_KEYS_FILE: file,
    AUTH_API_KEYS_INTERVAL: '100ms',
  });
  const sign = (exp: number): Promise<string> =>
    new SignJWT({ sub: 'u7', name: 'Ines', roles: 'a b' })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer('https://login.example.com/')
      .setAudience('enos-graphql')
      .setExpirationTime(exp)
      .sign(privateKey);
  const exp = Math.floor(Date.now() / 1000) + 300;
  const jwt = bearer(await sign(exp));
  const query =
    '{ viewer { id kind roles expiresAt user { name } } assets(first: 1) { totalCount } alerts { totalCount } }';
  expect((await ask(server.url, query, {}, jwt)).data).toMatchObject({
    viewer: {
      id: `jwt:u7@${ORG}`,
      roles: ['a', 'b'],
      user: { name: 'Ines' },
      expiresAt: new Date(exp * 1000).toISOString(),
    },
    alerts: { totalCount: expect.any(Number) as number },
  });
  for (const headers of [{ 'x-api-key': key }, bearer(key)]) {
    const answer = await ask(server.url, query, {}, headers);
    expect(answer.data).toMatchObject({
      viewer: { id: 'key:wall', kind: 'API_KEY', user: null },
      assets: { totalCount: expect.any(Number) as number },
      alerts: null,
    });
  }
  for (const headers of [
    bearer(OTTO),
    bearer(await sign(exp - 1_000)),
    { ...jwt, 'x-api-key': key },
    { 'x-api-key': `${key}x` },
  ]) {
    expect((await ask(server.url, query, {}, headers)).status).toBe(401);
  }
  await command('revoke', '--id', 'wall');
  await until(async () => expect((await ask(server.url, query, {}, bearer(key))).status).toBe(401));
  expect(server.output()).not.toContain(key);
}, 60_000);

test('nobody told apart: everybody is the application; refused in production unless said twice', async () => {
  const server = await serve({});
  expect((await ask(server.url, VIEWER)).data).toMatchObject({
    viewer: { id: 'anybody', kind: 'SERVICE', user: null, organization: { orgId: ORG } },
  });
  await expect(serve({ NODE_ENV: 'production' })).rejects.toThrow(
    /AUTH_MODES: expected portal, jwt or api-key/,
  );
  await expect(serve({ AUTH_MODES: 'portal', RIGHTS_EVERYBODY: 'reed' })).rejects.toThrow(/no right "reed"/);
  await expect(
    serve({ AUTH_MODES: 'api-key', AUTH_API_KEYS_FILE: join(folder, 'none.json') }),
  ).rejects.toThrow(/AUTH_API_KEYS_FILE: .*cannot be read/);
}, 60_000);

async function until(check: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
