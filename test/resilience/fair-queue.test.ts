/** Whose turn it is when a process is full. */
import { QueueRejected, FairQueue } from '../../src/resilience/fair-queue.js';
import type { Entrant, Release, FairQueueLimits } from '../../src/resilience/fair-queue.js';

const limits: FairQueueLimits = { total: 4, perCaller: 3, waiting: 8 };

/** Whoever asks, with the signal that ends his wait. */
const asking = (signal?: AbortSignal): Entrant => ({ signal, hasEnded: signal?.aborted === true });

/** Takes a turn and notes in `order` when it came. */
function ask(queue: FairQueue, caller: string, order: string[], signal?: AbortSignal): Promise<Release> {
  return Promise.resolve(queue.enter(caller, true, asking(signal))).then((end) => {
    order.push(caller);
    return end;
  });
}

test('where there is room a turn is given at once, without a promise', () => {
  const end = new FairQueue(limits).enter('a', true, asking());
  expect(end).toBeInstanceOf(Function);
});

test('a caller above his bound waits, while others run', async () => {
  const queue = new FairQueue(limits);
  const order: string[] = [];
  const first = await ask(queue, 'a', order);
  await ask(queue, 'a', order);
  await ask(queue, 'a', order);
  const fourth = ask(queue, 'a', order);
  await ask(queue, 'b', order);
  expect(order).toEqual(['a', 'a', 'a', 'b']);
  first();
  await fourth;
  expect(order).toEqual(['a', 'a', 'a', 'b', 'a']);
});

test('one who floods the server waits behind those who do not', async () => {
  const queue = new FairQueue({ total: 2, perCaller: 2, waiting: 40 });
  const order: string[] = [];
  const running = [await ask(queue, 'flood', order), await ask(queue, 'flood', order)];
  const waiting = Array.from({ length: 8 }, () => ask(queue, 'flood', order));
  const late = [ask(queue, 'b', order), ask(queue, 'c', order)];
  for (const end of running) end();
  const ends = await Promise.all(late);
  // They came last and are served next.
  expect(order).toEqual(['flood', 'flood', 'b', 'c']);
  for (const end of ends) end();
  for (const turn of waiting) (await turn)();
  expect(order).toHaveLength(12);
});

test('of those who wait, one caller takes up a quarter at most', async () => {
  const queue = new FairQueue({ total: 1, perCaller: 1, waiting: 8 });
  const order: string[] = [];
  const end = await ask(queue, 'a', order);
  const waiting = [ask(queue, 'a', order), ask(queue, 'a', order)];
  expect(() => queue.enter('a', true, asking())).toThrow(new QueueRejected('caller'));
  const other = ask(queue, 'b', order);
  end();
  (await other)();
  for (const turn of waiting) (await turn)();
  expect(order).toEqual(['a', 'b', 'a', 'a']);
});

test('who gives up leaves the line, and takes no turn with him', async () => {
  const queue = new FairQueue({ total: 1, perCaller: 1, waiting: 8 });
  const order: string[] = [];
  const end = await ask(queue, 'a', order);
  const leaving = new AbortController();
  const gone = ask(queue, 'b', order, leaving.signal);
  leaving.abort();
  await expect(gone).rejects.toMatchObject({ reason: 'gave up' });
  expect(() => queue.enter('b', true, asking(leaving.signal))).toThrow(QueueRejected);
  end();
  (await ask(queue, 'c', order))();
  expect(order).toEqual(['a', 'c']);
});

test('callers without bounds share the process only', async () => {
  const queue = new FairQueue({ total: 10, perCaller: 1, waiting: 0 });
  for (let i = 0; i < 10; i += 1) expect(queue.enter('anybody', false, asking())).toBeInstanceOf(Function);
  expect(() => queue.enter('anybody', false, asking())).toThrow(new QueueRejected('total'));
});
