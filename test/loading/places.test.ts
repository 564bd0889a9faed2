import { Places } from '../../src/loading/places.js';

test('places are given in the order in which they were asked for, and no more than there are', async () => {
  const places = new Places(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 50 }, async (_, number) => {
      const wait = places.enter();
      if (wait !== undefined) await wait;
      order.push(number);
      inside += 1;
      most = Math.max(most, inside);
      expect(places.activeCount).toBe(inside);
      await new Promise((resolve) => setTimeout(resolve, number % 3));
      inside -= 1;
      places.leave();
    }),
  );
  expect(order).toEqual(Array.from({ length: 50 }, (_, number) => number));
  expect(most).toBe(2);
  expect([places.activeCount, places.pendingCount]).toEqual([0, 0]);
});

test('nobody waits where there is room, and a place that is left goes to whoever waits', async () => {
  const places = new Places(1);
  expect(places.enter()).toBeUndefined();
  const second = places.enter();
  const third = places.enter();
  expect(places.pendingCount).toBe(2);
  places.leave();
  await second;
  expect([places.activeCount, places.pendingCount]).toEqual([1, 1]);
  places.leave();
  await third;
  places.leave();
  expect(places.enter()).toBeUndefined();
});
