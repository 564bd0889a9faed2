/**
 * The Application Portal of the bundled world: sign-in, introspection, organizations, rights. Every reply is held against
 * the contract on its way out by the simulator, and here once more.
 */
import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import type { World } from '../../../src/simulator/world/world.js';
import { contractErrors } from '../../support/enos-contract.js';
import { TINY_KEYS, startTinySimulator } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';

const ORG = 'o15724268424841';
const PARTNER = 'o15724268424999';
const OTTO = { id: 'u15724268424902', token: 'APP_PORTAL_S_DemoOttoSiteOperatorToken0000002' };
const VERA = 'u15724268424903';
const BASE = '/app-portal-service';

let world: World;
let simulator: TinySimulator;
beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: Date.now });
});
beforeEach(async () => {
  simulator = await startTinySimulator({ world, sessionLifetime: 60 });
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

interface Portal {
  code: number;
  message: string;
  data: Record<string, unknown>;
}

async function call(
  operationId: string,
  method: string,
  path: string,
  { token, body, query = {} }: { token?: string; body?: object; query?: Record<string, string> } = {},
): Promise<Portal> {
  const reply = await simulator.client.call({
    method,
    path: `${BASE}${path}`,
    query,
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  expect(reply.status).toBe(200);
  // IAM has a logIn of its own, which the helper would take for this one.
  if ((reply.body.code as number) < 1000 && operationId !== 'logIn')
    expect(contractErrors(operationId, reply.body)).toBeNull();
  return reply.body as unknown as Portal;
}

const session = (token?: string): Promise<Portal> =>
  call('getTokenInformationV22', 'GET', '/v2.2/session/info', token === undefined ? {} : { token });

test('signs in, chooses an organization, introspects, refreshes, signs out', async () => {
  const wrong = { account: 'anna.admin', password: 'guessed' };
  expect(await call('logInV22', 'POST', '/v2.2/login', { body: wrong })).toMatchObject({ code: 31400 });
  const login = await call('logInV22', 'POST', '/v2.2/login', {
    body: { account: 'anna.admin', password: 'demo-anna' },
  });
  const organizations = [
    { id: ORG, name: 'Northern Estate' },
    { id: PARTNER, name: 'Southern Partner' },
  ];
  expect(login).toMatchObject({ code: 0, message: 'OK', data: { organizations, mfaType: 'NONE' } });
  const first = String(login.data.accessToken);
  expect(await session(first)).toMatchObject({ code: 31512 });
  expect(
    await call('getOrganizationList', 'GET', '/v2.0/user/organization/list', { token: first }),
  ).toMatchObject({ code: 200, message: '', data: { organizations } });
  const choose = (orgId: string): Promise<Portal> =>
    call('chooseOrganizationV22', 'POST', '/v2.2/session/set', { token: first, body: { orgId } });
  expect(await choose('o1')).toMatchObject({ code: 31404 });
  const chosen = await choose(PARTNER);
  expect(chosen.data).toMatchObject({ currentOrgId: PARTNER, userName: 'anna.admin' });
  expect(await session(first)).toMatchObject({ code: 31401 });
  expect(await session(String(chosen.data.accessToken))).toMatchObject({
    data: { userId: 'u15724268424901', currentOrgName: 'Southern Partner' },
  });
  const refresh = (refreshToken: unknown): Promise<Portal> =>
    call('refreshAccessTokenV22', 'GET', '/v2.2/token/refresh', {
      query: { refreshToken: String(refreshToken) },
    });
  const renewed = await refresh(chosen.data.refreshToken);
  expect(renewed.data).toMatchObject({ workingOrganizationId: PARTNER });
  expect(await refresh(chosen.data.refreshToken)).toMatchObject({ code: 31401 });
  expect(await refresh('eyJhbGciOiJub25lIn0.e30.')).toMatchObject({ code: 31401 });
  const token = String(renewed.data.accessToken);
  await call('revokeRefreshTokenV22', 'POST', '/v2.2/refreshToken/revokeAll', {
    token,
    query: { refreshToken: String(renewed.data.refreshToken) },
  });
  expect(await refresh(renewed.data.refreshToken)).toMatchObject({ code: 31401 });
  expect(await call('logOut', 'GET', '/v2.0/logout', { token })).toMatchObject({ code: 200, data: true });
  expect(await session(token)).toMatchObject({ code: 31401, message: 'Please login first' });
});

test('sessions end with their lifetime; those of the world file with their logout', async () => {
  const login = await call('logIn', 'POST', '/v2.0/login', {
    body: { account: 'otto.operator', password: 'demo-otto' },
  });
  expect(login).toMatchObject({ code: 200, message: '' });
  const chosen = await call('chooseOrganization', 'POST', '/v2.1/session/set', {
    token: String(login.data.accessToken),
    body: { orgId: ORG },
  });
  const token = String(chosen.data.accessToken);
  expect(await session(token)).toMatchObject({ code: 0 });
  simulator.clock.now += 61_000;
  expect(await session(token)).toMatchObject({ code: 31401 });
  expect(await session()).toMatchObject({ code: 31401 });
  expect(await session(OTTO.token)).toMatchObject({ data: { userId: OTTO.id, currentOrgId: ORG } });
  await call('logOut', 'GET', '/v2.0/logout', { token: OTTO.token });
  expect(await session(OTTO.token)).toMatchObject({ code: 31401 });
});

test('says who a user is and what he may do', async () => {
  const { token } = OTTO;
  expect(await call('getUserInformationV22', 'GET', '/v2.2/user/info', { token })).toMatchObject({
    data: { id: OTTO.id, name: 'otto.operator', position: 'Site operator', type: 0 },
  });
  const query = { orgId: ORG, userId: OTTO.id };
  const roles = [{ id: 'ro15724268424812', name: 'Site operator' }];
  expect(await call('getUserRoles', 'GET', '/v2.2/user/role/assignedList', { query })).toMatchObject({
    data: { roles },
  });
  expect(
    await call('getUserRoles', 'GET', '/v2.2/user/role/assignedList', {
      query: { ...query, orgId: PARTNER },
    }),
  ).toMatchObject({ code: 31404 });
  const body = { organizationId: ORG, userIds: [OTTO.id, 'u0'] };
  expect(await call('getUsersRoleList', 'POST', '/v2.2/userRoles/roleList', { body })).toMatchObject({
    data: { usersUserRoles: [{ userId: OTTO.id, roleIds: ['ro15724268424812'] }, { roleIds: [] }] },
  });
  const resources = (accessKey: string): Promise<Portal> =>
    call('getAppMenuAndPermissionV22', 'GET', '/v2.2/user/app/resource/info', {
      token,
      query: { accessKey },
    });
  expect(await resources(TINY_KEYS.accessKey)).toMatchObject({
    data: { permissions: [{ identifier: 'alert.acknowledge' }] },
  });
  expect(await resources('another')).toMatchObject({ code: 31404 });
  const roster = { orgId: ORG, pagination: { pageNo: 1, pageSize: 2 } };
  expect(
    await call('getOrganizationUserListV22', 'POST', '/v2.2/user/organization/roster', { body: roster }),
  ).toMatchObject({ data: { users: [{ userId: VERA }], pagination: { pageNo: 1, totalElements: 3 } } });
});

test('pages assets from 0, lists them for many users, and checks them all or nothing', async () => {
  const list = (pageNo: number, userId = OTTO.id, orgId = ORG): Promise<Portal> =>
    call('getAssetsByOrganization', 'POST', '/v2.0/user/asset/list', {
      body: { userId, orgId, pagination: { pageNo, pageSize: 30 } },
    });
  const first = await list(0);
  expect(first.data).toMatchObject({ pagination: { pageNo: 0, pageSize: 30, totalElements: 55 } });
  expect((first.data.assets as { id: string }[])[0]).toEqual({
    id: 'Rk3vTq8M',
    name: expect.objectContaining({ default: 'North Ridge' }) as unknown,
  });
  expect((await list(1)).data.assets).toHaveLength(25);
  expect(await list(0, OTTO.id, PARTNER)).toMatchObject({ code: 31404 });
  expect((await list(0, 'u15724268424901', PARTNER)).data.assets).toEqual([]);
  const many = await call('getUsersAssetList', 'POST', '/v2.2/user/users/assetList', {
    body: { organizationId: ORG, userIds: [VERA, 'u0'] },
  });
  expect(many.data).toMatchObject({
    usersUserAssets: [
      { userId: VERA, userAssetIds: ['Ms8dV4kT'] },
      { userId: 'u0', userAssetIds: [] },
    ],
    userAssets: [{ id: 'Ms8dV4kT', type: 'auth_unit' }],
  });
  const check = (assetIds: string[]): Promise<Portal> =>
    call('checkAssetPermissionV22', 'POST', '/v2.2/user/authorization/asset/check', {
      token: OTTO.token,
      body: { assetIds },
    });
  expect((await check(['Rk3vTq8M', 'tB4nX9wL'])).data).toBe(true);
  expect((await check(['Rk3vTq8M', 'Ms8dV4kT'])).data).toBe(false);
  const access = await call('getUsersWithAssetAccessV22', 'POST', '/v2.2/asset/authorize/user/list', {
    body: { orgId: ORG, assetId: 'Ms8dV4kT' },
  });
  expect(access.data).toMatchObject([{ name: 'anna.admin' }, { name: 'vera.viewer' }]);
});
