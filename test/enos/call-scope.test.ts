import { getEventListeners } from 'node:events';
import { CallEnded, CallScope } from '../../src/enos/attempts/call-scope.js';

const never = () => new Promise<void>(() => undefined);

test('ends with its time, at the deadline if that is earlier', async () => {
  const short = new CallScope(10);
  await expect(short.race(never())).rejects.toEqual(new CallEnded('timeout'));
  expect(short.remaining()).toBe(0);
  const bound = new CallScope(60_000, { deadline: Date.now() + 10 });
  await expect(bound.sleep(60_000)).rejects.toMatchObject({ end: 'timeout' });
});

test('a deadline that moves is met where it is at last', async () => {
  let deadline = Date.now() + 20;
  const scope = new CallScope(60_000, { deadline: () => deadline });
  expect(scope.remaining()).toBeLessThanOrEqual(20);
  const moved = (deadline += 80);
  expect(scope.cutShort).toBe(true);
  await expect(scope.race(never())).rejects.toEqual(new CallEnded('timeout'));
  expect(Date.now()).toBeGreaterThanOrEqual(moved);
});

test('no deadline is longer than the time that every call has', async () => {
  const scope = new CallScope(10, { deadline: () => Infinity });
  expect(scope.cutShort).toBe(false);
  await expect(scope.race(never())).rejects.toEqual(new CallEnded('timeout'));
});

test('a deadline that has passed and a caller that has left end it at once', () => {
  expect(new CallScope(1000, { deadline: Date.now() - 1 }).ended).toMatchObject({ end: 'timeout' });
  expect(new CallScope(1000, { signal: AbortSignal.abort() }).ended).toMatchObject({
    end: 'cancelled',
  });
});

test('ends with its caller', async () => {
  const caller = new AbortController();
  const scope = new CallScope(60_000, { signal: caller.signal });
  const waiting = scope.race(never());
  caller.abort(new Error("the caller's own reason"));
  await expect(waiting).rejects.toEqual(new CallEnded('cancelled'));
  scope.dispose();
});

test('lets what ends in time through, result and error alike', async () => {
  const scope = new CallScope(60_000);
  await expect(scope.race(Promise.resolve(1))).resolves.toBe(1);
  await expect(scope.race(Promise.reject(new Error('own')))).rejects.toThrow('own');
  await scope.sleep(1);
  expect(scope.remaining()).toBeGreaterThan(1000);
  scope.dispose();
});

test('leaves nothing behind at the caller', () => {
  const caller = new AbortController();
  const scope = new CallScope(60_000, { signal: caller.signal });
  scope.dispose();
  expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
});

test('many calls end each at its own time, no earlier', async () => {
  const ends = Array.from({ length: 200 }, (_, i) => Date.now() + 30 + i);
  const late = await Promise.all(
    ends.map(async (deadline) => {
      await new CallScope(60_000, { deadline }).race(never()).catch(() => undefined);
      return Date.now() - deadline;
    }),
  );
  // A timer and the wall clock count milliseconds from different moments: they may differ by one.
  expect(Math.min(...late)).toBeGreaterThanOrEqual(-1);
});
