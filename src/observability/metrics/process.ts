/** What is counted of the process beyond prom-client's defaults (CPU, memory, event-loop delay, garbage collection). */
import { performance } from 'node:perf_hooks';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

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
