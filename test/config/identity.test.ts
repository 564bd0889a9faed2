/** The settings of identity: how they are written, and what does not go together. */
import { SettingsError, loadSettings } from '../../src/config/settings.js';

function problems(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const JWT = {
  AUTH_MODES: 'jwt',
  AUTH_JWT_ISSUER: 'https://i/',
  AUTH_JWT_AUDIENCE: 'a',
  AUTH_JWT_KEYS: '/keys.json',
};

test('ways, rights and roles', () => {
  const { identity } = loadSettings({
    ...JWT,
    AUTH_MODES: ' jwt , portal ',
    AUTH_JWT_ALGORITHMS: 'EdDSA',
    RIGHTS_EVERYBODY: '',
    RIGHTS_BY_ROLE: 'Site operator = alerts:write, read ; admin=*',
    ASSET_RIGHTS: 'portal',
    ASSET_RIGHTS_TREE: 'Wf7kQ2Zx',
    HOST: '0.0.0.0',
    NODE_ENV: 'production',
  });
  expect(identity).toMatchObject({
    modes: ['jwt', 'portal'],
    jwt: { algorithms: ['EdDSA'], keysCoolDown: 30_000, claims: { user: 'sub', roles: 'roles' } },
    rights: { everybody: ['read'] },
    assetRights: { source: 'portal', treeId: 'Wf7kQ2Zx', lifetime: 30_000 },
  });
  expect([...identity.rights.byRole]).toEqual([
    ['Site operator', ['alerts:write', 'read']],
    ['admin', ['*']],
  ]);
});

test('everybody is let in on the machine itself; elsewhere only where it is said twice', () => {
  const confirmed = { AUTH_MODES: 'none', AUTH_NONE_CONFIRMED: 'on' };
  expect(loadSettings({}).identity.modes).toEqual(['none']);
  const reachable: Record<string, string>[] = [
    { NODE_ENV: 'production' },
    { HOST: '0.0.0.0' },
    { HOST: 'server.example.com' },
  ];
  const once: Record<string, string>[] = [{}, { AUTH_MODES: 'none' }, { AUTH_NONE_CONFIRMED: 'on' }];
  for (const where of reachable) {
    for (const said of once)
      expect(problems({ ...where, ...said })).toEqual([
        expect.stringMatching(/^AUTH_MODES: expected portal, jwt or api-key/),
      ]);
    expect(problems({ ...where, ...confirmed })).toEqual([]);
    expect(problems({ ...where, AUTH_MODES: 'portal' })).toEqual([]);
  }
  for (const HOST of ['localhost', '127.0.0.2', '::1']) expect(problems({ HOST })).toEqual([]);
});

test.each<[Record<string, string>, string]>([
  [
    { AUTH_MODES: 'portal,saml' },
    'AUTH_MODES: expected ways to be let in, separated by commas: portal, jwt, api-key, none, got "portal,saml"',
  ],
  [
    { AUTH_MODES: 'none,portal' },
    'AUTH_MODES: expected none alone, or other ways without it, got "none,portal"',
  ],
  [{ AUTH_MODES: 'api-key' }, 'AUTH_API_KEYS_FILE: expected a value, since AUTH_MODES has api-key'],
  [{ ...JWT, AUTH_JWT_AUDIENCE: '' }, 'AUTH_JWT_AUDIENCE: expected a value, since AUTH_MODES has jwt'],
  [
    { ...JWT, AUTH_JWT_KEYS: 'http://login.example.com/jwks' },
    'AUTH_JWT_KEYS: expected an https:// address (http:// on this machine only), or a file, got "http://login.example.com/jwks"',
  ],
  [
    { ASSET_RIGHTS: 'portal' },
    'ASSET_RIGHTS: expected off, since AUTH_MODES=none tells no users apart, got "portal"',
  ],
  [
    { RIGHTS_BY_ROLE: 'admin' },
    'RIGHTS_BY_ROLE: expected roles with their rights, such as operator=read,alerts:write;admin=*, got "admin"',
  ],
])('%j: %s', (env, problem) => {
  expect(problems(env)).toEqual([problem]);
});

test.each(['HS256', 'none', 'RS256,HS256', ''])(
  'never takes signatures that prove nothing: "%s"',
  (algorithms) => {
    const env = { ...JWT, AUTH_JWT_ALGORITHMS: algorithms };
    if (algorithms === '') expect(loadSettings(env).identity.jwt.algorithms).toEqual(['RS256', 'ES256']);
    else expect(problems(env)).toEqual([expect.stringMatching(/^AUTH_JWT_ALGORITHMS: expected asymmetric/)]);
  },
);
