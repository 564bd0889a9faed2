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
import { SHORT_DEADLINES, pause, untilWell, type Json } from './stack.js';

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
  /** True answers per case: of now and of before, the newest first, with the time from which each is past. */
  truths: { answers: Map<string, Judged>; until: number }[];
}

const WORKERS = 6;
/** Everything that changes with the clock lives no longer than this in the cache, in milliseconds. */
const LIFETIME = 1_000;
/** Time that a request may have been under way, and the machine busy, when its data was fetched. */
const UNDER_WAY = 20_000;
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
        run.startParty('first', 'o15724268424841', NOON),
        run.startParty('second', 'o20000000000002', '2026-01-15T02:00:00Z'),
      ]);
      for (const party of run.parties) await run.learnTruth(party);
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
    while (Date.now() < end) {
      await this.nextWeather();
      await pause(300 + this.random() * 700);
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
    return { name, simulator, server, truths: [] };
  }

  /** What is true now, by a server of its own that has no cache and meets no faults. */
  private async learnTruth(party: Party): Promise<void> {
    const answers = new Map<string, Judged>();
    for (const { name, query } of CASES) answers.set(name, await ask<Json>(party.server.url, query));
    const broken = [...answers].filter(
      ([name, { data, errors }]) => data === null || (name !== 'refused' && errors),
    );
    if (broken.length > 0) throw new Error(`no truth: ${JSON.stringify(broken)}`);
    party.truths = [{ answers, until: Infinity }];
  }

  private truthOf({ truths }: Party, name: string): Judged {
    const truth = truths[0]?.answers.get(name);
    if (truth === undefined) throw new Error(`no truth for ${name}`);
    return truth;
  }

  private async work(party: Party, end: number, result: ChaosResult): Promise<void> {
    while (Date.now() < end) {
      const chosen = CASES[Math.floor(this.random() * CASES.length)];
      if (chosen === undefined) return;
      result.asked += 1;
      let answer: Answer<Json>;
      try {
        answer = await ask<Json>(party.server.url, chosen.query);
      } catch {
        result.unanswered += 1;
        continue;
      }
      this.judge(party, chosen.name, answer, result);
    }
  }

  private judge(party: Party, name: string, answer: Answer<Json>, result: ChaosResult): void {
    const now = Date.now();
    const recent = party.truths.filter(({ until }) => until > now - LIFETIME - UNDER_WAY);
    const pick = (truths: Party['truths']): Judged[] =>
      truths.flatMap(({ answers }) => answers.get(name) ?? []);
    const problems = faultsOf(answer, pick(recent), pick(party.truths));
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
