/**
 * In which order `npm test` runs the test files: most of them two at a time, the longest first, and then one by one those
 * that another test beside them could disturb. `npm run jest` knows nothing of it: every file runs alone as well.
 */

/** Files that run with nothing beside them, and why. Nothing else belongs here: they keep one core idle. */
export const ALONE = new Map([
  ['test/fault/hostile.test.ts', 'bounds CPU time in milliseconds'],
  ['test/cache/redis-fault.test.ts', 'bounds the slowest of all accesses under load'],
  ['test/server/admission/load-shedding.test.ts', 'measures how late the event loop is'],
]);

/** Files that need time and quiet: `npm run chaos` and `npm run memory`, which .ci/run runs after `npm test`. */
export const APART = ['test/fault/chaos.test.ts', 'test/fault/memory.test.ts'];

/** Files that take longer than most, the longest first, so that none of them is left for the end. */
export const LONGEST = [
  'test/acceptance/quirks.test.ts',
  'test/patterns/patterns.test.ts',
  'test/server/memory.test.ts',
  'test/observability/readiness.test.ts',
  'test/fault/upstream.test.ts',
  'test/deployment/shutdown.test.ts',
  'test/fault/redis.test.ts',
  'test/simulator/control/faults.test.ts',
  'test/fault/start.test.ts',
  'test/acceptance/explain.test.ts',
  'test/acceptance/redis-sharing.test.ts',
  'test/acceptance/shared-flight.test.ts',
  'test/acceptance/unknown-tokens.test.ts',
  'test/fault/deadlines.test.ts',
  'test/acceptance/identity.test.ts',
  'test/acceptance/points.test.ts',
  'test/fault/clients.test.ts',
  'test/observability/tracing.test.ts',
  'test/cache/invalidation.test.ts',
  'test/loading/series/whole-series.test.ts',
  'test/supply-chain/package.test.ts',
  'test/cache/redis-topology.test.ts',
  'test/acceptance/redis-faults.test.ts',
  'test/acceptance/renewed-answers.test.ts',
  'test/acceptance/kept-parts.test.ts',
  'test/loading/planner/golden-rounds.test.ts',
  'test/enos/envelope.test.ts',
  'test/deployment/rolling-restart.test.ts',
  'test/acceptance/refused-and-empty.test.ts',
  'test/loading/series/columns.test.ts',
  'test/acceptance/freshness.test.ts',
  'test/deployment/terminal.test.ts',
  'test/loading/series/large-reads.test.ts',
  'test/acceptance/asset-rights.test.ts',
  'test/acceptance/editions.test.ts',
  'test/loading/planner/golden.test.ts',
  'test/acceptance/partial-failure.test.ts',
  'test/cache/redis-store.test.ts',
  'test/fault/secrets.test.ts',
  'test/clients/recipes.test.ts',
];
