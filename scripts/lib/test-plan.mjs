/**
 * In which order `npm test` runs the test files: most of them two at a time, the longest first, and then one by one those
 * that another test beside them could disturb. `npm run jest` knows nothing of it: every file runs alone as well.
 */

/** Files that run with nothing beside them, and why. Nothing else belongs here: they keep one core idle. */
export const ALONE = new Map([
  ['test/fault/memory.test.ts', 'measures memory from round to round of load'],
  ['test/fault/hostile.test.ts', 'bounds CPU time in milliseconds'],
  ['test/fault/chaos.test.ts', 'judges answers by when they were asked for'],
  ['test/cache/redis-fault.test.ts', 'bounds the slowest of all accesses under load'],
  ['test/server/admission/load-shedding.test.ts', 'measures how late the event loop is'],
]);

/** Files that take longer than most, the longest first, so that none of them is left for the end. */
export const LONGEST = [
  'test/acceptance/quirks.test.ts',
  'test/fault/upstream.test.ts',
  'test/deployment/rolling-restart.test.ts',
  'test/fault/start.test.ts',
  'test/acceptance/redis-faults.test.ts',
  'test/simulator/control/faults.test.ts',
  'test/simulator/control/repeat.test.ts',
  'test/loading/planner/golden.test.ts',
  'test/simulator/world/bundled-contract.test.ts',
  'test/observability/tracing.test.ts',
  'test/clients/recipes.test.ts',
  'test/cache/redis-topology.test.ts',
  'test/cache/invalidation.test.ts',
  'test/enos/envelope.test.ts',
  'test/acceptance/identity.test.ts',
  'test/fault/redis.test.ts',
  'test/fault/clients.test.ts',
  'test/acceptance/asset-rights.test.ts',
  'test/acceptance/screen.test.ts',
  'test/supply-chain/package.test.ts',
  'test/deployment/shutdown.test.ts',
];
