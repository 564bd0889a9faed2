import { Newcomers } from '../../src/identity/portal/newcomers.js';
import type { Finding } from '../../src/identity/known-callers.js';
import { credentialRefused } from '../../src/identity/refusal.js';

const MINUTE_MS = 60_000;
const bad: Finding = { refusal: credentialRefused, until: Infinity };

/** As many requests of an address as get in while EnOS does not answer, over so many minutes. */
async function flood(newcomers: Newcomers, address: string, minutes: number, clock: { now: number }) {
  const statuses: unknown[] = [];
  let waiting = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let index = 0; index < 200; index += 1) {
      waiting += 1;
      newcomers
        .ask(address, () => new Promise(() => undefined))
        .catch((error: unknown) => {
          waiting -= 1;
          const { extensions } = error as { extensions: { http: { status: number } } };
          statuses.push(extensions.http.status);
        });
    }
    clock.now += MINUTE_MS;
    await new Promise(setImmediate);
  }
  return { waiting, statuses: new Set(statuses) };
}

test('while EnOS does not answer, requests of one address wait in a bounded number, however long it lasts', async () => {
  const clock = { now: 0 };
  const newcomers = new Newcomers({ perMinute: 120, concurrency: 4, now: () => clock.now });
  const { waiting, statuses } = await flood(newcomers, '203.0.113.5', 30, clock);
  expect(waiting).toBeLessThanOrEqual(600);
  expect([...statuses].sort()).toEqual([429, 503]);
  // Another address still gets its turn.
  await expect(newcomers.ask('203.0.113.6', () => Promise.resolve(bad))).resolves.toBe(bad);
});

test('requests of many addresses wait in a bounded number all together', async () => {
  const clock = { now: 0 };
  const newcomers = new Newcomers({ perMinute: 120, concurrency: 4, now: () => clock.now });
  let waiting = 0;
  for (let index = 0; index < 50; index += 1) {
    waiting += (await flood(newcomers, `203.0.113.${index}`, 1, clock)).waiting;
  }
  expect(waiting).toBeLessThanOrEqual(1_100);
});

test('the budget of an address comes back with time, and what turned out to be good costs nothing of it', async () => {
  const clock = { now: 0 };
  const newcomers = new Newcomers({ perMinute: 2, concurrency: 2, now: () => clock.now });
  const ask = (finding: Finding): Promise<Finding> =>
    newcomers.ask('203.0.113.5', () => Promise.resolve(finding));
  const good = { caller: {}, until: Infinity } as Finding;
  for (let index = 0; index < 5; index += 1) await expect(ask(good)).resolves.toBe(good);
  await ask(bad);
  await ask(bad);
  await expect(ask(bad)).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: 30 } });
  clock.now += MINUTE_MS / 2;
  await expect(ask(bad)).resolves.toBe(bad);
  await expect(ask(bad)).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
});
