import {
  TagTable,
  NOWHERE,
  isPosition,
  localPosition,
  positionBeyond,
  positionOf,
  streamIdOf,
} from '../../src/cache/tags/table.js';

const at = (number: number) => localPosition(number);
const entry = (number: number, ...tags: string[]) => ({ tags, position: at(number) });

function setUp(options: { maxTags?: number; writeLagMs?: number } = {}) {
  const clock = { now: 1_000 };
  const table = new TagTable(options, () => clock.now);
  return { table, clock };
}

describe('TagTable', () => {
  it('tells by the order of invalidations, tag by tag', () => {
    const { table } = setUp();
    table.apply(['one'], at(5));
    table.apply(['two'], at(7));
    expect(table.admits(entry(4, 'one'))).toBe(false);
    expect(table.admits(entry(5, 'one'))).toBe(true);
    expect(table.admits(entry(6, 'one', 'two'))).toBe(false);
    expect(table.admits(entry(7, 'one', 'two'))).toBe(true);
    expect(table.admits(entry(0, 'three'))).toBe(true);
    expect(table.admits({ tags: [], position: NOWHERE })).toBe(true);
  });

  it('counts an invalidation against everything until its place is known', () => {
    const { table } = setUp({ writeLagMs: 0 });
    const before = table.version;
    table.begin(['one']);
    table.begin(['one', 'two']);
    expect(table.version).toBeGreaterThan(before);
    expect(table.admits(entry(9, 'one'))).toBe(false);
    table.settle(['one'], at(5), 1_000);
    expect(table.admits(entry(9, 'one'))).toBe(false);
    table.settle(['one', 'two'], at(6), 1_000);
    expect(table.admits(entry(5, 'one'))).toBe(false);
    expect(table.admits(entry(6, 'one', 'two'))).toBe(true);
  });

  it('keeps the later of two places, whichever it hears of first, and counts what it hears twice once', () => {
    const { table } = setUp();
    table.apply(['one'], at(7));
    table.begin(['one']);
    table.settle(['one'], at(5), 1_000);
    expect(table.admits(entry(6, 'one'))).toBe(false);
    table.apply(['one'], at(7));
    expect(table.invalidations).toBe(2);
  });

  it('merges the oldest into a floor when it is full, and never forgets one', () => {
    const { table } = setUp({ maxTags: 10 });
    for (let i = 1; i <= 100; i += 1) table.apply([`tag-${i}`], at(i));
    for (let i = 1; i <= 100; i += 1) {
      expect(table.admits(entry(i - 1, `tag-${i}`))).toBe(false);
      expect(table.admits(entry(100, `tag-${i}`))).toBe(true);
    }
    // The price: what is older than the floor is refused whatever its tags are.
    expect(table.admits(entry(89, 'other'))).toBe(false);
    expect(table.admits(entry(90, 'other'))).toBe(true);
  });

  it('keeps nothing that was fetched within the write lag', () => {
    const { table, clock } = setUp({ writeLagMs: 500 });
    table.apply(['one'], at(1));
    table.advance(at(1));
    const within = table.token();
    clock.now += 499;
    const stillWithin = table.token();
    clock.now += 1;
    const after = table.token();
    for (const [token, kept] of [
      [within, false],
      [stillWithin, false],
      [after, true],
    ] as const) {
      expect(table.admitsFetched(['one'], token)).toBe(kept);
      expect(table.admitsFetched(['two'], token)).toBe(true);
    }
  });

  it('counts a floor that has begun against everything with a tag', () => {
    const { table } = setUp();
    table.beginFloor();
    expect(table.admits(entry(9, 'one'))).toBe(false);
    expect(table.admits(entry(9))).toBe(true);
    table.settleFloor(at(5));
    expect(table.admits(entry(9, 'one'))).toBe(true);
    expect(table.admits(entry(4, 'one'))).toBe(false);
  });
});

describe('positions', () => {
  it('compare as text in the order of the ids of a stream', () => {
    const ids = ['0-1', '9-9', '9-10', '10-0', '1700000000000-0', '1700000000000-12'];
    const positions = ids.map((id) => positionOf(id) ?? '');
    expect(positions.every(isPosition)).toBe(true);
    expect([NOWHERE, ...positions].sort()).toEqual([NOWHERE, ...positions]);
    expect(positions.map(streamIdOf)).toEqual(ids);
    expect(streamIdOf(NOWHERE)).toBe('0-0');
    expect(positionBeyond(positionOf('9-10') ?? '')).toBe(positionOf('10-0'));
  });

  it.each(['', '1', '1-', '-1', 'x-1', '1-2-3', '123456789012345-0', '0-12345678901'])(
    'refuses "%s"',
    (id) => {
      expect(positionOf(id)).toBeUndefined();
    },
  );
});
