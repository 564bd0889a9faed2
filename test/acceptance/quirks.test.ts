/**
 * The server keeps to the contracts, not to how the simulator happens to read them: a gateway in between answers in every
 * other shape that the contracts allow or note, one quirk after the other, and what callers get stays the same. The gateway
 * also holds every request of the server against the contract, for both editions. A quirk of some operations of EnOS is tried
 * with the queries that call them.
 */
import { ask, type Answer } from '../support/graphql-client.js';
import {
  startServerProcess,
  startSimulator,
  type Running,
  type RunningProcess,
} from '../support/processes.js';
import {
  ALERT_QUIRKS,
  ASSET_QUIRKS,
  ENDED_TOKENS,
  GENERAL,
  MODEL_QUIRKS,
  SERIES_QUIRKS,
  TRANSPORT,
} from '../support/quirks/index.js';
import { operationsOf, withoutVolatile, type WideOperation } from '../support/quirks/operations.js';
import type { Quirk } from '../support/quirks/quirk.js';
import { startQuirkyGateway, type QuirkyGateway } from '../support/quirky-gateway.js';
import { expectSame } from '../support/expect-same.js';
import { NO_CACHE } from '../support/no-cache.js';

/** What differs between the editions is tried in both. */
const QUIRKS: Record<string, Quirk[]> = {
  '2.3': [
    ...GENERAL,
    ...ENDED_TOKENS,
    ...TRANSPORT,
    ...ASSET_QUIRKS,
    ...MODEL_QUIRKS,
    ...SERIES_QUIRKS,
    ...ALERT_QUIRKS,
  ],
  '2.1': [...GENERAL, ...MODEL_QUIRKS, ...ALERT_QUIRKS.filter(({ edition }) => edition === undefined)],
};

let simulator: Running;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator?.stop();
});

describe.each(['2.3', '2.1'])('EnOS %s', (edition) => {
  let gateway: QuirkyGateway;
  let server: RunningProcess;
  const operations = operationsOf(edition);
  const plain = new Map<string, Answer<unknown>>();
  /** The operations of EnOS that each of them calls. */
  const calls = new Map<string, string[]>();

  beforeAll(async () => {
    gateway = await startQuirkyGateway(simulator.url, edition);
    server = await startServerProcess(gateway.url, {
      ...NO_CACHE,
      MAX_COST: '1000000',
      ENOS_EDITION: edition,
    });
    for (const operation of operations) {
      const before = { ...gateway.calls };
      plain.set(operation.name, await ask<unknown>(server.url, operation.query, operation.variables));
      const called = Object.entries(gateway.calls).filter(([name, count]) => count > (before[name] ?? 0));
      calls.set(
        operation.name,
        called.map(([name]) => name),
      );
    }
  });

  /** Those that meet a quirk: the replies that all others are made of are not touched by it. */
  const meeting = ({ operations: touched }: Quirk): WideOperation[] =>
    operations.filter(
      ({ name }) => touched === undefined || calls.get(name)?.some((call) => touched.includes(call)),
    );

  afterEach(() => {
    if (server.process.exitCode !== null) throw new Error(`The server ended:\n${server.output()}`);
  });

  afterAll(async () => {
    await server?.stop();
    await gateway?.close();
  });

  const codesOf = (answer: Answer<unknown> | undefined): string[] =>
    (answer?.errors ?? []).map(({ extensions, message }) =>
      extensions.code === 'NOT_FOUND' ? extensions.code : `${extensions.code} ${message}`,
    );

  test.each(operations)('plain: $name answers', (operation) => {
    const answer = plain.get(operation.name);
    expect(codesOf(answer)).toEqual(operation.codes ?? []);
    expect(answer?.data).not.toBeNull();
  });

  test('every request is one that the contract allows', () => {
    expect([...gateway.violations]).toEqual([]);
  });

  test('every reply of the simulator is one that the contract allows', () => {
    expect([...gateway.unlawful]).toEqual([]);
  });

  test.each(QUIRKS[edition] ?? [])('$name', async (quirk) => {
    gateway.use(quirk);
    const asked = meeting(quirk);
    const answers = await Promise.all(
      asked.map((operation) => ask<unknown>(server.url, operation.query, operation.variables)),
    );
    const compared = (data: unknown): unknown =>
      (quirk.comparable ?? ((value) => value))(withoutVolatile(data));
    asked.forEach(({ name, codes }, index) => {
      const before = plain.get(name);
      const expected = (quirk.expected ?? ((value) => value))(before?.data);
      expect({ name, codes: codesOf(answers[index]) }).toEqual({ name, codes: codes ?? [] });
      const [actual, wanted] = [compared(answers[index]?.data), compared(expected)];
      expectSame({ name, data: actual }, { name, data: wanted });
    });
    expect([...gateway.unlawful]).toEqual([]);
    expect([...gateway.violations]).toEqual([]);
    if (quirk.rewrite) expect(gateway.changed).toBe(true);
    const { getAccessToken = 0, refreshAccessToken = 0 } = gateway.calls;
    if (quirk.endedToken) expect(getAccessToken + refreshAccessToken).toBe(1);
  });
});
