/**
 * Idle, load, calm, several times: what the server keeps after all garbage is gone must not grow from round to round.
 * `npm test` runs a short one; `npm run memory -- --rounds 50` a long one.
 */
import { ask } from '../support/graphql-client.js';
import {
  startProbedServer,
  startSimulatorProcess,
  type ProbedProcess,
  type RunningProcess,
} from '../support/processes.js';
import { setFaults } from '../support/simulator-control.js';
import { CASES, NOON } from './support/cases.js';
import { pause } from './support/stack.js';

const rounds = Number(process.env.MEMORY_ROUNDS ?? 4);
const REQUESTS = Number(process.env.MEMORY_REQUESTS ?? 250);
const WORKERS = 8;
/** Rounds until compiled code, pools and bounded memories have the size that they keep. */
const WARM_UP = 2;
/** What one request may leave behind on average, in bytes: a leak of one small object per request is more. */
const PER_REQUEST = 400;
const MARGIN = 1_500_000;

let simulator: RunningProcess;
let server: ProbedProcess;
beforeAll(async () => {
  simulator = await startSimulatorProcess({ SIMULATOR_CLOCK: NOON, SIMULATOR_SEED: '1' });
  server = await startProbedServer(simulator.url, {
    CACHE_MAX_BYTES: '256KiB',
    CACHE_TTL_LATEST: '100ms',
    CACHE_TTL_ALERTS: '100ms',
    OPERATION_TIMEOUT: '3s',
    ENOS_TIMEOUT: '1s',
  });
  await setFaults(
    simulator.url,
    { rate: 0.05, fault: { kind: 'status', status: 500 } },
    { rate: 0.02, fault: { kind: 'reset' } },
  );
});
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

/** Requests of every kind: the same and ever new documents, refused ones, cancelled ones. */
async function load(round: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < REQUESTS; i = next++) {
      const { query } = CASES[i % CASES.length] as (typeof CASES)[number];
      if (i % 10 === 0)
        await ask(server.url, `query Q${round}x${i} { asset(assetId: "a${round}x${i}") { name } }`);
      else if (i % 10 === 1) await ask(server.url, `{ unknown${round}x${i} }`);
      else if (i % 10 === 2) {
        const signal = AbortSignal.timeout(5);
        await fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
          signal,
        })
          .then((reply) => reply.arrayBuffer())
          .catch(() => undefined);
      } else await ask(server.url, query, {}, { 'x-request-id': `r${round}-${i}` });
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

/**
 * Fills the memory of known documents, which is bounded by the length of their texts and more: what other documents took of it is
 * free again, and every round is measured with the same few in it.
 */
async function displaceDocuments(round: number): Promise<void> {
  for (let i = 0; i < 90; i += 1) {
    const { data } = await ask(server.url, `query F${round}x${i} { __typename } # ${'x'.repeat(200_000)}`);
    expect(data).toEqual({ __typename: 'Query' });
  }
}

it(
  `does not grow over ${rounds} rounds of ${REQUESTS} requests`,
  async () => {
    const kept: number[] = [];
    for (let round = 0; round < WARM_UP + rounds; round += 1) {
      await load(round);
      await displaceDocuments(round);
      await pause(500);
      const { heapUsed, external } = await server.memory();
      if (round >= WARM_UP) kept.push(heapUsed + external);
    }
    // The slope of the line through all rounds: one round that is high says nothing, a rise that goes on does.
    const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
    const middle = (kept.length - 1) / 2;
    const average = mean(kept);
    const rise =
      kept.reduce((sum, bytes, i) => sum + (i - middle) * (bytes - average), 0) /
      kept.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
    if (process.env.MEMORY_ROUNDS !== undefined) process.stderr.write(`${JSON.stringify({ kept, rise })}\n`);
    expect(rise).toBeLessThan(REQUESTS * PER_REQUEST + MARGIN / kept.length);
  },
  (rounds + WARM_UP) * 60_000,
);
