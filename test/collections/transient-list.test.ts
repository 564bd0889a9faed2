import { TransientList, type ListPlace } from '../../src/collections/transient-list.js';

/** All items, by way of leaving; the list is empty afterwards. */
function drained(list: TransientList<number>, places: ReadonlyMap<number, ListPlace<number>>): number[] {
  const items = [];
  for (let first = list.first; first !== undefined; first = list.first) {
    items.push(first);
    places.get(first)?.leave();
  }
  return items;
}

test('items leave from anywhere, and those that are left keep their order', () => {
  let at = 7;
  const next = (most: number): number => (at = (at * 48_271) % 2_147_483_647) % most;
  for (let run = 0; run < 200; run += 1) {
    const list = new TransientList<number>();
    const model = new Set<number>();
    const places = new Map<number, ListPlace<number>>();
    for (let item = 0; item < 40; item += 1) {
      places.set(item, list.add(item));
      model.add(item);
      if (next(2) === 0) continue;
      const leaving = next(item + 1);
      places.get(leaving)?.leave();
      model.delete(leaving);
      expect(list.size).toBe(model.size);
      expect(list.first).toBe(model.values().next().value);
    }
    expect(drained(list, places)).toEqual([...model]);
    expect(list.size).toBe(0);
  }
});

test('who has left holds nothing, and leaving again changes nothing', () => {
  const list = new TransientList<string>();
  const [a, b, c] = [list.add('a'), list.add('b'), list.add('c')];
  b.leave();
  expect(b).toMatchObject({ item: undefined, previous: undefined, next: undefined });
  b.leave();
  expect(list.size).toBe(2);
  expect(a.next).toBe(c);
  expect(c.previous).toBe(a);
});
