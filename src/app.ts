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
import type { CallAttempt, EnosClient, ObservableEnosClient } from './enos/client.js';
import { createEnosClient } from './enos/create-client.js';
import { EnosError } from './enos/errors.js';
import { createGraphContext, type GraphContext } from './graph/context.js';
import { formatError } from './graph/errors/format-error.js';
import { buildGraph } from './graph/schema.js';
import { parseMaxStale } from './graph/max-stale.js';
import { createLoaders } from './loading/create-loaders.js';
import { explainCalls } from './loading/explain.js';
import { createCallers, type Callers } from './identify-callers.js';
import type { IdentifiedCaller } from './identity/caller.js';
import type { ExplainEntry, LoadContext } from './loading/load-context.js';
import { createLoadingRuntime, type LoadingRuntime } from './loading/runtime.js';
import { SourceLog } from './loading/sources.js';
import { startLocalEnos, type LocalEnos } from './local-enos.js';
import { createProtection, type Protection } from './protection.js';
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
  enos: ObservableEnosClient;
  cache: Cache;
  runtime: LoadingRuntime;
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
  let protection: Protection | undefined;
  let callers: Callers | undefined;
  try {
    const { schema } = buildGraph();
    const known = (callers = await createCallers(settings, parts.enos, logger));
    protection = await createProtection(settings, schema, logger);
    const { admission, documents, shed } = protection;
    const server = await createServer<GraphContext, IdentifiedCaller>({
      schema,
      identify: known.identify,
      admission,
      documents,
      ...(shed ? { shed } : {}),
      connections: settings.overload,
      context: (request) => contextOf(parts, known, request),
      formatError,
      answers: { ...settings.answers, isCurrent: (tags, asOf) => parts.cache.isCurrent(tags, asOf) },
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
        await protection?.close();
        known.close();
        await end(parts, local);
      },
    };
  } catch (error) {
    await protection?.close();
    callers?.close();
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
    concurrencyPerService: enos.serviceConcurrency,
    queuePerService: enos.queueLimit,
    retries: enos.retries,
    retryBudgetPercent: enos.retryBudget,
    breaker: {
      failurePercent: enos.breaker.failures,
      minimumCalls: enos.breaker.calls,
      window: enos.breaker.window,
      pause: enos.breaker.pause,
    },
    onAttempt: countAttempts(registry),
    logger: (level, message, details) => logger[level](details, message),
  });
  const store = createCache({
    redisUrl: cache.redisUrl,
    maxBytes: cache.maxBytes,
    commandTimeoutMs: cache.redisTimeout,
    writeLagMs: enos.writeLag,
    tlsCaFile: cache.redisCaFile,
    logger: (level, message, details) => logger[level](details, message),
  });
  measureCache(store, registry);
  return {
    settings,
    enos: client,
    cache: store,
    runtime: createLoadingRuntime(),
  };
}

/** Fresh loaders for one request, guarded for its caller, and the explanation where it was asked for. */
function contextOf(parts: Parts, callers: Callers, request: RequestInfo<IdentifiedCaller>): GraphContext {
  const { settings, enos, cache, runtime } = parts;
  const { caller } = request;
  const entries: ExplainEntry[] = [];
  const sources = new SourceLog(cache.readToken());
  const { headers } = request.req;
  const wantsFreshness = headers['x-enos-freshness'] === '1';
  const loading: LoadContext = {
    enos,
    cache,
    runtime,
    ...callers.identitiesOf(caller),
    settings: {
      edition: settings.enos.edition,
      lifetimes: settings.cache.lifetimes,
      stale: { for: settings.cache.staleFor, after: settings.cache.staleAfter },
      concurrency: settings.enos.concurrency,
      maxSamples: settings.limits.maxSamples,
      maxCalls: settings.limits.maxUpstreamCalls,
    },
    signal: request.signal,
    deadline: request.deadline,
    now: Date.now,
    sources,
    explain: request.explain ? (entry) => void entries.push(entry) : undefined,
    maxStale: parseMaxStale(headers['x-enos-max-stale']),
  };
  return createGraphContext({
    loaders: callers.guard(createLoaders(loading), caller, (until) => sources.limit(until)),
    identity: callers.graphIdentity(caller),
    acceptLanguage: request.acceptLanguage,
    sources: () => sources.sum(),
    partOf: (value) => sources.partOf(value),
    limitStale: (maxStale) => {
      loading.maxStale = Math.min(loading.maxStale ?? Infinity, maxStale);
    },
    // Whoever is served something stale is told so, asked or not.
    responseExtensions: () => ({
      ...(request.explain ? { explain: explainCalls(entries) } : {}),
      ...(wantsFreshness || sources.hasStale ? { freshness: sources.summary() } : {}),
    }),
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
    const refused = error instanceof EnosError && (error.kind === 'credentials' || error.kind === 'refused');
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
