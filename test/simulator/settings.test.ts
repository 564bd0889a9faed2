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
    writeLag: 2000,
    seed: null,
    clock: null,
    faultsFile: null,
  });
});

it('takes no port from a service link of Kubernetes', () => {
  expect(readSettings({ SIMULATOR_PORT: 'tcp://10.0.0.1:4200' }).port).toBe(4100);
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
      SIMULATOR_WRITE_LAG: '0',
      SIMULATOR_SEED: '7',
      SIMULATOR_CLOCK: '2026-01-15T12:00:00Z',
      SIMULATOR_FAULTS: 'faults.yaml',
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
    writeLag: 0,
    seed: 7,
    clock: Date.UTC(2026, 0, 15, 12),
    faultsFile: 'faults.yaml',
  });
});

it.each([
  ['SIMULATOR_PORT', '70000'],
  ['SIMULATOR_PORT', 'http'],
  ['SIMULATOR_TOKEN_TTL', '0'],
  ['SIMULATOR_TOKEN_TTL', '1.5'],
  ['SIMULATOR_SEED', '-1'],
  ['SIMULATOR_CLOCK', '2026-01-15'],
])('names %s when it is %s', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(name);
});
