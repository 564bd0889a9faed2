import { TransientMap } from '../../src/collections/transient-map.js';

describe('a map of what comes and goes', () => {
  it('answers like a Map, however often it is replaced behind', () => {
    const map = new TransientMap<number, string>();
    const model = new Map<number, string>();
    let at = 11;
    const next = (most: number): number => (at = (at * 48_271) % 2_147_483_647) % most;
    for (let turn = 0; turn < 40_000; turn += 1) {
      const key = next(300);
      if (next(2) === 0) {
        map.set(key, `${turn}`);
        model.set(key, `${turn}`);
      } else {
        expect(map.delete(key)).toBe(model.delete(key));
      }
      const other = next(300);
      expect(map.get(other)).toBe(model.get(other));
      expect(map.size).toBe(model.size);
    }
    for (let key = 0; key < 300; key += 1) expect(map.get(key)).toBe(model.get(key));
  });

  it('keeps what stays while thousands come and go', () => {
    const map = new TransientMap<number, boolean>();
    map.set(-1, true);
    for (let key = 0; key < 5_000; key += 1) {
      map.set(key, true);
      if (key > 0) map.delete(key - 1);
    }
    expect(map.get(-1)).toBe(true);
    expect(map.get(4_999)).toBe(true);
    expect(map.size).toBe(2);
  });
});
