/**
 * The composition root: the only place that knows every part. It makes the parts once per process, and for each request
 * fresh loaders over them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Cache } from './cache/cache.js';
import { createCache } from './cache/create-cache.js';
import { keyPrefixOf } from './cache/key-prefix.js';
import { systemClock } from './cache/record.js';
import { isLoopbackHost } from './config/definitions/values.js';
import type { Settings } from './config/settings.js';
import type { EnosClient, ObservableEnosClient } from './enos/client.js';
import { createEnosClient } from './enos/create-client.js';
import { createGraphContext, type GraphContext } from './graph/context.js';
import { formatError } from './graph/errors/format-error.js';
import { buildGraph } from './graph/schema.js';
import { watchFields } from './graph/watched.js';
import { parseMaxStale } from './graph/freshness.js';
import { warningsOf } from './graph/warnings.js';
import { planOperation } from './graph/plan/plan-operation.js';
import { openAuditLog, type AuditLog } from './audit.js';
import { createLoaders } from './loading/create-loaders.js';
import { explainCalls } from './loading/request/explain.js';
import type { Loaders } from './loading/loaders.js';
import { createCallers, type Callers } from './identify-callers.js';
import type { IdentifiedCaller } from './identity/caller.js';
import type { ExplainEntry, LoadContext } from './loading/load-context.js';
import { createLoadingRuntime, type LoadingRuntime } from './loading/runtime.js';
import { QueryPaths } from './loading/request/query-path.js';
import { SourceLog } from './loading/request/sources.js';
import { startLocalEnos, type LocalEnos } from './local-enos.js';
import { measure } from './observability/measure.js';
import { createReadiness } from './observability/readiness.js';
import { startTracing } from './observability/tracing/start.js';
import { tracedClient, type Tracing } from './observability/tracing/tracing.js';
import { createProtection, type Protection } from './protection.js';
import type { WriteRate } from './server/admission/write-rate.js';
import { createServer } from './server/create-server.js';
import type { RequestInfo, ServerOptions } from './server/options.js';
import { requestState } from './server/request-state.js';

/** A running application. */
export interface App {
  /** Base address, without a slash at the end. */
  url: string;
  /**
   * Goes on for `delayMs`, not ready any more, so that balancers notice; then finishes what is under way within `graceMs`,
   * and ends everything that the application started.
   */
  close(graceMs: number, delayMs?: number): Promise<void>;
}

/** What lives as long as the process. */
interface Parts {
  settings: Settings;
  enos: ObservableEnosClient;
  /** The same, for calls on behalf of requests that may be traced. */
  traced: EnosClient;
  cache: Cache;
  runtime: LoadingRuntime;
}

const operationsDir = fileURLToPath(new URL('../schema/operations', import.meta.url));

/** Starts everything and resolves once it listens. Rejects when a setting cannot be served or a port is taken. */
export async function startApp(settings: Settings, logger: Logger): Promise<App> {
  const local = settings.enos.url === undefined ? await startLocalEnos(settings) : null;
  if (local) logger.info({ url: local.url }, 'no ENOS_URL: started a local EnOS (the simulator)');
  const version = packageVersion();
  const tracing = await startTracing({ ...settings.traces, version }, (level, message) =>
    logger[level](message),
  );
  const parts = createParts(settings, settings.enos.url ?? local?.url ?? '', logger, tracing);
  const registry = new Registry();
  const { metrics } = settings;
  const stopMeasuring = metrics.enabled ? measure({ ...parts, version }, registry) : undefined;
  let protection: Protection | undefined;
  let callers: Callers | undefined;
  const endAll = async (): Promise<void> => {
    await protection?.close();
    callers?.close();
    await end(parts, local);
    stopMeasuring?.();
    await tracing?.close();
  };
  try {
    const { schema } = buildGraph();
    let watched: GraphQLSchema | undefined;
    const known = (callers = await createCallers(settings, parts.enos, logger));
    protection = await createProtection(settings, schema, logger);
    const { admission, documents, shed, writeRate } = protection;
    const audit = openAuditLog(settings.writes.auditLog, logger);
    const server = await createServer<GraphContext, IdentifiedCaller>({
      schema,
      watchedSchema: () => (watched ??= watchFields(buildGraph().schema)),
      identify: known.identify,
      admission,
      documents,
      ...(shed ? { shed } : {}),
      connections: settings.overload,
      context: (request) => contextOf(parts, known, request, { rate: writeRate, audit }),
      formatError,
      answers: { ...settings.answers, isCurrent: (tags, asOf) => parts.cache.isCurrent(tags, asOf) },
      limits: settings.limits,
      operationTimeout: settings.operationTimeout,
      ...allowedHosts(settings),
      corsOrigins: settings.corsOrigins,
      corsHeaders: settings.corsHeaders,
      graphiql: { enabled: settings.graphiql, operationsDir },
      introspection: settings.introspection,
      explain: settings.explain,
      planOperation: (asked) =>
        planOperation({ schema, ...asked, settings: { edition: settings.enos.edition } }),
      readiness: createReadiness({ ...parts, localEnosAlive: local ? () => local.alive() : undefined }),
      registry,
      metrics: metrics.enabled,
      knownOperations: metrics.operations,
      logger,
      version,
    });
    const url = await server.listen(settings.port, settings.host);
    return {
      url,
      close: async (graceMs, delayMs) => {
        await server.close(graceMs, delayMs);
        await endAll();
      },
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}

/** Without authentication, the host name that a page used is all that tells a hostile page from a permitted one. */
function allowedHosts({
  allowedHosts: names,
  host,
  identity,
}: Settings): Pick<ServerOptions<GraphContext>, 'allowedHosts'> {
  if (names.length === 0 && !identity.modes.includes('none')) return {};
  return { allowedHosts: { names, loopbackOnly: isLoopbackHost(host) } };
}

function createParts(
  settings: Settings,
  enosUrl: string,
  logger: Logger,
  tracing: Tracing | undefined,
): Parts {
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
    logger: (level, message, details) => logger[level](details, message),
  });
  const store = createCache({
    redisUrl: cache.redisUrl,
    keyPrefix: keyPrefixOf(cache.redisPrefix, enos.accessKey),
    maxBytes: cache.maxBytes,
    commandTimeoutMs: cache.redisTimeout,
    writeLagMs: enos.writeLag,
    sharedFlightMs: cache.sharedFlight,
    tlsCaFile: cache.redisCaFile,
    logger: (level, message, details) => logger[level](details, message),
  });
  return {
    settings,
    enos: client,
    traced: tracedClient(client, tracing),
    cache: store,
    runtime: createLoadingRuntime({ writeLag: enos.writeLag }),
  };
}

