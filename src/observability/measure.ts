import { type Registry, Counter, Gauge } from 'prom-client';
import type { Cache } from '../cache/cache.js';
import type { EnosClient } from '../enos/client.js';
import type { LoadingRuntime } from '../loading/runtime.js';
import { measureCache } from './metrics/cache.js';
import { measureEnos } from './metrics/enos.js';
import { measureLoading } from './metrics/loading.js';
import { performance } from 'node:perf_hooks';

/** The parts of a process that are measured; the HTTP side measures itself (server/metrics/metrics.ts). */
export interface MeasuredParts {
  enos: EnosClient;
  cache: Cache;
  runtime: LoadingRuntime;
  version: string;
}

/** Registers everything that the parts have to count, once per registry. Returns how to stop. */
export function measure({ enos, cache, runtime, version }: MeasuredParts, registry: Registry): () => void {
  measureProcess(version, registry);
  measureCache(cache, registry);
  measureLoading(runtime, registry);
  return measureEnos(enos, registry);
}

/** Registers them, once per registry. */
export function measureProcess(version: string, registry: Registry): void {
  new Gauge({
    name: 'enos_graphql_build_info',
    help: 'Always 1; the version of the server and of Node stand in the labels.',
    labelNames: ['version', 'node'] as const,
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
  // As a counter, so that every scraper works out the share over a window of its own: rate() is the utilisation.
  new Counter({
    name: 'nodejs_eventloop_active_seconds_total',
    help: 'Time that the event loop was not idle. Its rate is the utilisation: at 1 the server can do no more.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1_000);
    },
  });
}
