/**
 * The settings of the server, read from the environment once. What each means stands in definitions.ts and, for users,
 * in docs/configuration.md. Durations are milliseconds, sizes bytes.
 */
import { DEFINITIONS, type SettingName, type SettingValues } from './definitions/definitions.js';
import { type Definition, maskUrl, shownAsGiven } from './definitions/definition.js';
import { ENTITY_LIFETIMES, type LifetimeName } from './definitions/cache-definitions.js';
import { composeIdentity, identityProblems, type IdentityValues } from './identity-settings.js';
import { isLoopbackHost } from './definitions/values.js';
import type { Settings } from './shape.js';
import { isServiceLink, unknownVariables } from './unknown-variables.js';

export type { IdentitySettings } from './identity-settings.js';
export { maskUrl } from './definitions/definition.js';
export type { Settings } from './shape.js';

/** The environment does not make sense. The message lists every variable at fault, with what was given unless it may be secret. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(['The settings are not usable:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'SettingsError';
  }
}

/** The demo credentials open a simulator on this machine; sending them to a gateway elsewhere can only be a slip. */
const NEEDED_WITH_ENOS_URL = ['ENOS_ACCESS_KEY', 'ENOS_SECRET_KEY', 'ENOS_ORG_ID'] as const;

/**
 * Reads and checks all settings. Variables that are empty or blank count as absent. Throws SettingsError, which names
 * everything that is wrong at once.
 */
