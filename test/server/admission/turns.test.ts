/** Whose turn it is when a process is full. */
import { NoTurn, Turns } from '../../../src/server/admission/turns.js';
import type { Asking, EndTurn, TurnLimits } from '../../../src/server/admission/turns.js';

const limits: TurnLimits = { total: 4, perCaller: 3, waiting: 8 };

/** Whoever asks, with the signal that ends his wait. */
const asking = (signal?: AbortSignal): Asking => ({ signal, hasEnded: signal?.aborted === true });

/** Takes a turn and notes in `order` when it came. */
function ask(turns: Turns, caller: string, order: string[], signal?: AbortSignal): Promise<EndTurn> {
  return Promise.resolve(turns.take(caller, true, asking(signal))).then((end) => {
    order.push(caller);
    return end;
  });
}

test('where there is room a turn is given at once, without a promise', () => {
  const end = new Turns(limits).take('a', true, asking());
  expect(end).toBeInstanceOf(Function);
});

test('a caller above his bound waits, while others run', async () => {
  const turns = new Turns(limits);
  const order: string[] = [];
  const first = await ask(turns, 'a', order);
  await ask(turns, 'a', order);
  await ask(turns, 'a', order);
  const fourth = ask(turns, 'a', order);
  await ask(turns, 'b', order);
  expect(order).toEqual(['a', 'a', 'a', 'b']);
  first();
  await fourth;
  expect(order).toEqual(['a', 'a', 'a', 'b', 'a']);
});

test('one who floods the server waits behind those who do not', async () => {
  const turns = new Turns({ total: 2, perCaller: 2, waiting: 40 });
  const order: string[] = [];
  const running = [await ask(turns, 'flood', order), await ask(turns, 'flood', order)];
  const waiting = Array.from({ length: 8 }, () => ask(turns, 'flood', order));
  const late = [ask(turns, 'b', order), ask(turns, 'c', order)];
  for (const end of running) end();
  const ends = await Promise.all(late);
  // They came last and are served next.
  expect(order).toEqual(['flood', 'flood', 'b', 'c']);
  for (const end of ends) end();
  for (const turn of waiting) (await turn)();
  expect(order).toHaveLength(12);
});

test('of those who wait, one caller takes up a quarter at most', async () => {
  const turns = new Turns({ total: 1, perCaller: 1, waiting: 8 });
  const order: string[] = [];
  const end = await ask(turns, 'a', order);
  const waiting = [ask(turns, 'a', order), ask(turns, 'a', order)];
  expect(() => turns.take('a', true, asking())).toThrow(new NoTurn('caller'));
  const other = ask(turns, 'b', order);
  end();
  (await other)();
  for (const turn of waiting) (await turn)();
  expect(order).toEqual(['a', 'b', 'a', 'a']);
});

test('who gives up leaves the line, and takes no turn with him', async () => {
  const turns = new Turns({ total: 1, perCaller: 1, waiting: 8 });
  const order: string[] = [];
  const end = await ask(turns, 'a', order);
  const leaving = new AbortController();
  const gone = ask(turns, 'b', order, leaving.signal);
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ reason: 'gave up' });
  expect(() => turns.take('b', true, asking(leaving.signal))).toThrow(NoTurn);
  end();
  (await ask(turns, 'c', order))();
  expect(order).toEqual(['a', 'c']);
});

test('callers without bounds share the process only', async () => {
  const turns = new Turns({ total: 10, perCaller: 1, waiting: 0 });
  for (let i = 0; i < 10; i += 1) expect(turns.take('anybody', false, asking())).toBeInstanceOf(Function);
  expect(() => turns.take('anybody', false, asking())).toThrow(new NoTurn('total'));
});
