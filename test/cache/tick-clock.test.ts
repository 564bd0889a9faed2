import { onceATick } from '../../src/cache/tick-clock.js';

describe('a clock that is read once a tick', () => {
  it('stands still while nothing pauses, and is read anew after each pause', async () => {
    let reads = 0;
    const now = onceATick(() => (reads += 1));
    expect([now(), now(), now()]).toEqual([1, 1, 1]);
    await Promise.resolve();
    expect([now(), now()]).toEqual([2, 2]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(now()).toBe(3);
  });
});
