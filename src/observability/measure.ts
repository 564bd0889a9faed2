import type { Registry } from 'prom-client';
import type { Cache } from '../cache/cache.js';
import type { EnosClient } from '../enos/client.js';
import type { LoadingRuntime } from '../loading/runtime.js';
import { measureCache } from './metrics/cache.js';
import { measureEnos } from './metrics/enos.js';
import { measureLoading } from './metrics/loading.js';
import { measureProcess } from './metrics/process.js';

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
