/**
 * A seeded run of random faults: EnOS and Redis misbehave in turns while two servers of two organizations, with the same
 * asset ids and different data, answer over one Redis. Every answer is held against what a server without faults says.
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
        await run.recover();
      } finally {
        await run.stop();
      }
    },
    (seconds + 120) * 1_000,
  );
});
