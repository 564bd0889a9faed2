import { readFileSync } from 'node:fs';
import type { Definition } from '../../src/config/definitions/definition.js';
import { DEFINITIONS } from '../../src/config/definitions/definitions.js';
import { configurationPage } from '../../src/config/documentation.js';
import { SettingsError, describeSettings, loadSettings, maskUrl } from '../../src/config/settings.js';

function problems(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const REAL_ENOS = {
  ENOS_URL: 'https://gateway.example.com/prefix/',
  ENOS_ACCESS_KEY: 'key',
  ENOS_SECRET_KEY: 'very-secret',
  ENOS_ORG_ID: 'o1',
};

describe('loadSettings', () => {
  test('an empty environment gives the documented defaults', () => {
    const settings = loadSettings({});
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      simulator: { port: 4100, control: false },
      enos: {
        accessKey: 'demo-access-key',
        secretKey: 'demo-secret-key',
        orgId: 'o15724268424841',
        edition: '2.3',
        timeout: 10_000,
        connectTimeout: 1_000,
        idleTimeout: 5_000,
      },
      cache: {
        maxBytes: 64 * 1024 * 1024,
        redisTimeout: 50,
        lifetimes: {
          trees: 60_000,
          entities: {
            CACHE_TTL_ALERT_DEFINITIONS: 600_000,
            CACHE_TTL_ALERTS: 5_000,
            CACHE_TTL_ASSETS: 60_000,
            CACHE_TTL_MODELS: 3_600_000,
            CACHE_TTL_PRODUCTS: 60_000,
            CACHE_TTL_USERS: 60_000,
          },
          latest: 2_000,
          seriesPast: 3_600_000,
          seriesTail: 5_000,
          notFound: 5_000,
        },
      },
      operationTimeout: 15_000,
      corsOrigins: [],
      graphiql: true,
      introspection: true,
      explain: true,
    });
    expect(settings.enos.url).toBeUndefined();
    expect(settings.cache.redisUrl).toBeUndefined();
  });

  test('empty and blank variables count as absent', () => {
    expect(loadSettings({ ENOS_URL: '', PORT: '  ', REDIS_URL: '' })).toEqual(loadSettings({}));
  });

  test('reads every kind of value', () => {
    const settings = loadSettings({
      ...REAL_ENOS,
      PORT: ' 8080 ',
      OPERATION_TIMEOUT: '2m',
      REDIS_TIMEOUT: '250ms',
      CACHE_MAX_BYTES: '1GiB',
      MAX_BODY_BYTES: '1000',
      SIMULATOR_CONTROL: '1',
      GRAPHIQL: 'Off',
      CACHE_TTL_LATEST: '0s',
      CORS_ORIGINS: 'https://a.example.com, http://localhost:3000,',
    });
    expect(settings.port).toBe(8080);
    expect(settings.enos.url).toBe('https://gateway.example.com/prefix');
    expect(settings.operationTimeout).toBe(120_000);
    expect(settings.cache.redisTimeout).toBe(250);
    expect(settings.cache.maxBytes).toBe(1024 ** 3);
    expect(settings.limits.maxBodyBytes).toBe(1000);
    expect(settings.simulator.control).toBe(true);
    expect(settings.graphiql).toBe(false);
    expect(settings.cache.lifetimes.latest).toBe(0);
    expect(settings.corsOrigins).toEqual(['https://a.example.com', 'http://localhost:3000']);
  });

  test('names every variable at fault at once, with what was expected', () => {
    expect(
      problems({
        PORT: '99999',
        OPERATION_TIMEOUT: '15',
        GRAPHIQL: 'maybe',
        ENOS_EDITION: '3',
        MAX_DEPTH: '-1',
      }),
    ).toEqual([
      'PORT: expected a whole number from 0 to 65535, got "99999"',
      'ENOS_EDITION: expected one of 2.1, 2.3, got "3"',
      'OPERATION_TIMEOUT: expected a duration such as 500ms, 60s, 10m, 1h or 1d, at least 1ms, got "15"',
      'MAX_DEPTH: expected a whole number from 1 to 1000, got "-1"',
      'GRAPHIQL: expected on or off (also true, yes, 1 and false, no, 0), got "maybe"',
    ]);
  });

  test.each(['http://127.0.0.1:4100', 'http://localhost:4100/', 'http://[::1]:4100'])(
    'with an EnOS on this machine (%s) the demo credentials apply',
    (url) => {
      expect(loadSettings({ ENOS_URL: url }).enos).toMatchObject({ accessKey: 'demo-access-key' });
    },
  );

  test.each(['http://127.0.0.1.example.com', 'http://localhost.example.com'])(
    '%s is not this machine',
    (url) => {
      expect(problems({ ENOS_URL: url })).toHaveLength(3);
    },
  );

  test('with ENOS_URL elsewhere the demo credentials do not apply', () => {
    expect(problems({ ENOS_URL: 'https://gateway.example.com' })).toEqual([
      'ENOS_ACCESS_KEY: expected a value, since ENOS_URL is not on this machine',
      'ENOS_SECRET_KEY: expected a value, since ENOS_URL is not on this machine',
      'ENOS_ORG_ID: expected a value, since ENOS_URL is not on this machine',
    ]);
  });

  test.each([
    'ftp://gateway.example.com',
    'gateway.example.com',
    'https://user:hunter2@gateway.example.com',
    'https://gateway.example.com/?x=1',
    'https://gateway.example.com/#x',
  ])('refuses %s as the address of EnOS', (url) => {
    expect(problems({ ...REAL_ENOS, ENOS_URL: url })).toEqual([
      expect.stringMatching(
        /^ENOS_URL: expected an http:\/\/ or https:\/\/ address without user, password, query and fragment, got "/,
      ),
    ]);
    expect(problems({ ...REAL_ENOS, ENOS_URL: url }).join()).not.toMatch(/hunter2|x=1/);
  });

  test.each(['*', 'null', 'https://a.example.com/path', 'a.example.com', 'https://a.example.com;https://b'])(
    'refuses %s as an origin',
    (origin) => {
      expect(problems({ CORS_ORIGINS: origin })).toHaveLength(1);
    },
  );

  test.each(['1.5s', '10', '-5s', 's', '25d', '99999999999d'])('refuses %s as a duration', (written) => {
    expect(problems({ ENOS_TIMEOUT: written })).toHaveLength(1);
  });

  test('says what was given, but never what may be secret', () => {
    const env = Object.fromEntries(Object.keys(DEFINITIONS).map((name) => [name, 'hunter2\n\u0007hunter2']));
    const error = problems(env);
    expect(error.length).toBeGreaterThanOrEqual(Object.keys(DEFINITIONS).length);
    const lineOf = (name: string): string => error.find((line) => line.startsWith(`${name}: `)) ?? '';
    for (const [name, definition] of Object.entries(DEFINITIONS)) {
      const isSecret = (definition as Definition<unknown>).secret !== undefined;
      expect(lineOf(name)).toMatch(isSecret ? /got \*\*\*$/ : /got "hunter2\\n\\u0007hunter2"$/);
    }
  });

  test.each([
    [{ REDIS_URL: 'redis//:hunter2@x' }, 'got ***'],
    [{ REDIS_URL: 'rediss://:hunter2 @x' }, 'got rediss://***'],
    [{ CORS_ORIGINS: 'https://user:hunter2@a.example.com' }, 'got "https://***@a.example.com"'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }, 'got ***'],
    [{ PORT: 'x'.repeat(500) }, `got "${'x'.repeat(100)}..."`],
  ])('%j: %s', (env, shown) => {
    const error = problems(env).join('\n');
    expect(error).toContain(shown);
    expect(error).not.toContain('hunter2');
  });
});

