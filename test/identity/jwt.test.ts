/** JWTs against a real JWKS server: what is pinned, what rotates, what happens while the issuer is down. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import type { IdentifiedCaller } from '../../src/identity/caller.js';
import { createJwtIdentify, type JwtIdentify, type JwtSettings } from '../../src/identity/jwt/verify.js';
import { createRoleRights } from '../../src/identity/role-rights.js';

const ISSUER = 'https://login.example.com/';
const AUDIENCE = 'enos-graphql';

interface Signer {
  key: CryptoKey;
  jwk: JWK;
}

async function signer(kid: string, alg = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** An issuer's key server, which counts and fails as it is told. */
class Issuer {
  keys: JWK[] = [];
  reads = 0;
  down = false;
  private server: Server | undefined;

  async start(): Promise<string> {
    this.server = createServer((_req, res) => {
      this.reads += 1;
      res.writeHead(this.down ? 503 : 200, { 'content-type': 'application/json' });
      res.end(this.down ? 'down' : JSON.stringify({ keys: this.keys }));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server?.close(resolve);
      this.server?.closeAllConnections();
    });
  }
}

let issuer: Issuer;
let first: Signer;
let clock: number;
let warnings: string[];
beforeEach(async () => {
  issuer = new Issuer();
  first = await signer('k1');
  issuer.keys = [first.jwk];
  clock = Date.now();
  warnings = [];
});
afterEach(() => issuer.stop());

async function verifier(more: Partial<JwtSettings> = {}): Promise<JwtIdentify> {
  return createJwtIdentify({
    settings: {
      issuer: ISSUER,
      audience: AUDIENCE,
      keys: await issuer.start(),
      algorithms: ['ES256', 'RS256'],
      clockTolerance: 5_000,
      keysMaxAge: 600_000,
      keysCoolDown: 30_000,
      claims: { user: 'sub', name: 'name', organization: 'org', roles: 'realm_access.roles' },
      ...more,
    },
    orgId: 'o-default',
    roleRights: createRoleRights({ everybody: ['read'], byRole: new Map([['boss', ['alerts:write']]]) }),
    maxCallers: 100,
    now: () => clock,
    logger: (_level, message) => void warnings.push(message),
  });
}

const CLAIMS = { sub: 'u1', name: 'Ines', org: 'o1', realm_access: { roles: ['boss'] } };

/** A token; what a test leaves out of the usual ones is null. */
function token(
  { key, jwk }: Signer,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const seconds = Math.floor(clock / 1000);
  const all = { iss: ISSUER, aud: AUDIENCE, iat: seconds, exp: seconds + 300, ...CLAIMS, ...claims };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  return new SignJWT(given).setProtectedHeader({ alg: 'ES256', kid: jwk.kid, ...header }).sign(key);
}

const REFUSED = { message: 'The credential is not accepted.', extensions: { code: 'UNAUTHENTICATED' } };
const attempt = async (identify: JwtIdentify, text: string): Promise<IdentifiedCaller> => identify(text);

test('reads user, organization, roles, rights and end from the claims; at once when known', async () => {
  const identify = await verifier();
  const text = await token(first);
  const caller = await identify(text);
  expect(caller).toMatchObject({
    id: 'jwt:u1@o1',
    kind: 'USER',
    userId: 'u1',
    userName: 'Ines',
    orgId: 'o1',
    roles: ['boss'],
    expiresAt: (Math.floor(clock / 1000) + 300) * 1000,
  });
  expect(caller.rights.has('alerts:write')).toBe(true);
  expect(caller.userToken).toBeUndefined();
  expect(identify(text)).toBe(caller);
  expect(issuer.reads).toBe(1);
});

test.each<[string, Record<string, unknown>]>([
  ['another issuer', { iss: 'https://evil.example.com/' }],
  ['another audience', { aud: ['someone-else'] }],
  ['no audience', { aud: null }],
  ['no end', { exp: null }],
  ['an end that has passed', { exp: 1_000 }],
  ['a start to come', { nbf: 4_000_000_000 }],
  ['no user', { sub: null }],
  ['a user that is no text', { sub: 5 }],
  ['no organization', { org: null }],
])('refuses %s without saying so', async (_what, claims) => {
  const identify = await verifier();
  await expect(attempt(identify, await token(first, claims))).rejects.toMatchObject(REFUSED);
});

