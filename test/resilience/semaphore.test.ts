import { CallScope } from '../../src/enos/attempts/call-scope.js';
import { Semaphore } from '../../src/resilience/semaphore.js';

const scopes: CallScope[] = [];
const scope = (options: ConstructorParameters<typeof CallScope>[1] = {}) => {
  const made = new CallScope(60_000, options);
  scopes.push(made);
  return made;
};
afterEach(() => scopes.splice(0).forEach((made) => made.dispose()));

test('lets in what there is room for, then in order', async () => {
  const semaphore = new Semaphore(2, 10);
  expect([semaphore.tryAcquire(), semaphore.tryAcquire(), semaphore.tryAcquire()]).toEqual([
    true,
    true,
    false,
  ]);
  const order: number[] = [];
  const waits = [1, 2, 3].map((n) => semaphore.acquire(scope())?.then(() => order.push(n)));
  expect([semaphore.active, semaphore.waiting]).toEqual([2, 3]);
  semaphore.release();
  await waits[0];
  expect([semaphore.active, semaphore.waiting]).toEqual([2, 2]);
  semaphore.release();
  semaphore.release();
  await Promise.all(waits);
  expect(order).toEqual([1, 2, 3]);
  semaphore.release();
  semaphore.release();
  expect([semaphore.active, semaphore.waiting]).toEqual([0, 0]);
});

test('who leaves the queue by time or by choice is passed over', async () => {
  const semaphore = new Semaphore(1, 3);
  semaphore.tryAcquire();
  const caller = new AbortController();
  const left = semaphore.acquire(scope({ signal: caller.signal }));
  const late = semaphore.acquire(scope({ deadline: Date.now() + 20 }));
  const stays = semaphore.acquire(scope());
  expect(semaphore.hasRoom()).toBe(false);
  caller.abort();
  await expect(left).rejects.toMatchObject({ end: 'cancelled' });
  await expect(late).rejects.toMatchObject({ end: 'timeout' });
  expect([semaphore.waiting, semaphore.hasRoom()]).toEqual([1, true]);
  semaphore.release();
  await stays;
  expect(semaphore.active).toBe(1);
});

test('a queue can be sent away', async () => {
  const semaphore = new Semaphore(1, 3);
  semaphore.tryAcquire();
  const waits = [semaphore.acquire(scope()), semaphore.acquire(scope())];
  semaphore.rejectWaiting(() => new Error('closed'));
  for (const wait of waits) await expect(wait).rejects.toThrow('closed');
  expect(semaphore.waiting).toBe(0);
  semaphore.release();
  expect(semaphore.tryAcquire()).toBe(true);
});

test('permits are given in the order in which they were asked for, and no more than there are', async () => {
  const semaphore = new Semaphore(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 50 }, async (_, number) => {
      const wait = semaphore.acquire();
      if (wait !== undefined) await wait;
      order.push(number);
      inside += 1;
      most = Math.max(most, inside);
      expect(semaphore.active).toBe(inside);
      await new Promise((resolve) => setTimeout(resolve, number % 3));
      inside -= 1;
      semaphore.release();
    }),
  );
  expect(order).toEqual(Array.from({ length: 50 }, (_, number) => number));
  expect(most).toBe(2);
  expect([semaphore.active, semaphore.waiting]).toEqual([0, 0]);
});

test('nobody waits where there is room, and a permit that is given back goes to whoever waits', async () => {
  const semaphore = new Semaphore(1);
  expect(semaphore.acquire()).toBeUndefined();
  const second = semaphore.acquire();
  const third = semaphore.acquire();
  expect(semaphore.waiting).toBe(2);
  semaphore.release();
  await second;
  expect([semaphore.active, semaphore.waiting]).toEqual([1, 1]);
  semaphore.release();
  await third;
  semaphore.release();
  expect(semaphore.acquire()).toBeUndefined();
});