describe('describeSettings', () => {
  test('prints every setting as it could be given, secrets masked', () => {
    const lines = describeSettings(
      loadSettings({ ...REAL_ENOS, REDIS_URL: 'rediss://user:hunter2@cache:6380/1' }),
    );
    expect(lines.map((line) => line.split('=')[0])).toEqual(Object.keys(DEFINITIONS));
    expect(lines).toContain('ENOS_SECRET_KEY=***');
    expect(lines).toContain('REDIS_URL=rediss://***@cache:6380/1');
    expect(lines).toContain('CACHE_TTL_ALERT_DEFINITIONS=10m');
    expect(lines.join('\n')).not.toMatch(/very-secret|hunter2/);
  });

  test('what it prints of the defaults gives the defaults again', () => {
    const defaults = loadSettings({});
    const printed = describeSettings(defaults)
      .map((line) => line.split(/=(.*)/s))
      .filter(([name]) => name !== 'ENOS_SECRET_KEY' && name !== 'ENOS_ACCESS_KEY');
    expect(loadSettings(Object.fromEntries(printed) as Record<string, string>)).toEqual(defaults);
  });

  test.each([
    ['redis://localhost:6379', 'redis://localhost:6379'],
    ['redis://:p@localhost/2', 'redis://***@localhost/2'],
    ['redis+sentinel://u:p@a:1,b:2/main?sentinelPassword=x', 'redis+sentinel://***@a:1,b:2/main?***'],
    ['redis://:pa/ss@localhost', 'redis://***'],
    ['redis://:pa@ss@localhost', 'redis://***'],
    ['redis+sentinel://a:1/main?sentinelPassword=x@y', 'redis+sentinel://***'],
    ['redis://:pa?ss@localhost', 'redis://***'],
    ['redis://:pa#ss@localhost', 'redis://***'],
  ])('masks %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });
});

test('docs/configuration.md is what the table of settings says', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  expect(page).toBe(configurationPage());
});