test('refuses signatures that prove nothing', async () => {
  const identify = await verifier({ algorithms: ['RS256'] });
  await expect(attempt(identify, await token(first))).rejects.toMatchObject(REFUSED);
  await issuer.stop();
  const pinned = await verifier();
  // The public key as a shared secret: the classic confusion of algorithms.
  const secret = new TextEncoder().encode(JSON.stringify(first.jwk));
  const forged = await new SignJWT({ ...CLAIMS, iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000 })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .sign(secret);
  await expect(attempt(pinned, forged)).rejects.toMatchObject(REFUSED);
  const [, payload] = (await token(first)).split('.');
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  await expect(attempt(pinned, none)).rejects.toMatchObject(REFUSED);
  const stranger = await signer('k1');
  await expect(attempt(pinned, await token(stranger))).rejects.toMatchObject(REFUSED);
  // A key that the token brings along itself.
  const own = await token(stranger, {}, { jwk: stranger.jwk, jku: 'http://127.0.0.1:1/jwks' });
  await expect(attempt(pinned, own)).rejects.toMatchObject(REFUSED);
  const parts = (await token(first)).split('.');
  const changed = JSON.stringify({ ...CLAIMS, sub: 'u2', iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000 });
  parts[1] = Buffer.from(changed).toString('base64url');
  await expect(attempt(pinned, parts.join('.'))).rejects.toMatchObject(REFUSED);
});

test.each<[string, unknown]>([
  ['none', undefined],
  ['an empty one', ''],
  ['one that is no text', 5],
])(
  'a token must name its key: with %s it is refused, though only one key fits, and no key is asked for',
  async (_what, kid) => {
    const identify = await verifier();
    await identify(await token(first));
    clock += 31_000;
    await expect(attempt(identify, await token(first, {}, { kid }))).rejects.toMatchObject(REFUSED);
    expect(issuer.reads).toBe(1);
  },
);

test('a key without a name opens to no token, not even to one that names none', async () => {
  issuer.keys = [{ ...first.jwk, kid: undefined }];
  const identify = await verifier();
  await expect(attempt(identify, await token(first, {}, { kid: undefined }))).rejects.toMatchObject(REFUSED);
  await expect(attempt(identify, await token(first))).rejects.toMatchObject(REFUSED);
});

test('a token ends when it says, clocks apart by the tolerance at most', async () => {
  const identify = await verifier();
  const text = await token(first, { exp: Math.floor(clock / 1000) + 60 });
  await identify(text);
  clock += 63_000;
  await expect(attempt(identify, text)).resolves.toMatchObject({ userId: 'u1' });
  clock += 3_000;
  await expect(attempt(identify, text)).rejects.toMatchObject(REFUSED);
});

test('a rotation is noticed by the first token of the new key; unknown keys ask no more often than the cool-down', async () => {
  const identify = await verifier();
  await identify(await token(first));
  const second = await signer('k2');
  issuer.keys = [first.jwk, second.jwk];
  await expect(attempt(identify, await token(second))).rejects.toMatchObject(REFUSED);
  expect(issuer.reads).toBe(1);
  clock += 31_000;
  await expect(attempt(identify, await token(second))).resolves.toMatchObject({ userId: 'u1' });
  expect(issuer.reads).toBe(2);
  const unknown = await signer('k3');
  const flood = Array.from({ length: 50 }, async (_, n) => attempt(identify, await token(unknown, { n })));
  expect((await Promise.allSettled(flood)).every(({ status }) => status === 'rejected')).toBe(true);
  expect(issuer.reads).toBe(2);
});

test('a withdrawn key is refused once the keys have been read again, also for tokens that are known', async () => {
  const identify = await verifier();
  const text = await token(first, { exp: Math.floor(clock / 1000) + 3_600 });
  const caller = await identify(text);
  issuer.keys = [(await signer('k2')).jwk];
  expect(identify(text)).toBe(caller);
  clock += 601_000;
  // Nobody waits for the reading: the token is refused as soon as it is done.
  await until(async () => {
    await expect(attempt(identify, text)).rejects.toMatchObject(REFUSED);
  });
});

test('keys that are known stay good while the issuer is down; without any, nobody is judged', async () => {
  const identify = await verifier();
  await identify(await token(first));
  issuer.down = true;
  clock += 3_600_000;
  await expect(attempt(identify, await token(first))).resolves.toMatchObject({ userId: 'u1' });
  await until(async () => expect(warnings).toContain('The keys that verify JWTs cannot be read'));
  await issuer.stop();
  issuer.down = true;
  const fresh = await verifier();
  await expect(attempt(fresh, await token(first))).rejects.toMatchObject({
    extensions: { code: 'UPSTREAM_UNAVAILABLE', http: { status: 503 } },
  });
  issuer.down = false;
  clock += 31_000;
  await expect(attempt(fresh, await token(first))).resolves.toMatchObject({ userId: 'u1' });
});

async function until(check: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
