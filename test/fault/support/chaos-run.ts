/** The machinery of a run of random faults. */
import type { Answer } from '../../support/graphql-client.js';
import { RedisServer } from '../../support/redis.js';
import type { Caller, Line } from './callers.js';
import { NOON, type Case } from './cases.js';
import { faultsOf, isFailure, isStale, type Judged } from './judge.js';
import { marksIn, marksOf } from './marks.js';
import {
  ALL_CASES,
  EPOCHS,
  FIRST_ORG,
  LIFETIME,
  SECOND_ORG,
  WORKERS,
  learnTruth,
  nameOf,
  startParty,
  step,
  type Epoch,
  type Party,
} from './party.js';
import { pause, untilWell, type Json } from './stack.js';
import { randomOf, Weather } from './weather.js';

/** How a run went. */
export interface ChaosResult {
  seed: number;
  asked: number;
  /** Answers without an error that the truth has not. */
  whole: number;
  /** Answers with some failure owned up to. */
  partial: number;
  stale: number;
  /** Answers that were made for an earlier or another request. */
  repeated: number;
  /** Requests that got no answer at all. */
  unanswered: number;
  codes: Record<string, number>;
  /** Answers by caller. */
  callers: Record<string, number>;
  /** The first wrong answers, with what is wrong with them. */
  wrong: string[];
}

const NIGHT = '2026-01-15T02:00:00Z';
/** How long before a request was sent the read may have begun that it joined: the limit of one call, and some room. */
const JOINED = 4_000;
/** For so long an answer may be stale or failed after the faults are over, in milliseconds. */
const RECOVERY = 5_000;
const MOST_WRONG = 5;
/** For so long half of the requests are for the same document, whoever asks. */
const FASHION = 250;
/** A run: start, go, recover, stop. */
export class ChaosRun {
  private readonly random: () => number;
  private parties: Party[] = [];
  private weather: Weather | undefined;

  private constructor(
    private readonly seed: number,
    private readonly redis: RedisServer,
  ) {
    this.random = randomOf(seed);
  }

  /** Starts the processes and finds out what is true. */
  static async start(seed: number): Promise<ChaosRun> {
    const run = new ChaosRun(seed, await RedisServer.start());
    const common = { seed, redisUrl: run.redis.url };
    try {
      run.parties = await Promise.all([
        startParty('first', [FIRST_ORG, SECOND_ORG], NOON, { ...common, replicas: 2, callers: 5 }),
        startParty('second', [SECOND_ORG, FIRST_ORG], NIGHT, { ...common, replicas: 1, callers: 2 }),
      ]);
      await Promise.all(run.parties.map((party) => learnTruth(party)));
      for (const party of run.parties) run.learnMarks(party);
      const simulators = run.parties.map(({ simulator }) => simulator.url);
      run.weather = new Weather(run.random, simulators, run.redis);
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
      repeated: 0,
      unanswered: 0,
      codes: {},
      callers: {},
      wrong: [],
    };
    const end = Date.now() + milliseconds;
    const workers = this.parties.flatMap((party) =>
      party.lines.flatMap((line) =>
        Array.from({ length: WORKERS }, () => this.work(party, line, end, result)),
      ),
    );
    const start = Date.now();
    while (Date.now() < end) {
      await this.weather?.next();
      await pause(300 + this.random() * 700);
      const due = Math.floor(((Date.now() - start) / milliseconds) * EPOCHS);
      for (const party of this.parties) await this.moveTo(party, Math.min(due, EPOCHS - 1));
    }
    await Promise.all(workers);
    return result;
  }

  /** Takes every fault away and waits until all servers give whole and true answers to everybody. */
  async recover(): Promise<void> {
    await this.weather?.calm();
    for (const party of this.parties) {
      const { all } = party.callers;
      for (const { url } of party.servers) await untilWell(url, all[0].headers);
      // What was kept before is past its lifetime.
      await pause(LIFETIME * 2);
      await Promise.all(
        all.map(async (caller, index) => {
          for (const [number, one] of ALL_CASES.entries()) {
            const line = party.lines[(index + number) % party.lines.length] as Line;
            const problems = await this.untilWhole(party, line, caller, one);
            if (problems.length > 0) {
              throw new Error(`${nameOf(caller, one)} after the faults: ${problems.join('; ')}`);
            }
          }
        }),
      );
    }
  }