test('in production strangers are told less by default, and what is said counts', () => {
  const production = { NODE_ENV: 'production', AUTH_MODES: 'none', AUTH_NONE_CONFIRMED: 'on' };
  expect(loadSettings(production)).toMatchObject({ graphiql: false, introspection: false, explain: false });
  expect(loadSettings({ ...production, GRAPHIQL: 'on', INTROSPECTION: 'on' })).toMatchObject({
    graphiql: true,
    introspection: true,
    explain: false,
  });
});

test('names below a domain may be named as an origin, half a name not', () => {
  expect(loadSettings({ CORS_ORIGINS: 'https://*.Example.com:8443' }).corsOrigins).toEqual([
    'https://*.example.com:8443',
  ]);
  for (const origin of ['https://*', 'https://*.com', 'https://a.*.com', 'https://*example.com'])
    expect(problems({ CORS_ORIGINS: origin })).toHaveLength(1);
});

test('an allow-list needs its file', () => {
  expect(problems({ DOCUMENTS_ONLY: 'on' })).toEqual([
    'DOCUMENTS_FILE: expected a file, since DOCUMENTS_ONLY is on',
  ]);
});
describe('what is seen', () => {
  test('off, or with a default that harms nobody', () => {
    expect(loadSettings({})).toMatchObject({
      shutdownDelay: 0,
      metrics: { enabled: true, operations: [] },
      traces: { serviceName: 'enos-graphql', sampledShare: 1 },
    });
    expect(loadSettings({}).traces.endpoint).toBeUndefined();
  });

  test('names, shares and headers are read as they are written', () => {
    const { metrics, traces } = loadSettings({
      METRICS_OPERATIONS: 'SiteScreen, AlertList',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,X-Tenant=plant=1',
    });
    expect(metrics.operations).toEqual(['SiteScreen', 'AlertList']);
    expect(traces).toMatchObject({
      sampledShare: 0.25,
      headers: { 'api-key': 'a b', 'x-tenant': 'plant=1' },
    });
  });

  test.each([
    [{ METRICS_OPERATIONS: 'site-screen' }, 'METRICS_OPERATIONS: expected names separated by commas'],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }, 'OTEL_EXPORTER_OTLP_HEADERS: expected headers such as'],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: 'key=%zz-hunter2' },
      'OTEL_EXPORTER_OTLP_HEADERS: expected headers such as',
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: expected an http://'],
  ])('%j is refused, and its value not repeated', (env: Record<string, string>, problem) => {
    const found = problems(env);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
    expect(found.join()).not.toContain('hunter2');
  });

  test('the headers for the collector are never printed', () => {
    const lines = describeSettings(loadSettings({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2' }));
    expect(lines).toContain('OTEL_EXPORTER_OTLP_HEADERS=***');
    expect(lines.join()).not.toContain('hunter2');
  });
});
