/** A slip in the name of a setting ends the start; what platforms set does not. */
import { DEFINITIONS } from '../../src/config/definitions/definitions.js';
import { loadSettings, SettingsError } from '../../src/config/settings.js';
import { OWN_PREFIXES } from '../../src/config/unknown-variables.js';

function problems(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

test.each([
  ['AUTH_MODE', 'AUTH_MODES'],
  ['auth_modes', 'AUTH_MODES'],
  ['AUTH_JWT_ISSUERS', 'AUTH_JWT_ISSUER'],
  ['AUHT_MODES', 'AUTH_MODES'],
  ['ENOS_ACCESSKEY', 'ENOS_ACCESS_KEY'],
  ['ENOS_KEY', 'ENOS_'],
  ['REDIS_URI', 'REDIS_URL'],
  ['REDIS_PREFX', 'REDIS_PREFIX'],
  ['CACHE_TTL_ASSET', 'CACHE_TTL_ASSETS'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['MAX_COSTS', 'MAX_COST'],
  ['INTROSPECION', 'INTROSPECTION'],
  ['GRAPHIQ', 'GRAPHIQL'],
  ['METRIC', 'METRICS'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['RATE_LIMIT_REQUEST', 'RATE_LIMIT_REQUESTS'],
  ['ALLOWED_HOST', 'ALLOWED_HOSTS'],
])('%s is a slip for %s', (name, nearest) => {
  const [problem, ...others] = problems({ [name]: 'hunter2' });
  expect(others).toEqual([]);
  expect(problem).toMatch(new RegExp(`^${name}: there is no such setting, the nearest is ${nearest}`));
  expect(problem).not.toContain('hunter2');
});

test('a slip is found beside the right name too, and all of them at once; without a value it is none', () => {
  expect(
    problems({ AUTH_MODES: 'none', AUTH_MODE: 'jwt', PORT: 'x', ENOS_FOO: '1', CACHE_FOO: ' ' }),
  ).toEqual([
    expect.stringMatching(/^PORT: /),
    expect.stringMatching(/^AUTH_MODE: /),
    expect.stringMatching(/^ENOS_FOO: /),
  ]);
});

/** What Kubernetes tells every pod of a service. */
function serviceLinks(service: string, port: number): Record<string, string> {
  const name = service.toUpperCase().replaceAll('-', '_');
  return {
    [`${name}_SERVICE_HOST`]: '10.0.0.11',
    [`${name}_SERVICE_PORT`]: String(port),
    [`${name}_SERVICE_PORT_HTTP`]: String(port),
    [`${name}_PORT`]: `tcp://10.0.0.11:${port}`,
    [`${name}_PORT_${port}_TCP`]: `tcp://10.0.0.11:${port}`,
    [`${name}_PORT_${port}_TCP_PROTO`]: 'tcp',
    [`${name}_PORT_${port}_TCP_PORT`]: String(port),
    [`${name}_PORT_${port}_TCP_ADDR`]: '10.0.0.11',
  };
}

test.each([
  ...OWN_PREFIXES.map((prefix) => prefix.slice(0, -1)),
  'enos-graphql',
  'enos',
  'redis',
  'simulator',
  'max',
])('links to a Kubernetes service named %s do not break the start, nor set anything', (service) => {
  expect(loadSettings(serviceLinks(service, 4100))).toEqual(loadSettings({}));
});

test.each<[string, Record<string, string>]>([
  [
    'a shell under systemd',
    {
      HOME: '/',
      HOSTNAME: 'a',
      LOGNAME: 'a',
      PATH: '/bin',
      SHELL: 'sh',
      LANG: 'C',
      CACHE_DIRECTORY: '/var/cache/a',
      LISTEN_FDS: '1',
      INVOCATION_ID: '1',
    },
  ],
  [
    'npm and Node',
    {
      npm_package_name: 'enos-graphql',
      npm_config_cache: '/x',
      npm_lifecycle_event: 'start',
      NODE_OPTIONS: '-',
      NODE_ENV: 'test',
      NODE_VERSION: '24',
    },
  ],
  [
    'Docker images and charts of Redis',
    { REDIS_HOST: 'r', REDIS_PORT: '6379', REDIS_PASSWORD: 'x', REDIS_TLS_URL: 'x', REDIS_VERSION: '7' },
  ],
  [
    'Cloud Run, Heroku, Azure',
    { PORT: '8080', K_SERVICE: 'a', DYNO: 'web.1', APPSETTING_AUTH_MODES: 'x', WEBSITE_HOSTNAME: 'a' },
  ],
  [
    'OpenTelemetry',
    {
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_RESOURCE_ATTRIBUTES: 'a=b',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a',
    },
  ],
  [
    'others',
    {
      MAX_OLD_SPACE: '1',
      HTTPS_PROXY: 'x',
      http_proxy: 'x',
      SSL_CERT_FILE: 'x',
      TZ: 'UTC',
      GRAFANA_URL: 'x',
    },
  ],
])('variables of %s do not break the start', (_who, env) => {
  expect(problems(env)).toEqual([]);
});

test('IGNORED_VARIABLES names what is meant for other programs', () => {
  const env = { ENOS_REGION: 'eu', CACHE_DIR: '/tmp' };
  expect(problems(env)).toHaveLength(2);
  expect(loadSettings({ ...env, IGNORED_VARIABLES: 'ENOS_REGION, CACHE_DIR' })).toMatchObject({
    ignoredVariables: ['ENOS_REGION', 'CACHE_DIR'],
  });
});

test('no setting is taken for a slip of another', () => {
  for (const name of Object.keys(DEFINITIONS))
    expect(problems({ [name]: 'x' }).filter((line) => line.includes('no such setting'))).toEqual([]);
});