  /**
   * What is wrong with the answer, asked again while it owns up that parts are stale or failed: where the machine is busy, a
   * read may take longer than an answer waits for it, and what was kept before the faults is given once more.
   */
  private async untilWhole(party: Party, line: Line, caller: Caller, one: Case): Promise<string[]> {
    const older = party.epochs.slice(0, party.epoch).flatMap(({ answers }) => {
      const answer = answers.get(nameOf(caller, one));
      return answer ? [answer] : [];
    });
    for (const end = Date.now() + RECOVERY; ; await pause(LIFETIME / 10)) {
      const answer = await line.ask(caller, one.query);
      const problems = [
        ...faultsOf(answer, [this.truthOf(party, caller, one)], older),
        ...this.foreignIn(party, caller, answer),
      ];
      const whole = !isStale(answer) && !(answer.errors ?? []).some(isFailure);
      if (problems.length > 0 || whole) return problems;
      if (Date.now() > end) return [`stale or failed ${RECOVERY} ms after the faults`];
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.parties.flatMap(({ lines, servers, simulator, callers }) => [
        ...lines.map((line) => line.close()),
        ...[...servers, simulator].map((one) => one.stop()),
        callers.forget(),
      ]),
    );
    await this.redis.stop();
  }

  /** What no answer to a caller may hold: that which others of both organizations see, and he never. */
  private learnMarks(party: Party): void {
    const truths = this.parties.flatMap((one) =>
      one.epochs.flatMap(({ answers }) => [...answers].map(([name, truth]) => ({ one, name, truth }))),
    );
    for (const caller of party.callers.all) {
      const isOwn = ({ one, name }: { one: Party; name: string }): boolean =>
        one === party && name.startsWith(`${caller.name}, `);
      const visible = party.visible.get(caller.name);
      const marks = marksOf(
        truths.filter((entry) => !isOwn(entry)).map(({ truth }) => truth),
        [...truths.filter(isOwn).map(({ truth }) => truth), ...(visible ? [visible] : [])],
        ALL_CASES.map(({ query }) => query),
      );
      // Whoever sees everything of his organization still does not see the other one.
      if (marks.size === 0) throw new Error(`nothing tells the others from ${caller.name}`);
      party.marks.set(caller.name, marks);
    }
  }

  /** Lets the clock of a party's world go on to a later time. */
  private async moveTo(party: Party, epoch: number): Promise<void> {
    while (party.epoch < epoch) {
      await step(party);
      const left = party.epochs[party.epoch];
      if (left !== undefined) left.until = Date.now();
      party.epoch += 1;
    }
  }

  private truthOf({ epochs, epoch }: Party, caller: Caller, one: Case): Judged {
    const truth = epochs[epoch]?.answers.get(nameOf(caller, one));
    if (truth === undefined) throw new Error(`no truth for ${nameOf(caller, one)}`);
    return truth;
  }

  private async work(party: Party, line: Line, end: number, result: ChaosResult): Promise<void> {
    const pickOf = <T>(list: readonly T[]): T => list[Math.floor(this.random() * list.length)] as T;
    while (Date.now() < end) {
      const caller = pickOf(party.callers.all);
      const chosen = this.random() < 0.5 ? this.fashionable() : pickOf(ALL_CASES);
      result.asked += 1;
      result.callers[caller.name] = (result.callers[caller.name] ?? 0) + 1;
      const askedAt = Date.now();
      let answer: Answer<Json> & { repeated: boolean };
      try {
        answer = await line.ask(caller, chosen.query);
      } catch {
        result.unanswered += 1;
        continue;
      }
      if (answer.repeated) result.repeated += 1;
      this.judge(party, caller, chosen, askedAt, answer, result);
    }
  }

  /** The document that many ask for at this moment. */
  private fashionable(): Case {
    return ALL_CASES[(Math.floor(Date.now() / FASHION) * 7 + this.seed) % ALL_CASES.length] as Case;
  }

  private foreignIn(party: Party, caller: Caller, answer: Judged): string[] {
    const found = marksIn(answer, party.marks.get(caller.name) ?? new Set());
    return found.length === 0 ? [] : [`holds what others see: ${found.slice(0, 3).join(', ')}`];
  }

  private judge(
    party: Party,
    caller: Caller,
    one: Case,
    askedAt: number,
    answer: Answer<Json>,
    result: ChaosResult,
  ): void {
    const reached = party.epochs.slice(0, party.epoch + 1).reverse();
    const recent = reached.filter(({ until }) => until > askedAt - LIFETIME - JOINED);
    const pick = (epochs: Epoch[]): Judged[] =>
      epochs.flatMap(({ answers }) => answers.get(nameOf(caller, one)) ?? []);
    const problems = [
      ...faultsOf(answer, pick(recent), pick(reached)),
      ...this.foreignIn(party, caller, answer),
    ];
    if (problems.length > 0 && result.wrong.length < MOST_WRONG) {
      result.wrong.push(`${party.name}, ${nameOf(caller, one)}: ${problems.slice(0, 5).join('; ')}`);
    }
    for (const error of answer.errors ?? []) {
      result.codes[error.extensions.code] = (result.codes[error.extensions.code] ?? 0) + 1;
    }
    if ((answer.errors ?? []).some(isFailure)) result.partial += 1;
    else result.whole += 1;
    if (isStale(answer)) result.stale += 1;
  }
}
