/** A context of loading over a running simulator, or over scripted answers, that writes down every call to EnOS. */
import { MemoryCache } from '../../src/cache/memory-cache.js';
import type { CallOptions, EnosClient, Reply } from '../../src/enos/client.js';
import type { Arguments, OperationId } from '../../src/enos/operation.js';
import type { LoadContext, LoadingSettings } from '../../src/loading/load-context.js';
import { createLoadingRuntime } from '../../src/loading/runtime.js';

/** One call as the loaders made it. */
export interface RecordedCall {
  operation: OperationId;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Contexts of requests that share cache and client, and the calls that they made. */
export interface RecordedLoading {
  /** A fresh request. */
  request(): LoadContext;
  calls: RecordedCall[];
  /** Operations called so far, short names in order, and forgets them. */
  taken(): string[];
}

/** What the contexts are told. */
export interface RecordedLoadingOptions {
  orgId: string;
  now: () => number;
  settings?: Partial<LoadingSettings>;
}

const SETTINGS: LoadingSettings = {
  edition: '2.3',
  lifetimes: {
    models: 3_600_000,
    assets: 60_000,
    trees: 60_000,
    latest: 2_000,
    seriesPast: 3_600_000,
    seriesTail: 5_000,
    seriesLateData: 300_000,
    notFound: 5_000,
  },
  concurrency: 16,
  maxSamples: 20_000,
};

/** Loading from a function that answers with the whole envelope, or throws. */
export function scriptedLoading(
  answer: (call: RecordedCall) => Record<string, unknown>,
  options: RecordedLoadingOptions,
): RecordedLoading {
  const client: EnosClient = {
    gateway: 'http://scripted.example',
    call: async <Id extends OperationId>(operation: Id, args: Arguments<Id>): Promise<Reply<Id>> => {
      const body = answer(callOf(operation, args));
      const reply: unknown = { data: body['data'], body, requestId: body['requestId'] ?? null };
      return reply as Reply<Id>;
    },
    credentialsAccepted: () => true,
    connect: async () => undefined,
    close: async () => undefined,
  };
  return recordedLoading(client, options);
}

/** Loading through a client, which the caller closes. Every one has a cache of its own. */
export function recordedLoading(
  client: EnosClient,
  { orgId, now, settings }: RecordedLoadingOptions,
): RecordedLoading {
  const calls: RecordedCall[] = [];
  const enos: EnosClient = {
    gateway: client.gateway,
    ...(client.maxResponseBytes === undefined ? {} : { maxResponseBytes: client.maxResponseBytes }),
    call: (operation, args, callOptions?: CallOptions) => {
      calls.push(callOf(operation, args));
      return client.call(operation, args, callOptions);
    },
    credentialsAccepted: () => client.credentialsAccepted(),
    connect: (callOptions) => client.connect(callOptions),
    close: () => client.close(),
  };
  const cache = new MemoryCache({ maxBytes: 64 * 1024 * 1024 });
  const runtime = createLoadingRuntime();
  return {
    calls,
    request: () => ({
      enos,
      cache,
      runtime,
      identity: { id: 'service-account', orgId },
      settings: { ...SETTINGS, ...settings },
      now,
    }),
    taken: () => calls.splice(0).map(({ operation }) => operation.replace(/^.*\./, '')),
  };
}

function callOf(operation: OperationId, args: { query?: unknown; body?: unknown }): RecordedCall {
  return {
    operation,
    query: (args.query ?? {}) as Record<string, unknown>,
    body: (args.body ?? {}) as Record<string, unknown>,
  };
}
