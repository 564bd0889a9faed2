import { CallScope } from '../../src/enos/call-scope.js';
import { Gate } from '../../src/enos/gate.js';

const scopes: CallScope[] = [];
const scope = (options: ConstructorParameters<typeof CallScope>[1] = {}) => {
  const made = new CallScope(60_000, options);
  scopes.push(made);
  return made;
};
afterEach(() => scopes.splice(0).forEach((made) => made.dispose()));

test('lets in what there is room for, then in order', async () => {
  const gate = new Gate(2, 10);
  expect([gate.tryEnter(), gate.tryEnter(), gate.tryEnter()]).toEqual([true, true, false]);
  const order: number[] = [];
  const waits = [1, 2, 3].map((n) => gate.wait(scope()).then(() => order.push(n)));
  expect([gate.inside, gate.queued]).toEqual([2, 3]);
  gate.leave();
  await waits[0];
  expect([gate.inside, gate.queued]).toEqual([2, 2]);
  gate.leave();
  gate.leave();
  await Promise.all(waits);
  expect(order).toEqual([1, 2, 3]);
  gate.leave();
  gate.leave();
  expect([gate.inside, gate.queued]).toEqual([0, 0]);
});

test('who leaves the queue by time or by choice is passed over', async () => {
  const gate = new Gate(1, 3);
  gate.tryEnter();
  const caller = new AbortController();
  const left = gate.wait(scope({ signal: caller.signal }));
  const late = gate.wait(scope({ deadline: Date.now() + 20 }));
  const stays = gate.wait(scope());
  expect(gate.hasRoom()).toBe(false);
  caller.abort();
  await expect(left).rejects.toMatchObject({ end: 'cancelled' });
  await expect(late).rejects.toMatchObject({ end: 'timeout' });
  expect([gate.queued, gate.hasRoom()]).toEqual([1, true]);
  gate.leave();
  await stays;
  expect(gate.inside).toBe(1);
});

test('a queue can be sent away', async () => {
  const gate = new Gate(1, 3);
  gate.tryEnter();
  const waits = [gate.wait(scope()), gate.wait(scope())];
  gate.turnAway(() => new Error('closed'));
  for (const wait of waits) await expect(wait).rejects.toThrow('closed');
  expect(gate.queued).toBe(0);
  gate.leave();
  expect(gate.tryEnter()).toBe(true);
});
