/** What is counted of loading: calls that wait for a place in this process. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { LoadingRuntime } from '../../loading/runtime.js';

/** Registers the metrics of loading, once per registry. */
export function measureLoading(runtime: LoadingRuntime, registry: Registry): void {
  new Gauge({
    name: 'loading_calls',
    help: 'Calls to EnOS that this process has under way, and that wait for a place, over all services.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      this.set({ state: 'active' }, runtime.calls.active);
      this.set({ state: 'waiting' }, runtime.calls.waiting);
    },
  });
  new Counter({
    name: 'loading_keys_read_total',
    help: 'Keys read, by kind and by what answered: process and redis are tiers of the cache, shared: another replica was fetching it, enos was asked.',
    labelNames: ['kind', 'from'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, { process, redis, shared, fetched }] of runtime.reads.all()) {
        this.inc({ kind, from: 'process' }, process);
        this.inc({ kind, from: 'redis' }, redis);
        this.inc({ kind, from: 'shared' }, shared);
        this.inc({ kind, from: 'enos' }, fetched);
      }
    },
  });
  new Gauge({
    name: 'loading_keys_in_flight',
    help: 'Keys that are being read, each once, however many requests wait for it.',
    registers: [registry],
    collect() {
      this.set(runtime.flights.size);
    },
  });
}
