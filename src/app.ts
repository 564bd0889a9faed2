/**
 * The composition root: the only place that knows every part. It makes the parts once per process, and for each request
 * fresh loaders over them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Cache } from './cache/cache.js';
import { createCache } from './cache/create-cache.js';
import type { Settings } from './config/settings.js';
import type { CallAttempt, EnosClient } from './enos/client.js';
import { createEnosClient } from './enos/create-client.js';
import { EnosError } from './enos/errors.js';
import { createGraphContext, type GraphContext } from './graph/context.js';
import { formatError } from './graph/errors/format-error.js';
import { buildGraph } from './graph/schema.js';
import { createLoaders } from './loading/create-loaders.js';
import { explainCalls } from './loading/explain.js';
import type { ExplainEntry, Identity } from './loading/load-context.js';
import { createLoadingRuntime, type LoadingRuntime } from './loading/runtime.js';
import { startLocalEnos, type LocalEnos } from './local-enos.js';
import { createServer } from './server/create-server.js';
import type { PartStatus, RequestInfo } from './server/options.js';

/** A running application. */
export interface App {
  /** Base address, without a slash at the end. */
  url: string;
  /** Finishes what is under way within `graceMs`, then ends everything that the application started. */
  close(graceMs: number): Promise<void>;
}

/** What lives as long as the process. */
interface Parts {
  settings: Settings;
  enos: EnosClient;
  cache: Cache;
  runtime: LoadingRuntime;
  /** Everybody reads with the application's own service account until callers are identified. */
  identity: Identity;
}

/** How long a readiness check may take to get a token. */
const CONNECT_CHECK_MS = 1_500;
const operationsDir = fileURLToPath(new URL('../schema/operations', import.meta.url));

/** Starts everything and resolves once it listens. Rejects when a setting cannot be served or a port is taken. */
export async function startApp(settings: Settings, logger: Logger): Promise<App> {
  const local = settings.enos.url === undefined ? await startLocalEnos(settings) : null;
  if (local) logger.info({ url: local.url }, 'no ENOS_URL: started a local EnOS (the simulator)');
  const registry = new Registry();
  const parts = createParts(settings, settings.enos.url ?? local?.url ?? '', logger, registry);
  try {
    const server = await createServer<GraphContext>({
      schema: buildGraph().schema,
      context: (request) => contextOf(parts, request),
      formatError,
      limits: settings.limits,
      operationTimeout: settings.operationTimeout,
      corsOrigins: settings.corsOrigins,
      graphiql: { enabled: settings.graphiql, operationsDir },
      introspection: settings.introspection,
      explain: settings.explain,
      readiness: () => readiness(parts, local),
      registry,
      logger,
      version: packageVersion(),
    });
    const url = await server.listen(settings.port, settings.host);
    return {
      url,
      close: async (graceMs) => {
        await server.close(graceMs);
        await end(parts, local);
      },
    };
  } catch (error) {
    await end(parts, local);
    throw error;
  }
}

function createParts(settings: Settings, enosUrl: string, logger: Logger, registry: Registry): Parts {
  const { enos, cache } = settings;
  const client = createEnosClient({
    url: enosUrl,
    accessKey: enos.accessKey,
    secretKey: enos.secretKey,
    caFile: enos.caFile,
    timeouts: {
      connect: enos.connectTimeout,
      headers: enos.timeout,
      idle: enos.idleTimeout,
      total: enos.timeout,
    },
    onAttempt: countAttempts(registry),
    logger: (level, message, details) => logger[level](details, message),
  });
  const store = createCache({
    redisUrl: cache.redisUrl,
    maxBytes: cache.maxBytes,
    commandTimeoutMs: cache.redisTimeout,
    tlsCaFile: cache.redisCaFile,
    logger: (level, message, details) => logger[level](details, message),
  });
  measureCache(store, registry);
  return {
    settings,
    enos: client,
    cache: store,
    runtime: createLoadingRuntime(),
    identity: { id: 'service-account', orgId: enos.orgId },
  };
}

/** Fresh loaders for one request, and the explanation where it was asked for. */
function contextOf(parts: Parts, request: RequestInfo): GraphContext {
  const { settings, enos, cache, runtime, identity } = parts;
  const entries: ExplainEntry[] = [];
  const loaders = createLoaders({
    enos,
    cache,
    runtime,
    identity,
    settings: {
      edition: settings.enos.edition,
      lifetimes: settings.cache.lifetimes,
      concurrency: settings.enos.concurrency,
      maxSamples: settings.limits.maxSamples,
    },
    signal: request.signal,
    deadline: request.deadline,
    now: Date.now,
    explain: request.explain ? (entry) => void entries.push(entry) : undefined,
  });
  return createGraphContext({
    loaders,
    identity,
    acceptLanguage: request.acceptLanguage,
    responseExtensions: request.explain ? () => ({ explain: explainCalls(entries) }) : undefined,
  });
}

/** The server can do its work while EnOS lets it in. A cache that is out makes it slower, not unable. */
async function readiness(
  { enos, cache }: Parts,
  local: LocalEnos | null,
): Promise<Record<string, PartStatus>> {
  const cacheWorks = cache.healthy();
  return {
    enos:
      local && !local.alive() ? { ready: false, detail: 'the simulator has ended' } : await enosStatus(enos),
    cache: { ready: true, detail: cacheWorks ? 'working' : 'out of order, going on without' },
  };
}

async function enosStatus(enos: EnosClient): Promise<PartStatus> {
  if (enos.credentialsAccepted() === true) return { ready: true, detail: 'credentials accepted' };
  try {
    await enos.connect({ deadline: Date.now() + CONNECT_CHECK_MS });
    return { ready: true, detail: 'credentials accepted' };
  } catch (error) {
    const refused =
      error instanceof EnosError &&
      (error.kind === 'credentials' || error.kind === 'refused' || error.httpStatus === 401);
    return { ready: false, detail: refused ? 'credentials refused' : 'no answer' };
  }
}

function countAttempts(registry: Registry): (attempt: CallAttempt) => void {
  const calls = new Counter({
    name: 'enos_calls_total',
    help: 'HTTP exchanges with EnOS, by operation and outcome.',
    labelNames: ['operation', 'outcome'] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'enos_call_duration_seconds',
    help: 'Duration of HTTP exchanges with EnOS, by operation.',
    labelNames: ['operation'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return ({ operation, outcome, durationMs }) => {
    calls.inc({ operation, outcome });
    duration.observe({ operation }, durationMs / 1_000);
  };
}

function measureCache(cache: Cache, registry: Registry): void {
  const gauge = new Gauge({
    name: 'cache_state',
    help: 'Counters of the cache since start (hits, misses, failures) and its present size (entries, bytes).',
    labelNames: ['what'] as const,
    registers: [registry],
    collect: () => {
      for (const [what, value] of Object.entries(cache.stats())) {
        if (typeof value === 'number') gauge.set({ what }, value);
      }
    },
  });
}

async function end(parts: Parts, local: LocalEnos | null): Promise<void> {
  await Promise.all([parts.enos.close(), parts.cache.close()]);
  await local?.stop();
}

function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
