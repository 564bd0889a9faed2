import { readSettings } from '../../src/simulator/settings.js';

it('has the documented defaults', () => {
  expect(readSettings({ HOST: ' ', SIMULATOR_CONTROL: '0' })).toEqual({
    port: 4100,
    host: '127.0.0.1',
    credentials: { accessKey: 'demo-access-key', secretKey: 'demo-secret-key' },
    orgId: 'o15724268424841',
    worldFolder: null,
    control: false,
    tokenLifetime: 7200,
    sessionLifetime: 7200,
  });
});

it('reads every variable', () => {
  expect(
    readSettings({
      SIMULATOR_PORT: '0',
      HOST: '::1',
      ENOS_ACCESS_KEY: 'key',
      ENOS_SECRET_KEY: 'secret',
      ENOS_ORG_ID: 'o1',
      ENOS_WORLD: '/worlds/mine',
      SIMULATOR_CONTROL: '1',
      SIMULATOR_TOKEN_TTL: '5',
      SIMULATOR_SESSION_TTL: '6',
    }),
  ).toEqual({
    port: 0,
    host: '::1',
    credentials: { accessKey: 'key', secretKey: 'secret' },
    orgId: 'o1',
    worldFolder: '/worlds/mine',
    control: true,
    tokenLifetime: 5,
    sessionLifetime: 6,
  });
});

it.each([
  ['SIMULATOR_PORT', '70000'],
  ['SIMULATOR_PORT', 'http'],
  ['SIMULATOR_TOKEN_TTL', '0'],
  ['SIMULATOR_TOKEN_TTL', '1.5'],
])('names %s when it is %s', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(name);
});