/**
 * The signal of a request, made when the first call is: most answers need none. An accessor of a class, not of an object
 * literal: for each of those the engine makes a hidden class, which lives until the whole heap is collected, and with it all
 * that the accessor can reach.
 */
class SignalWhenAsked {
  constructor(private readonly request: Pick<RequestInfo<IdentifiedCaller>, 'signal'>) {}

  get signal(): AbortSignal {
    return this.request.signal;
  }
}

/** Fresh loaders for one request, guarded for its caller, and the explanation where it was asked for. */
function contextOf(
  parts: Parts,
  callers: Callers,
  request: RequestInfo<IdentifiedCaller>,
  { rate, audit }: { rate: WriteRate; audit: AuditLog },
): GraphContext {
  const { settings, traced, cache, runtime } = parts;
  const { caller } = request;
  const entries: ExplainEntry[] = [];
  const state = requestState(request.req);
  // Of a caller who has left already, no end would be heard any more.
  const paths = request.explain && !state.res.closed ? new QueryPaths() : undefined;
  if (paths) state.res.once('close', () => paths.end());
  const sources = new SourceLog(cache.readToken());
  const { headers } = request.req;
  const wantsFreshness = headers['x-enos-freshness'] === '1';
  const loading: LoadContext = Object.assign<SignalWhenAsked, Omit<LoadContext, 'signal'>>(
    new SignalWhenAsked(request),
    {
      enos: traced,
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
      deadline: request.deadline,
      caller: caller.id,
      writes: {
        ...settings.writes,
        admit: (count) => rate.take(caller.id, count),
        audit: (entry) =>
          audit.write({ caller: caller.id, kind: caller.kind, requestId: request.requestId }, entry),
      },
      now: systemClock.wall,
      sources,
      onAttempt: () => {
        state.calls += 1;
      },
      explain: request.explain ? (entry) => void entries.push(entry) : undefined,
      queryPath: paths && (() => paths.current()),
      maxStale: parseMaxStale(headers['x-enos-max-stale']),
      renews: request.renews,
    },
  );
  const makeLoaders = (): Loaders =>
    callers.guard(createLoaders(loading), caller, (until) => sources.limit(until));
  return createGraphContext({
    loaders: makeLoaders(),
    makeLoaders,
    identity: callers.graphIdentity(caller),
    acceptLanguage: request.acceptLanguage,
    aroundField: paths && (({ path }, resolve) => paths.around(path, resolve)),
    sources: () => sources.sum(),
    // An explanation is to show every read.
    sourceMarks: () => (request.explain || wantsFreshness ? undefined : sources),
    partOf: (value) => sources.partOf(value),
    showsAge: () => sources.limit(0),
    limitStale: (maxStale) => {
      loading.maxStale = Math.min(loading.maxStale ?? Infinity, maxStale);
    },
    remark: (what) => sources.remark(what),
    answerExtensions: () => {
      const warnings = warningsOf(sources.remarks);
      return warnings.length === 0 ? {} : { warnings };
    },
    // Stale values are always said to be stale.
    responseExtensions: () => ({
      ...(request.explain ? { explain: explainCalls(entries) } : {}),
      ...(wantsFreshness || sources.hasStale ? { freshness: sources.summary() } : {}),
    }),
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
