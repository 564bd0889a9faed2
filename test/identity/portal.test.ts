/** What the answers of the Application Portal about a token make of its bearer; the portal speaks over HTTP. */
import { createEnosClient } from '../../src/enos/create-client.js';
import type { ObservableEnosClient } from '../../src/enos/client.js';
import { createPortalIdentify } from '../../src/identity/portal/introspection.js';
import { createRoleRights } from '../../src/identity/role-rights.js';
import { FakeGateway, json } from '../support/fake-gateway.js';

const SESSION = { userId: 'u1', userName: 'Otto', currentOrgId: 'o1', currentOrgName: 'Estate' };
const PERMISSIONS = { menus: [], permissions: [{ identifier: 'operator' }] };

let gateway: FakeGateway;
let enos: ObservableEnosClient;
beforeEach(async () => {
  gateway = await FakeGateway.start();
  enos = createEnosClient({ url: gateway.url, accessKey: 'access-key', secretKey: 'secret-key', retries: 0 });
});
afterEach(async () => {
  await Promise.all([enos.close(), gateway.stop()]);
});

/** Identifies callers by their token. */
function identify() {
  const byToken = createPortalIdentify({
    enos,
    edition: '2.1',
    accessKey: 'access-key',
    roleRights: createRoleRights({
      everybody: ['models:read'],
      byRole: new Map([['operator', ['assets:read']]]),
    }),
    lifetime: 60_000,
    refusalLifetime: 60_000,
    timeout: 10_000,
    maxCallers: 10,
    unknownPerMinute: 100,
    concurrency: 4,
    now: Date.now,
  });
  // What is known is answered, or thrown, at once.
  return async (token = 'token') => byToken(token, () => '192.0.2.1');
}

/** Answers introspection, and what the portal is asked next, with a result or a code. */
function answer(session: object | number, permissions: object | number = PERMISSIONS): void {
  gateway.answer = ({ path }, response) => {
    const said = path.endsWith('/session/info') ? session : permissions;
    json(response, typeof said === 'number' ? { code: said, message: 'no' } : { code: 0, data: said });
  };
}

test.each([31401, 31410, 31409])('%i: the token is refused, and not asked about again', async (code) => {
  answer(code);
  const ask = identify();
  for (let i = 0; i < 2; i++) {
    await expect(ask()).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  }
  expect(gateway.calls).toHaveLength(1);
});

test('31512: an organization has to be chosen first, and may be at any moment', async () => {
  answer(31512);
  const ask = identify();
  await expect(ask()).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  answer(SESSION);
  expect(await ask()).toMatchObject({ userId: 'u1', orgId: 'o1' });
});

test.each([31429, 31500, 31403, 31404, 99403, 71234])(
  '%i of introspection itself: nobody can tell, which says nothing of the token',
  async (code) => {
    answer(code);
    const ask = identify();
    await expect(ask()).rejects.toMatchObject({
      extensions: { code: 'UPSTREAM_UNAVAILABLE' },
    });
    answer(SESSION);
    expect(await ask()).toMatchObject({ userId: 'u1' });
  },
);

test('roles give rights', async () => {
  answer(SESSION);
  const { roles, rights } = await identify()();
  expect(roles).toEqual(['operator']);
  expect([...rights].sort()).toEqual(['assets:read', 'models:read']);
});

test.each([31403, 31404, 31520, 99403])(
  '%i of the permissions: the user has no roles there',
  async (code) => {
    answer(SESSION, code);
    const { roles, rights } = await identify()();
    expect(roles).toEqual([]);
    expect([...rights]).toEqual(['models:read']);
  },
);

test.each([31429, 31500, 71234])(
  '%i of the permissions: roles are not known, so nobody is let in',
  async (code) => {
    answer(SESSION, code);
    await expect(identify()()).rejects.toMatchObject({
      extensions: { code: 'UPSTREAM_UNAVAILABLE' },
    });
  },
);
