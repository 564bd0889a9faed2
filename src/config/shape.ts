/** The settings as the rest of the server reads them. */
import type { SettingValues } from './definitions/definitions.js';
import type { IdentitySettings } from './identity-settings.js';
import type { Lifetimes } from './lifetimes.js';

/** All settings, checked. */
export interface Settings {
  /** Each as it was read, by its name in the environment: what is printed when the server starts. */
  values: SettingValues;
  host: string;
  port: number;
  logLevel: SettingValues['LOG_LEVEL'];
  /** Milliseconds. */
  shutdownTimeout: number;
  identity: IdentitySettings;
  /** Milliseconds. */
  shutdownDelay: number;
  /** Names of variables that look like settings and are none. */
  ignoredVariables: string[];
  enos: {
    /** Absent: start the simulator. */
    url?: string;
    accessKey: string;
    secretKey: string;
    orgId: string;
    edition: SettingValues['ENOS_EDITION'];
    caFile?: string;
    /** Milliseconds. */
    writeLag: number;
    concurrency: number;
    serviceConcurrency: number;
    queueLimit: number;
    retries: number;
    /** Per cent. */
    retryBudget: number;
    breaker: {
      /** Per cent. */
      failures: number;
      calls: number;
      /** Milliseconds. */
      window: number;
      pause: number;
    };
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
    sessionLifetime: number;
    /** Milliseconds after which searches show a write. */
    writeLag: number;
    seed?: number;
    /** Instant in ISO 8601. */
    clock?: string;
    /** A file. */
    faults?: string;
  };
  cache: {
    redisUrl?: string;
    redisCaFile?: string;
    /** What every key begins with, the application's digest behind it. */
    redisPrefix: string;
    /** Milliseconds. */
    redisTimeout: number;
    maxBytes: number;
    /** Milliseconds; 0 is never. */
    staleFor: number;
    /** Milliseconds. */
    staleAfter: number;
    /** Milliseconds; 0 is never. */
    sharedFlight: number;
    lifetimes: Lifetimes;
  };
  answers: {
    /** 0 keeps none. */
    maxBytes: number;
    /** 0 keeps none. */
    maxPartBytes: number;
    share: boolean;
    compression: SettingValues['ANSWERS_COMPRESSED'];
  };
  /** Milliseconds. */
  operationTimeout: number;
  limits: Limits & {
    /** Calls to EnOS of one operation. */
    maxUpstreamCalls: number;
    /** Records of one series in one answer. */
    maxSamples: number;
  };
  writes: {
    enabled: boolean;
    dangerous: boolean;
    /** Mutations of a caller; 0 is any number. */
    perMinute: number;
    /** File; absent: the log of the server. */
    auditLog?: string;
  };
  callers: {
    /** Milliseconds. */
    rateWindow: number;
    /** 0 is any number, as for the next two. */
    rateRequests: number;
    rateCost: number;
    maxConcurrentPerCaller: number;
    maxConcurrent: number;
    maxWaiting: number;
    limitAnybody: boolean;
  };
  overload: {
    /** Milliseconds; 0 is never. */
    maxEventLoopDelay: number;
    maxConnections: number;
    maxHeaderBytes: number;
    /** Milliseconds. */
    headersTimeout: number;
    requestTimeout: number;
    slowClientTimeout: number;
  };
  documents: {
    persistedQueries: boolean;
    /** Bytes of registered operations that one caller may store in Redis in a week. */
    maxCallerBytes: number;
    file?: string;
    only: boolean;
    /** Milliseconds; 0 is no-store. */
    maxAge: number;
    shared: boolean;
  };
  /** Host names; `*.` before one stands for all below it, `*` alone for all. */
  allowedHosts: string[];
  corsOrigins: string[];
  corsHeaders: string[];
  graphiql: boolean;
  introspection: boolean;
  explain: boolean;
  metrics: {
    enabled: boolean;
    /** Names of operations. */
    operations: string[];
  };
  traces: {
    /** Absent: none. */
    endpoint?: string;
    headers?: Record<string, string>;
    serviceName: string;
    /** From 0 to 1. */
    sampledShare: number;
  };
}

/** Bounds of what a caller may ask. */
export interface Limits {
  /** Bytes. */
  maxBodyBytes: number;
  /** Lexical tokens of the document. */
  maxTokens: number;
  maxDepth: number;
  maxRootFields: number;
  /** Fields with an alias, at every level. */
  maxAliases: number;
  maxDirectives: number;
  /** Fields that the answer may hold, estimated. */
  maxCost: number;
  maxVariableDepth: number;
  /** Bytes of the variables as JSON, approximately. */
  maxVariableBytes: number;
  /** Operations in one request; 1 refuses batches. */
  maxBatch: number;
}
