/**
 * A seeded run of random faults: EnOS and Redis misbehave in turns while servers of two organizations, with the same asset
 * ids and different data, answer over one Redis: two replicas of the first, one of the second. Callers with different rights
 * ask all of them the same documents over the same connections. Every answer is held against what a server without faults says
 * to the same caller, and searched for what only others may see.
 *
 * `npm test` runs it for some seconds; `npm run chaos -- --seconds 600 --seed 7` runs it for as long as told.
 */
import { describeWithRedis } from '../support/redis.js';
import { ChaosRun } from './support/chaos-run.js';

const seconds = Number(process.env.CHAOS_SECONDS ?? 10);
const seed = Number(process.env.CHAOS_SEED ?? 1);

describeWithRedis('random faults', () => {
  it(
    `for ${seconds} s with seed ${seed}: every answer is right, declared stale, or a coded error`,
    async () => {
      const run = await ChaosRun.start(seed);
      try {
        const result = await run.go(seconds * 1_000);
        if (process.env.CHAOS_SECONDS !== undefined)
          process.stderr.write(`${JSON.stringify(result, null, 2)}\n`);
        expect(result.wrong).toEqual([]);
        expect(result.unanswered).toBe(0);
        // A run in which nothing went wrong, or nothing right, would prove nothing.
        expect(result.whole).toBeGreaterThan(result.asked / 20);
        expect(result.partial).toBeGreaterThan(0);
        // On a machine that hardly gets to answer, nothing is asked twice while it is fresh.
        if (result.asked > 1_000) expect(result.repeated).toBeGreaterThan(0);
        expect(Object.keys(result.callers)).toHaveLength(5);
        await run.recover();
      } finally {
        await run.stop();
      }
    },
    (seconds + 120) * 1_000,
  );
});
