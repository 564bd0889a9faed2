import { keysOfKind } from '../../src/loading/read/cache-key.js';
import { KeyTable } from '../../src/loading/read/key-table.js';
import type { LoadContext } from '../../src/loading/load-context.js';

const written = (): {
  keyOf: (parts: Parameters<ReturnType<KeyTable['startingWith']>>[0]) => string;
  count: () => number;
} => {
  let count = 0;
  const keyOf = new KeyTable().startingWith('start', (parts) => {
    count += 1;
    return JSON.stringify(parts);
  });
  return { keyOf, count: () => count };
};

describe('the table of keys', () => {
  it('writes a key once, whatever strings its parts are', () => {
    const { keyOf, count } = written();
    const first = keyOf(['asset', 'point', 1, null, true]);
    expect(keyOf([['as', 'set'].join(''), 'point', 1, null, true])).toBe(first);
    expect(count()).toBe(1);
  });

  it('tells apart what differs: order, number of parts, types that look alike', () => {
    const { keyOf } = written();
    const all = [
      ['a', 'b'],
      ['b', 'a'],
      ['a'],
      ['a', 'b', 'c'],
      ['ab'],
      ['1'],
      [1],
      ['null'],
      [null],
      ['true'],
      [true],
      [],
    ];
    expect(new Set(all.map((parts) => keyOf(parts))).size).toBe(all.length);
  });

  it('writes keys with lists and objects each time: equal ones may be different values', () => {
    const { keyOf, count } = written();
    const filter = { names: ['x'] };
    expect(keyOf(['a', filter])).toBe('["a",{"names":["x"]}]');
    filter.names.push('y');
    expect(keyOf(['a', filter])).toBe('["a",{"names":["x","y"]}]');
    expect(count()).toBe(2);
  });

  it('follows each key from where it leaves the one before', () => {
    const { keyOf, count } = written();
    const parts = ['a', 'b', null, 1];
    let at = 7;
    const next = (most: number): number => (at = (at * 48_271) % 2_147_483_647) % most;
    const seen = new Set<string>();
    for (let turn = 0; turn < 3_000; turn += 1) {
      const key = Array.from({ length: next(5) }, () => parts[next(parts.length)] ?? null);
      expect(keyOf(key)).toBe(JSON.stringify(key));
      seen.add(JSON.stringify(key));
    }
    expect(count()).toBe(seen.size);
  });

  it('stays right when it is full and forgets', () => {
    const table = new KeyTable(10);
    const write = (parts: readonly unknown[]): string => JSON.stringify(parts);
    const before = table.startingWith('start', write);
    for (let i = 0; i < 100; i += 1) {
      expect(before([`id${i}`, 'x'])).toBe(`["id${i}","x"]`);
      expect(table.startingWith('start', write)([`id${i}`, 'x'])).toBe(`["id${i}","x"]`);
    }
  });

  it('holds no more characters than it may, however long ids are', () => {
    const table = new KeyTable(1_000, 10_000);
    const write = (parts: readonly unknown[]): string => JSON.stringify(parts);
    const keyOf = table.startingWith('start', write);
    for (let i = 0; i < 1_000; i += 1) {
      const id = `${i}${'x'.repeat(i)}`;
      expect(keyOf([id])).toBe(`["${id}"]`);
      expect(table.characters).toBeLessThanOrEqual(10_000);
    }
    expect(table.characters).toBeGreaterThan(0);
  });

  it('keeps identities, gateways, editions, organizations and kinds apart', () => {
    const runtime = { keys: new KeyTable() };
    const key = (gateway: string, id: string, edition: string, orgId: string, kind: string): string => {
      const context = { enos: { gateway }, identity: { id }, settings: { edition }, runtime };
      return keysOfKind(context as unknown as LoadContext, kind)(orgId, ['x']);
    };
    const all = [
      key('g', 'i', '2.3', 'o', 'k'),
      key('h', 'i', '2.3', 'o', 'k'),
      key('g', 'j', '2.3', 'o', 'k'),
      key('g', 'i', '2.1', 'o', 'k'),
      key('g', 'i', '2.3', 'p', 'k'),
      key('g', 'i', '2.3', 'o', 'l'),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(key('g', 'i', '2.3', 'o', 'k')).toBe(all[0]);
  });
});
