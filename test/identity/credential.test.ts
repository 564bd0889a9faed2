/** Which credential a request carries, told by its headers alone. */
import { readCredential } from '../../src/identity/credential.js';
import { createRoleRights, toRights } from '../../src/identity/role-rights.js';

const PORTAL = 'APP_PORTAL_S_q7Lw2ZxVn84RtKpB6sYcHd3MfGu5JaEe';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2ln';
const KEY = `enosk_dashboard_${'A'.repeat(43)}`;

/** Headers as Node hands them over: the first of several Authorization headers wins. */
function read(...raw: [string, string][]) {
  const headers: Record<string, string> = {};
  for (const [name, value] of raw) headers[name.toLowerCase()] ??= value;
  return readCredential({ headers, rawHeaders: raw.flat() });
}

test.each<[string, [string, string][], object]>([
  ['nothing', [['accept', '*/*']], { kind: 'missing' }],
  ['a token of the portal', [['Authorization', `Bearer ${PORTAL}`]], { kind: 'opaque', token: PORTAL }],
  ['the same as most samples of 2.1 send it', [['authorization', PORTAL]], { kind: 'opaque', token: PORTAL }],
  ['a JWT', [['Authorization', `bearer  ${JWT}`]], { kind: 'jwt', token: JWT }],
  ['a key as bearer', [['Authorization', `Bearer ${KEY}`]], { kind: 'api-key', token: KEY }],
  ['a key in its own header', [['X-Api-Key', KEY]], { kind: 'api-key', token: KEY }],
  ['a token in the header of keys', [['x-api-key', PORTAL]], { kind: 'malformed' }],
  ['another scheme', [['authorization', 'Basic dXNlcjpwYXNz']], { kind: 'malformed' }],
  ['another bare token', [['authorization', JWT]], { kind: 'malformed' }],
  ['two words', [['authorization', `Bearer ${PORTAL} ${PORTAL}`]], { kind: 'malformed' }],
  ['something endless', [['authorization', `Bearer ${'x'.repeat(9_000)}`]], { kind: 'malformed' }],
  [
    'token and key',
    [
      ['authorization', `Bearer ${JWT}`],
      ['x-api-key', KEY],
    ],
    { kind: 'ambiguous' },
  ],
  [
    'two tokens',
    [
      ['authorization', `Bearer ${JWT}`],
      ['Authorization', `Bearer ${PORTAL}`],
    ],
    { kind: 'ambiguous' },
  ],
  [
    'two keys',
    [
      ['x-api-key', KEY],
      ['X-API-KEY', KEY],
    ],
    { kind: 'ambiguous' },
  ],
])('%s', (_what, raw, expected) => {
  expect(read(...raw)).toEqual(expected);
});

describe('rights by role', () => {
  const byRole = new Map([
    ['operator', ['alerts:write']],
    ['admin', ['*']],
  ]);

  it('adds the rights of roles to those of everybody', () => {
    const rights = createRoleRights({ everybody: ['read'], byRole });
    const common = [
      'alerts:read',
      'assets:read',
      'models:read',
      'products:read',
      'series:read',
      'trees:read',
    ];
    expect([...rights.of([])].sort()).toEqual(common);
    expect([...rights.of(['operator', 'constructor'])].sort()).toEqual([...common, 'alerts:write'].sort());
    expect(rights.of(['admin']).has('organizations:all')).toBe(true);
  });

  it('gives nothing where the settings give nothing', () => {
    expect(createRoleRights({ everybody: [], byRole: new Map() }).of(['admin']).size).toBe(0);
  });

  it('names a right that does not exist', () => {
    expect(() => toRights(['read', 'alert:write'])).toThrow(
      'there is no right "alert:write"; expected one of *, read,',
    );
    expect(() => createRoleRights({ everybody: ['toString'], byRole })).toThrow('"toString"');
  });
});
