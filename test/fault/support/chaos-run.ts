/** The machinery of a run of random faults. */
import { ask, type Answer } from '../../support/graphql-client.js';
import {
  DEMO_CREDENTIALS,
  startServerProcess,
  startSimulatorProcess,
  type RunningProcess,
} from '../../support/processes.js';
import { RedisServer } from '../../support/redis.js';
import { clearFaults, control, setFaults } from '../../support/simulator-control.js';
import { CASES, NOON } from './cases.js';
import { faultsOf, type Judged } from './judge.js';
import { NO_CACHE, SHORT_DEADLINES, pause, untilWell, type Json } from './stack.js';

/** How a run went. */
export interface ChaosResult {
  seed: number;
  asked: number;
  /** Answers without an error that the truth has not. */
  whole: number;
  /** Answers with some failure owned up to. */
  partial: number;
  stale: number;
  /** Requests that got no answer at all. */
  unanswered: number;
  codes: Record<string, number>;
  /** The first wrong answers, with what is wrong with them. */
  wrong: string[];
}

/** One organization: its EnOS, its server, and what is true in it. */
interface Party {
  name: string;
  simulator: RunningProcess;
  server: RunningProcess;
  /** Where its world's clock begins. */
  clock: string;
  /** What is true at each of the times that the clock will show, per case. */
  epochs: { answers: Map<string, Judged>; /** When it was left, Unix milliseconds. */ until: number }[];
  /** Index of the present one. */
  epoch: number;
}

const FIRST_ORG = DEMO_CREDENTIALS.ENOS_ORG_ID;
const SECOND_ORG = 'o20000000000002';
/** Times that the clock of a world shows in a run. */
const EPOCHS = 4;
const WORKERS = 6;
/** Everything that changes with the clock lives no longer than this in the cache, in milliseconds. */
const LIFETIME = 1_000;
/** How long before a request was sent the read may have begun that it joined: the limit of one call, and some room. */
const JOINED = 4_000;
/** By how much the clock of a world moves at a time. */
const STEP = '10m';
const MOST_WRONG = 5;

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULTS: readonly object[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, retryAfter: '1' },
  { kind: 'status', status: 429, retryAfter: '0' },
  { kind: 'code', code: 99500 },
  { kind: 'hang' },
  { kind: 'hang', at: 'body' },
  { kind: 'reset' },
  { kind: 'reset', at: 'body' },
  { kind: 'cut', bytes: 100 },
  { kind: 'drip', bytes: 200, every: 20 },
  { kind: 'garbage', form: 'json' },
  { kind: 'garbage', form: 'html' },
  { kind: 'garbage', form: 'http' },
  { kind: 'length', difference: -20 },
  { kind: 'bomb', bytes: 10_000_000 },
  { kind: 'token', state: 'expired' },
  { kind: 'token', state: 'revoked' },
];
const SERVICES = ['asset', 'asset-tree', 'model', 'alert', 'tsdb-data', 'tsdb-policy', 'token'];

/** A run: start, go, recover, stop. */
export class ChaosRun {
  private readonly random: () => number;
  private parties: Party[] = [];
  private redis: RedisServer | undefined;
  private redisStopped = false;

  private constructor(private readonly seed: number) {
    this.random = randomOf(seed);
  }

  /** Starts the processes and finds out what is true. */
  static async start(seed: number): Promise<ChaosRun> {
    const run = new ChaosRun(seed);
    try {
      run.redis = await RedisServer.start();
      run.parties = await Promise.all([
        run.startParty('first', FIRST_ORG, NOON),
        run.startParty('second', SECOND_ORG, '2026-01-15T02:00:00Z'),
      ]);
      for (const party of run.parties) await run.learnTruth(party);
      // Nothing of what was asked so far is left to answer from.
      await run.redis.command('FLUSHALL');
      await pause(LIFETIME * 2);
      return run;
    } catch (error) {
      await run.stop();
      throw error;
    }
  }

  /** Lets faults come and go while questions are asked. */
  async go(milliseconds: number): Promise<ChaosResult> {
    const result: ChaosResult = {
      seed: this.seed,
      asked: 0,
      whole: 0,
      partial: 0,
      stale: 0,
      unanswered: 0,
      codes: {},
      wrong: [],
    };
    const end = Date.now() + milliseconds;
    const workers = this.parties.flatMap((party) =>
      Array.from({ length: WORKERS }, () => this.work(party, end, result)),
    );
    const start = Date.now();
    while (Date.now() < end) {
      await this.nextWeather();
      await pause(300 + this.random() * 700);
      const due = Math.floor(((Date.now() - start) / milliseconds) * EPOCHS);
      for (const party of this.parties) await this.moveTo(party, Math.min(due, EPOCHS - 1));
    }
    await Promise.all(workers);
    return result;
  }

