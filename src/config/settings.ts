/**
 * The settings of the server, read from the environment once. What each means stands in definitions.ts and, for users,
 * in docs/configuration.md. Durations are milliseconds, sizes bytes.
 */
import { DEFINITIONS } from './definitions.js';
import type { Definition, SettingName, SettingValues } from './definitions.js';

/** All settings, checked. */
export interface Settings {
  host: string;
  port: number;
  logLevel: SettingValues['LOG_LEVEL'];
  /** Milliseconds. */
  shutdownTimeout: number;
  enos: {
    /** Absent: start the simulator. */
    url?: string;
    accessKey: string;
    secretKey: string;
    orgId: string;
    edition: SettingValues['ENOS_EDITION'];
    caFile?: string;
    concurrency: number;
    /** Milliseconds. */
    timeout: number;
    connectTimeout: number;
    idleTimeout: number;
  };
  simulator: {
    port: number;
    world?: string;
    control: boolean;
    /** Seconds. */
    tokenLifetime: number;
    seed?: number;
    /** Instant in ISO 8601. */
    clock?: string;
    /** A file. */
    faults?: string;
  };
  cache: {
    redisUrl?: string;
    redisCaFile?: string;
    /** Milliseconds. */
    redisTimeout: number;
    maxBytes: number;
    /** Milliseconds; 0 is never. */
    lifetimes: {
      models: number;
      assets: number;
      trees: number;
      alertDefinitions: number;
      alerts: number;
      latest: number;
      seriesPast: number;
      seriesTail: number;
      notFound: number;
    };
  };
  /** Milliseconds. */
  operationTimeout: number;
  limits: {
    maxBodyBytes: number;
    maxTokens: number;
    maxDepth: number;
    maxRootFields: number;
    maxCost: number;
    maxVariableDepth: number;
    maxSamples: number;
  };
  corsOrigins: string[];
  graphiql: boolean;
  introspection: boolean;
  explain: boolean;
}

