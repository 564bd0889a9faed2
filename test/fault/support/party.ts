/** An organization in a run of random faults: its EnOS, its servers, its callers, and what is true for each of them. */
import {
  DEMO_CREDENTIALS,
  startServerProcess,
  startSimulatorProcess,
  type RunningProcess,
} from '../../support/processes.js';
import { control } from '../../support/simulator-control.js';
import { CALLER_CASES, Line, makeCallers, type Caller, type Callers } from './callers.js';
import { CASES, type Case } from './cases.js';
import { isFailure, type Judged } from './judge.js';
import { NO_CACHE, SHORT_DEADLINES } from './stack.js';

/** What is true at one time of a world. */
export interface Epoch {
  /** By caller and case (`nameOf`). */
  answers: Map<string, Judged>;
  /** When it was left, Unix milliseconds. */
  until: number;
}

/** One organization: its EnOS, its servers, who asks them, and what is true in it. */
export interface Party {
  name: string;
  orgId: string;
  simulator: RunningProcess;
  servers: RunningProcess[];
  lines: Line[];
  callers: Callers;
  /** Where its world's clock begins. */
  clock: string;
  /** At each of the times that the clock will show. */
  epochs: Epoch[];
  /** Index of the present one. */
  epoch: number;
  /** By name of a caller: what he may see beyond what the cases show him. */
  visible: Map<string, Judged>;
  /** By name of a caller: what only others may see. */
  marks: Map<string, Set<string>>;
}

/** What of a party differs. */
export interface PartyOptions {
  seed: number;
  redisUrl: string;
  /** Servers of the same settings. */
  replicas: number;
  /** How many of the callers ask. */
  callers: number;
}

export const FIRST_ORG = DEMO_CREDENTIALS.ENOS_ORG_ID;
export const SECOND_ORG = 'o20000000000002';
/** Times that the clock of a world shows in a run. */
export const EPOCHS = 3;
/** Per server; as many connections, which they use in turns. */
export const WORKERS = 6;
/** Everything that changes with the clock lives no longer than this in the cache, in milliseconds. */
export const LIFETIME = 1_000;
/** By how much the clock of a world moves at a time. */
const STEP = '10m';
/** Everything that is asked. */
export const ALL_CASES: readonly Case[] = [...CASES, ...CALLER_CASES];

/** Everything that a caller may see by itself: ids of his assets stand in what an answer says of stale parts. */
const VISIBLE = `{ assets(first: 500) { nodes { assetId name } } alerts(first: 500) { nodes { alertId occurredAt } } }`;

/** A case of a caller, in words. */
export const nameOf = (caller: Caller, { name }: Case): string => `${caller.name}, ${name}`;

/** Moves the clock of a party's world on. */
export async function step({ simulator }: Pick<Party, 'simulator'>): Promise<void> {
  await control(simulator.url, 'PUT', 'clock', { advance: STEP });
}

/** Starts the processes of a party; its truth is not known yet. */
export async function startParty(
  name: string,
  [orgId, foreignOrgId]: readonly [string, string],
  clock: string,
  { seed, redisUrl, replicas, callers: most }: PartyOptions,
): Promise<Party> {
  const env = { ...DEMO_CREDENTIALS, ENOS_ORG_ID: orgId };
  const [simulator, everybody] = await Promise.all([
    startSimulatorProcess({ ...env, SIMULATOR_SEED: String(seed), SIMULATOR_CLOCK: clock }),
    makeCallers(orgId, foreignOrgId),
  ]);
  const [first, ...rest] = everybody.all;
  const callers: Callers = { ...everybody, all: [first, ...rest.slice(0, most - 1)] };
  const serverEnv = {
    ...env,
    ...SHORT_DEADLINES,
    ...callers.env,
    REDIS_URL: redisUrl,
    CACHE_TTL_ASSETS: `${LIFETIME}ms`,
    CACHE_TTL_TREES: `${LIFETIME}ms`,
    CACHE_TTL_ALERTS: `${LIFETIME}ms`,
    CACHE_TTL_LATEST: `${LIFETIME}ms`,
    CACHE_TTL_USERS: `${LIFETIME}ms`,
    AUTH_PORTAL_TTL: `${LIFETIME}ms`,
    ASSET_RIGHTS_TTL: `${LIFETIME}ms`,
  };
  const servers = await Promise.all(
    Array.from({ length: replicas }, () => startServerProcess(simulator.url, serverEnv)),
  );
  const lines = servers.map(({ url }) => new Line(url, WORKERS));
  return {
    name,
    orgId,
    simulator,
    servers,
    lines,
    callers,
    clock,
    epochs: [],
    epoch: 0,
    visible: new Map(),
    marks: new Map(),
  };
}

/** What is true for each caller at each time, by a server of its own that keeps nothing and meets no faults. */
export async function learnTruth(party: Party): Promise<void> {
  const { simulator, callers, orgId, clock } = party;
  const teller = await startServerProcess(simulator.url, {
    ...NO_CACHE,
    ...callers.env,
    ENOS_ORG_ID: orgId,
    ANSWERS_MAX_BYTES: '0',
    ANSWERS_SHARED: 'off',
  });
  const line = new Line(teller.url, WORKERS);
  try {
    for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
      if (epoch > 0) await step(party);
      const answers = new Map<string, Judged>();
      // One caller after the other: if the server mixed up those who ask at once, it must not do so here.
      for (const caller of callers.all) {
        const learn = async (one: Case): Promise<void> => {
          answers.set(nameOf(caller, one), await line.ask(caller, one.query));
        };
        await Promise.all(ALL_CASES.map(learn));
        if (epoch === 0) party.visible.set(caller.name, await line.ask(caller, VISIBLE));
      }
      const broken = [...answers].filter(([, { data, errors = [] }]) => !data || errors.some(isFailure));
      if (broken.length > 0) throw new Error(`no truth: ${JSON.stringify(broken.slice(0, 5))}`);
      party.epochs.push({ answers, until: Infinity });
    }
    await control(simulator.url, 'PUT', 'clock', { fix: clock });
  } finally {
    await line.close();
    await teller.stop();
  }
}