export function loadSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = (name: SettingName): string | undefined => {
    const value = env[name]?.trim() || undefined;
    return value === undefined || isServiceLink(name, value) ? undefined : value;
  };
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  const isProduction = env['NODE_ENV']?.trim() === 'production';
  for (const [name, definition] of entries()) {
    const absent = (isProduction ? definition.inProduction : undefined) ?? definition.fallback;
    const written = given(name) ?? absent;
    if (written === undefined) continue;
    const result = definition.schema.safeParse(written);
    if (result.success) values[name] = result.data;
    else {
      const shown = shownAsGiven(definition, written);
      problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}, got ${shown}`));
    }
  }
  problems.push(...slips(env, values.IGNORED_VARIABLES as string[] | undefined));
  const url = given('ENOS_URL');
  if (url !== undefined && !isLoopback(url)) {
    for (const name of NEEDED_WITH_ENOS_URL) {
      if (given(name) === undefined)
        problems.push(`${name}: expected a value, since ENOS_URL is not on this machine`);
    }
  }
  if (values.DOCUMENTS_ONLY === true && values.DOCUMENTS_FILE === undefined)
    problems.push('DOCUMENTS_FILE: expected a file, since DOCUMENTS_ONLY is on');
  problems.push(
    ...identityProblems(values as Partial<IdentityValues>, {
      production: env['NODE_ENV'] === 'production',
      loopback: isLoopbackHost(given('HOST') ?? DEFINITIONS.HOST.fallback),
      modesGiven: given('AUTH_MODES') !== undefined,
    }),
  );
  if (problems.length > 0) throw new SettingsError(problems);
  // Every setting has been through its own schema, or has no default and is absent.
  return compose(values as SettingValues);
}

/** The settings as `NAME=value` lines in the order of the documentation, secrets and passwords masked. */
export function describeSettings(settings: Settings): string[] {
  return entries().map(([name, definition]) => `${name}=${describe(definition, settings.values[name])}`);
}

function slips(env: Readonly<Record<string, string | undefined>>, ignored: string[] = []): string[] {
  return unknownVariables(env, Object.keys(DEFINITIONS), ignored).map(
    ({ name, nearest }) =>
      `${name}: there is no such setting, the nearest is ${nearest}; if it is meant for another program, name it in IGNORED_VARIABLES`,
  );
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}

function describe(definition: Definition<unknown>, value: unknown): string {
  if (value === undefined) return '';
  if (definition.secret === 'hidden') return '***';
  const shown = definition.show(value);
  return definition.secret === 'url' ? maskUrl(shown) : shown;
}

function entries(): [SettingName, Definition<unknown>][] {
  return Object.entries(DEFINITIONS) as unknown as [SettingName, Definition<unknown>][];
}

function lifetimesOf(values: SettingValues): Record<string, number> {
  const names = Object.keys(ENTITY_LIFETIMES) as LifetimeName[];
  return Object.fromEntries(names.map((name) => [name, values[name]!]));
}

/** Whether all who reach the server are known, or can change no more than a world of our own. */
function servesMutations({ AUTH_MODES, ENOS_URL, HOST }: SettingValues): boolean {
  return !AUTH_MODES.includes('none') || (ENOS_URL === undefined && isLoopbackHost(HOST));
}

function compose(values: SettingValues): Settings {
  const mutations = values.MUTATIONS ?? servesMutations(values);
  return {
    values: { ...values, MUTATIONS: mutations },
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    shutdownTimeout: values.SHUTDOWN_TIMEOUT,
    identity: composeIdentity(values),
    shutdownDelay: values.SHUTDOWN_DELAY,
    enos: {
      url: values.ENOS_URL,
      accessKey: values.ENOS_ACCESS_KEY,
      secretKey: values.ENOS_SECRET_KEY,
      orgId: values.ENOS_ORG_ID,
      edition: values.ENOS_EDITION,
      caFile: values.ENOS_CA_FILE,
      writeLag: values.ENOS_WRITE_LAG,
      concurrency: values.ENOS_CONCURRENCY,
      serviceConcurrency: values.ENOS_SERVICE_CONCURRENCY,
      queueLimit: values.ENOS_QUEUE_LIMIT,
      retries: values.ENOS_RETRIES,
      retryBudget: values.ENOS_RETRY_BUDGET,
      breaker: {
        failures: values.ENOS_BREAKER_FAILURES,
        calls: values.ENOS_BREAKER_CALLS,
        window: values.ENOS_BREAKER_WINDOW,
        pause: values.ENOS_BREAKER_PAUSE,
      },
      timeout: values.ENOS_TIMEOUT,
      connectTimeout: values.ENOS_CONNECT_TIMEOUT,
      idleTimeout: values.ENOS_IDLE_TIMEOUT,
    },
    simulator: {
      port: values.SIMULATOR_PORT,
      world: values.ENOS_WORLD,
      control: values.SIMULATOR_CONTROL,
      tokenLifetime: values.SIMULATOR_TOKEN_TTL,
      sessionLifetime: values.SIMULATOR_SESSION_TTL,
      writeLag: values.SIMULATOR_WRITE_LAG,
      seed: values.SIMULATOR_SEED,
      clock: values.SIMULATOR_CLOCK,
      faults: values.SIMULATOR_FAULTS,
    },
    cache: {
      redisUrl: values.REDIS_URL,
      redisCaFile: values.REDIS_CA_FILE,
      redisPrefix: values.REDIS_PREFIX,
      redisTimeout: values.REDIS_TIMEOUT,
      maxBytes: values.CACHE_MAX_BYTES,
      staleFor: values.CACHE_STALE_FOR,
      staleAfter: values.CACHE_STALE_AFTER,
      sharedFlight: values.CACHE_SHARED_FLIGHT,
      lifetimes: {
        trees: values.CACHE_TTL_TREES,
        latest: values.CACHE_TTL_LATEST,
        seriesPast: values.CACHE_TTL_SERIES_PAST,
        seriesTail: values.CACHE_TTL_SERIES_TAIL,
        seriesLateData: values.SERIES_LATE_DATA,
        notFound: values.CACHE_TTL_NOT_FOUND,
        entities: lifetimesOf(values),
      },
    },
    answers: {
      maxBytes: values.ANSWERS_MAX_BYTES,
      maxPartBytes: values.ANSWERS_MAX_PART_BYTES,
      share: values.ANSWERS_SHARED,
      compression: values.ANSWERS_COMPRESSED,
    },
    operationTimeout: values.OPERATION_TIMEOUT,
    limits: {
      maxBodyBytes: values.MAX_BODY_BYTES,
      maxTokens: values.MAX_TOKENS,
      maxDepth: values.MAX_DEPTH,
      maxRootFields: values.MAX_ROOT_FIELDS,
      maxAliases: values.MAX_ALIASES,
      maxDirectives: values.MAX_DIRECTIVES,
      maxCost: values.MAX_COST,
      maxVariableDepth: values.MAX_VARIABLE_DEPTH,
      maxVariableBytes: values.MAX_VARIABLE_BYTES,
      maxBatch: values.MAX_BATCH,
      maxUpstreamCalls: values.MAX_UPSTREAM_CALLS,
      maxSamples: values.MAX_SAMPLES,
    },
    writes: {
      enabled: mutations,
      dangerous: values.MUTATIONS_DANGEROUS,
      perMinute: values.RATE_LIMIT_WRITES,
      auditLog: values.AUDIT_LOG,
    },
    callers: {
      rateWindow: values.RATE_LIMIT_WINDOW,
      rateRequests: values.RATE_LIMIT_REQUESTS,
      rateCost: values.RATE_LIMIT_COST,
      maxConcurrentPerCaller: values.MAX_CONCURRENT_PER_CALLER,
      maxConcurrent: values.MAX_CONCURRENT,
      maxWaiting: values.MAX_WAITING,
      limitAnybody: values.LIMIT_ANYBODY,
    },
    overload: {
      maxEventLoopDelay: values.MAX_EVENT_LOOP_DELAY,
      maxConnections: values.MAX_CONNECTIONS,
      maxHeaderBytes: values.MAX_HEADER_BYTES,
      headersTimeout: values.HEADERS_TIMEOUT,
      requestTimeout: values.REQUEST_TIMEOUT,
      slowClientTimeout: values.SLOW_CLIENT_TIMEOUT,
    },
    documents: {
      persistedQueries: values.PERSISTED_QUERIES,
      maxCallerBytes: values.PERSISTED_QUERIES_MAX_BYTES,
      file: values.DOCUMENTS_FILE,
      only: values.DOCUMENTS_ONLY,
      maxAge: values.DOCUMENTS_MAX_AGE,
      shared: values.DOCUMENTS_SHARED,
    },
    ignoredVariables: values.IGNORED_VARIABLES,
    allowedHosts: values.ALLOWED_HOSTS,
    corsOrigins: values.CORS_ORIGINS,
    corsHeaders: values.CORS_HEADERS,
    graphiql: values.GRAPHIQL,
    introspection: values.INTROSPECTION,
    explain: values.EXPLAIN,
    metrics: { enabled: values.METRICS, operations: values.METRICS_OPERATIONS },
    traces: {
      endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: values.OTEL_EXPORTER_OTLP_HEADERS,
      serviceName: values.OTEL_SERVICE_NAME,
      sampledShare: values.OTEL_TRACES_SAMPLER_ARG,
    },
  };
}