/** The environment does not make sense. The message lists every variable at fault and never repeats a value. */
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
  const given = (name: SettingName): string | undefined => env[name]?.trim() || undefined;
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, definition] of entries()) {
    const written = given(name) ?? definition.fallback;
    if (written === undefined) continue;
    const result = definition.schema.safeParse(written);
    if (result.success) values[name] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  const url = given('ENOS_URL');
  if (url !== undefined && !isLoopback(url)) {
    for (const name of NEEDED_WITH_ENOS_URL) {
      if (given(name) === undefined)
        problems.push(`${name}: expected a value, since ENOS_URL is not on this machine`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  // Every setting has been through its own schema, or has no default and is absent.
  return compose(values as SettingValues);
}

/** The settings as `NAME=value` lines in the order of the documentation, secrets and passwords masked. */
export function describeSettings(settings: Settings): string[] {
  const values = decompose(settings);
  return entries().map(([name, definition]) => `${name}=${describe(definition, values[name])}`);
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}

function describe(definition: Definition<unknown>, value: unknown): string {
  if (value === undefined) return '';
  if (definition.secret === 'hidden') return '***';
  const shown = definition.show(value);
  return definition.secret === 'url' ? maskUrl(shown) : shown;
}

/**
 * An address without what may be secret in it: user and password, and every option after "?". An address with an "@" in
 * any other place has a character left unescaped, and any part of it may be a piece of the password: only its scheme stays.
 */
export function maskUrl(url: string): string {
  const scheme = /^[a-z+]+:\/\//i.exec(url)?.[0] ?? '';
  const match = /^([^@/?#]*@)?([^@/?#]*(?:\/[^@?#]*)?)(\?[^@#]*)?$/.exec(url.slice(scheme.length));
  if (!match) return `${scheme}***`;
  const [, credentials, address = '', options] = match;
  return `${scheme}${credentials === undefined ? '' : '***@'}${address}${options === undefined ? '' : '?***'}`;
}

function entries(): [SettingName, Definition<unknown>][] {
  return Object.entries(DEFINITIONS) as unknown as [SettingName, Definition<unknown>][];
}

function compose(values: SettingValues): Settings {
  return {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    shutdownTimeout: values.SHUTDOWN_TIMEOUT,
    enos: {
      url: values.ENOS_URL,
      accessKey: values.ENOS_ACCESS_KEY,
      secretKey: values.ENOS_SECRET_KEY,
      orgId: values.ENOS_ORG_ID,
      edition: values.ENOS_EDITION,
      caFile: values.ENOS_CA_FILE,
      concurrency: values.ENOS_CONCURRENCY,
      timeout: values.ENOS_TIMEOUT,
      connectTimeout: values.ENOS_CONNECT_TIMEOUT,
      idleTimeout: values.ENOS_IDLE_TIMEOUT,
    },
    simulator: {
      port: values.SIMULATOR_PORT,
      world: values.ENOS_WORLD,
      control: values.SIMULATOR_CONTROL,
      tokenLifetime: values.SIMULATOR_TOKEN_TTL,
      seed: values.SIMULATOR_SEED,
      clock: values.SIMULATOR_CLOCK,
      faults: values.SIMULATOR_FAULTS,
    },
    cache: {
      redisUrl: values.REDIS_URL,
      redisCaFile: values.REDIS_CA_FILE,
      redisTimeout: values.REDIS_TIMEOUT,
      maxBytes: values.CACHE_MAX_BYTES,
      lifetimes: {
        models: values.CACHE_TTL_MODELS,
        assets: values.CACHE_TTL_ASSETS,
        trees: values.CACHE_TTL_TREES,
        alertDefinitions: values.CACHE_TTL_ALERT_DEFINITIONS,
        alerts: values.CACHE_TTL_ALERTS,
        latest: values.CACHE_TTL_LATEST,
        seriesPast: values.CACHE_TTL_SERIES_PAST,
        seriesTail: values.CACHE_TTL_SERIES_TAIL,
        notFound: values.CACHE_TTL_NOT_FOUND,
      },
    },
    operationTimeout: values.OPERATION_TIMEOUT,
    limits: {
      maxBodyBytes: values.MAX_BODY_BYTES,
      maxTokens: values.MAX_TOKENS,
      maxDepth: values.MAX_DEPTH,
      maxRootFields: values.MAX_ROOT_FIELDS,
      maxCost: values.MAX_COST,
      maxVariableDepth: values.MAX_VARIABLE_DEPTH,
      maxSamples: values.MAX_SAMPLES,
    },
    corsOrigins: values.CORS_ORIGINS,
    graphiql: values.GRAPHIQL,
    introspection: values.INTROSPECTION,
    explain: values.EXPLAIN,
  };
}

function decompose(settings: Settings): SettingValues {
  const { enos, simulator, cache, limits } = settings;
  return {
    HOST: settings.host,
    PORT: settings.port,
    LOG_LEVEL: settings.logLevel,
    SHUTDOWN_TIMEOUT: settings.shutdownTimeout,
    ENOS_URL: enos.url,
    ENOS_ACCESS_KEY: enos.accessKey,
    ENOS_SECRET_KEY: enos.secretKey,
    ENOS_ORG_ID: enos.orgId,
    ENOS_EDITION: enos.edition,
    ENOS_CA_FILE: enos.caFile,
    ENOS_CONCURRENCY: enos.concurrency,
    SIMULATOR_PORT: simulator.port,
    ENOS_WORLD: simulator.world,
    SIMULATOR_CONTROL: simulator.control,
    SIMULATOR_TOKEN_TTL: simulator.tokenLifetime,
    SIMULATOR_SEED: simulator.seed,
    SIMULATOR_CLOCK: simulator.clock,
    SIMULATOR_FAULTS: simulator.faults,
    REDIS_URL: cache.redisUrl,
    REDIS_CA_FILE: cache.redisCaFile,
    CACHE_MAX_BYTES: cache.maxBytes,
    CACHE_TTL_MODELS: cache.lifetimes.models,
    CACHE_TTL_ASSETS: cache.lifetimes.assets,
    CACHE_TTL_TREES: cache.lifetimes.trees,
    CACHE_TTL_ALERT_DEFINITIONS: cache.lifetimes.alertDefinitions,
    CACHE_TTL_ALERTS: cache.lifetimes.alerts,
    CACHE_TTL_LATEST: cache.lifetimes.latest,
    CACHE_TTL_SERIES_PAST: cache.lifetimes.seriesPast,
    CACHE_TTL_SERIES_TAIL: cache.lifetimes.seriesTail,
    CACHE_TTL_NOT_FOUND: cache.lifetimes.notFound,
    OPERATION_TIMEOUT: settings.operationTimeout,
    ENOS_TIMEOUT: enos.timeout,
    ENOS_CONNECT_TIMEOUT: enos.connectTimeout,
    ENOS_IDLE_TIMEOUT: enos.idleTimeout,
    REDIS_TIMEOUT: cache.redisTimeout,
    MAX_BODY_BYTES: limits.maxBodyBytes,
    MAX_TOKENS: limits.maxTokens,
    MAX_DEPTH: limits.maxDepth,
    MAX_ROOT_FIELDS: limits.maxRootFields,
    MAX_COST: limits.maxCost,
    MAX_VARIABLE_DEPTH: limits.maxVariableDepth,
    MAX_SAMPLES: limits.maxSamples,
    CORS_ORIGINS: settings.corsOrigins,
    GRAPHIQL: settings.graphiql,
    INTROSPECTION: settings.introspection,
    EXPLAIN: settings.explain,
  };
}