  /** Takes every fault away and waits until both servers give whole and true answers to everything. */
  async recover(): Promise<void> {
    await this.calm();
    for (const party of this.parties) {
      await untilWell(party.server.url);
      // What was kept before is past its lifetime.
      await pause(LIFETIME * 2);
      for (const { name, query } of CASES) {
        const problems = faultsOf(await ask<Json>(party.server.url, query), [this.truthOf(party, name)]);
        if (problems.length > 0) throw new Error(`${name} after the faults: ${problems.join('; ')}`);
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.parties.flatMap(({ server, simulator }) => [server.stop(), simulator.stop()]));
    await this.redis?.stop();
  }

  private async startParty(name: string, orgId: string, clock: string): Promise<Party> {
    const env = { ...DEMO_CREDENTIALS, ENOS_ORG_ID: orgId };
    const simulator = await startSimulatorProcess({
      ...env,
      SIMULATOR_SEED: String(this.seed),
      SIMULATOR_CLOCK: clock,
    });
    const server = await startServerProcess(simulator.url, {
      ...env,
      ...SHORT_DEADLINES,
      REDIS_URL: this.redis?.url ?? '',
      CACHE_TTL_ASSETS: `${LIFETIME}ms`,
      CACHE_TTL_TREES: `${LIFETIME}ms`,
      CACHE_TTL_ALERTS: `${LIFETIME}ms`,
      CACHE_TTL_LATEST: `${LIFETIME}ms`,
    });
    return { name, simulator, server, clock, epochs: [], epoch: 0 };
  }

  /** What is true at each time, by a server of its own that keeps nothing and meets no faults. */
  private async learnTruth(party: Party): Promise<void> {
    const orgId = party.name === 'first' ? FIRST_ORG : SECOND_ORG;
    const teller = await startServerProcess(party.simulator.url, { ...NO_CACHE, ENOS_ORG_ID: orgId });
    try {
      for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
        if (epoch > 0) await control(party.simulator.url, 'PUT', 'clock', { advance: STEP });
        const answers = new Map<string, Judged>();
        for (const { name, query } of CASES) answers.set(name, await ask<Json>(teller.url, query));
        const broken = [...answers].filter(
          ([name, { data, errors }]) => !data || (name !== 'refused' && errors),
        );
        if (broken.length > 0) throw new Error(`no truth: ${JSON.stringify(broken)}`);
        party.epochs.push({ answers, until: Infinity });
      }
      await control(party.simulator.url, 'PUT', 'clock', { fix: party.clock });
    } finally {
      await teller.stop();
    }
  }

  /** Lets the clock of a party's world go on to a later time. */
  private async moveTo(party: Party, epoch: number): Promise<void> {
    while (party.epoch < epoch) {
      await control(party.simulator.url, 'PUT', 'clock', { advance: STEP });
      const left = party.epochs[party.epoch];
      if (left !== undefined) left.until = Date.now();
      party.epoch += 1;
    }
  }

  private truthOf({ epochs, epoch }: Party, name: string): Judged {
    const truth = epochs[epoch]?.answers.get(name);
    if (truth === undefined) throw new Error(`no truth for ${name}`);
    return truth;
  }

  private async work(party: Party, end: number, result: ChaosResult): Promise<void> {
    while (Date.now() < end) {
      const chosen = CASES[Math.floor(this.random() * CASES.length)];
      if (chosen === undefined) return;
      result.asked += 1;
      const askedAt = Date.now();
      let answer: Answer<Json>;
      try {
        answer = await ask<Json>(party.server.url, chosen.query);
      } catch {
        result.unanswered += 1;
        continue;
      }
      this.judge(party, chosen.name, askedAt, answer, result);
    }
  }

  private judge(
    party: Party,
    name: string,
    askedAt: number,
    answer: Answer<Json>,
    result: ChaosResult,
  ): void {
    const reached = party.epochs.slice(0, party.epoch + 1).reverse();
    const recent = reached.filter(({ until }) => until > askedAt - LIFETIME - JOINED);
    const pick = (epochs: Party['epochs']): Judged[] =>
      epochs.flatMap(({ answers }) => answers.get(name) ?? []);
    const problems = faultsOf(answer, pick(recent), pick(reached));
    if (problems.length > 0 && result.wrong.length < MOST_WRONG) {
      result.wrong.push(`${party.name}, ${name}: ${problems.join('; ')}`);
    }
    for (const error of answer.errors ?? []) {
      result.codes[error.extensions.code] = (result.codes[error.extensions.code] ?? 0) + 1;
    }
    const expected = this.truthOf(party, name).errors?.length ?? 0;
    if ((answer.errors?.length ?? 0) > expected) result.partial += 1;
    else result.whole += 1;
    if ((answer.extensions?.freshness as { stale?: boolean } | undefined)?.stale === true) result.stale += 1;
  }

  /** One change of what goes wrong. */
  private async nextWeather(): Promise<void> {
    const dice = this.random();
    if (dice < 0.15) {
      await this.calm();
      return;
    }
    if (dice < 0.3 && this.redis !== undefined) {
      if (dice < 0.2 && !this.redisStopped) {
        await this.redis.kill('SIGKILL');
        await this.redis.restart();
        return;
      }
      await this.redis.kill(this.redisStopped ? 'SIGCONT' : 'SIGSTOP');
      this.redisStopped = !this.redisStopped;
      return;
    }
    for (const { simulator } of this.parties) {
      if (dice > 0.9)
        await control(simulator.url, 'PUT', 'tokens', { state: this.random() < 0.5 ? 'expired' : 'revoked' });
      const rules = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => this.drawRule());
      await setFaults(simulator.url, ...rules);
    }
  }

  private drawRule(): object {
    const pickOf = <T>(list: readonly T[]): T => list[Math.floor(this.random() * list.length)] as T;
    const everywhere = this.random() < 0.3;
    return {
      match: everywhere ? {} : { service: pickOf(SERVICES) },
      rate: 0.1 + this.random() * 0.9,
      ...(this.random() < 0.3 ? { delay: { distribution: 'exponential', mean: 100 } } : {}),
      fault: pickOf(FAULTS),
    };
  }

  private async calm(): Promise<void> {
    for (const { simulator } of this.parties) await clearFaults(simulator.url);
    if (this.redisStopped) await this.redis?.kill('SIGCONT');
    this.redisStopped = false;
  }
}
