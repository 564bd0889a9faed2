import { DateTime } from 'luxon';
import { InputError } from '../../../src/loading/common.js';
import { gridOf, type Grid, type Interval } from '../../../src/loading/series/intervals/grid.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const at = (text: string, zone = 'utc'): number => DateTime.fromISO(text, { zone }).toMillis();

/** The intervals of a grid as [start, end], put together from its runs. */
function cellsOf(grid: Grid): [number, number][] {
  const cells = new Map<number, [number, number]>();
  for (const { start, minutes, count, cells: owners } of grid.runs) {
    for (let index = 0; index < count; index += 1) {
      const from = start + index * minutes * MINUTE;
      const to = from + minutes * MINUTE;
      const owner = owners ? owners[index] : from;
      if (owner === undefined) throw new Error('a part without an interval');
      const cell = cells.get(owner);
      if (cell && cell[1] !== from) throw new Error('an interval with a hole');
      cells.set(owner, [owner, to]);
    }
  }
  return [...cells.values()].sort((a, b) => a[0] - b[0]);
}

/** What holds for every grid: whole, gapless, covering, and the same however it is looked at. */
function expectSound(grid: Grid, from: number, to: number): [number, number][] {
  const cells = cellsOf(grid);
  expect(cells).toHaveLength(grid.count);
  expect(cells[0]?.[0]).toBe(grid.from);
  expect(cells.at(-1)?.[1]).toBe(grid.to);
  const broken = cells.filter(
    ([start, end], index) =>
      (index > 0 && start !== cells[index - 1]?.[1]) ||
      grid.cellAt(start) !== start ||
      grid.cellAt(end - 1) !== start,
  );
  expect(broken).toEqual([]);
  expect(grid.from).toBeLessThanOrEqual(from);
  expect(cells[0]?.[1]).toBeGreaterThan(from);
  expect(grid.to).toBeGreaterThanOrEqual(to);
  expect(cells.at(-1)?.[0]).toBeLessThan(to);
  for (const run of grid.runs) expect(run.minutes).toBeLessThanOrEqual(1440);
  return cells;
}

const local = (time: number, zone: string): string =>
  DateTime.fromMillis(time, { zone }).toFormat('MM-dd HH:mm');

describe('the grid of an aggregated series', () => {
  it('floors the start and takes the last interval whole', () => {
    const from = at('2024-03-10T08:07:30');
    const to = at('2024-03-10T08:50:01');
    const grid = gridOf(from, to, { minutes: 10 }, 'UTC');
    expectSound(grid, from, to);
    expect(grid.from).toBe(at('2024-03-10T08:00:00'));
    expect(grid.to).toBe(at('2024-03-10T09:00:00'));
    expect(grid.runs).toEqual([{ start: grid.from, minutes: 10, count: 6, cells: null }]);
    expect(gridOf(from, at('2024-03-10T08:50:00'), { minutes: 10 }, 'UTC').count).toBe(5);
  });

  it('counts from local midnight, also where the offset is no multiple of the interval', () => {
    const from = at('2024-03-10T08:07:00');
    const grid = gridOf(from, from + 1, { minutes: 60 }, '+05:30');
    expect(local(grid.from, 'UTC+5:30')).toBe('03-10 13:00');
    expect(grid.from).toBe(at('2024-03-10T07:30:00'));
    const newfoundland = gridOf(from, from + 1, { minutes: 360 }, '-03:30');
    expect(newfoundland.from).toBe(at('2024-03-10T03:30:00'));
  });

  it.each([
    ['Europe/Copenhagen', '2024-03-31', 23],
    ['Europe/Copenhagen', '2024-10-27', 25],
    ['America/Denver', '2024-03-10', 23],
    ['America/Denver', '2024-11-03', 25],
    ['Australia/Lord_Howe', '2024-10-06', 23.5],
    ['Australia/Lord_Howe', '2024-04-07', 24.5],
    ['America/Havana', '2024-11-03', 25],
    ['America/Havana', '2024-03-10', 23],
    ['Asia/Beirut', '2024-03-31', 23],
    ['+08:00', '2024-03-31', 24],
    ['-07:00', '2024-11-03', 24],
  ])('%s, %s: a day of %d hours, put together from parts where it is no 24', (zone, date, hours) => {
    const luxonZone = /^[+-]/.test(zone) ? `UTC${zone}` : zone;
    const noon = at(`${date}T12:00:00`, luxonZone);
    const grid = gridOf(noon, noon + 1, { days: 1 }, zone);
    const [cell] = expectSound(grid, noon, noon + 1);
    expect(grid.count).toBe(1);
    expect((grid.to - grid.from) / HOUR).toBe(hours);
    expect(DateTime.fromMillis(grid.from, { zone: luxonZone }).toISODate()).toBe(date);
    expect(DateTime.fromMillis(grid.from - 1, { zone: luxonZone }).toISODate()).not.toBe(date);
    expect(cell?.[1]).toBe(grid.to);
    const [run] = grid.runs;
    expect(run?.cells === null).toBe(hours === 24);
    expect(run?.minutes).toBe(hours === 24 ? 1440 : Number.isInteger(hours) ? 60 : 30);
  });

  it.each(['Europe/Copenhagen', 'America/Denver', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kolkata'])(
    '%s: intervals of any length are gapless over a whole year and start at their local multiples',
    (zone) => {
      const from = at('2024-01-01T03:17:00', zone);
      const to = at('2025-01-01T05:00:00', zone);
      for (const minutes of [30, 60, 120, 180, 240, 360, 720, 1440]) {
        const grid = gridOf(from, to, { minutes }, zone);
        const cells = expectSound(grid, from, to);
        const unusual = cells.filter(([start, end]) => end - start !== minutes * MINUTE);
        expect(unusual.length).toBeLessThanOrEqual(6);
        const off = cells.filter(([start]) => {
          const { hour, minute } = DateTime.fromMillis(start, { zone });
          return (hour * 60 + minute) % minutes !== 0;
        });
        // Only where the clock jumps over a multiple does the jump itself begin an interval.
        expect(off.length).toBeLessThanOrEqual(1);
      }
    },
  );

  it('keeps ten-minute intervals in one run through a change of the clock', () => {
    const from = at('2024-03-30T00:00:00', 'Europe/Copenhagen');
    const to = at('2024-04-02T00:00:00', 'Europe/Copenhagen');
    const grid = gridOf(from, to, { minutes: 10 }, 'Europe/Copenhagen');
    expectSound(grid, from, to);
    expect(grid.runs).toEqual([{ start: from, minutes: 10, count: 71 * 6, cells: null }]);
  });

  it('follows the local clock where six-hour intervals meet a change of it', () => {
    const zone = 'Europe/Copenhagen';
    const from = at('2024-10-27T00:00:00', zone);
    const to = at('2024-10-28T00:00:00', zone);
    const cells = expectSound(gridOf(from, to, { minutes: 360 }, zone), from, to);
    expect(cells.map(([start]) => local(start, zone))).toEqual([
      '10-27 00:00',
      '10-27 06:00',
      '10-27 12:00',
      '10-27 18:00',
    ]);
    expect(cells.map(([start, end]) => (end - start) / HOUR)).toEqual([7, 6, 6, 6]);
  });

  it('covers a year of days in runs cut at the two changes', () => {
    const zone = 'America/Denver';
    const from = at('2024-01-01T00:00:00', zone);
    const to = at('2025-01-01T00:00:00', zone);
    const grid = gridOf(from, to, { days: 1 }, zone);
    expectSound(grid, from, to);
    expect(grid.count).toBe(366);
    expect(grid.runs.map(({ minutes, count }) => [minutes, count])).toEqual([
      [1440, 69],
      [60, 23],
      [1440, 237],
      [60, 25],
      [1440, 58],
    ]);
  });

  it('counts intervals of several days from the local 1970-01-01 and puts them together from days', () => {
    const zone = 'Europe/Copenhagen';
    const from = at('2024-03-28T10:00:00', zone);
    const to = at('2024-04-12T00:00:00', zone);
    const grid = gridOf(from, to, { days: 7 }, zone);
    const cells = expectSound(grid, from, to);
    expect(cells.map(([start]) => local(start, zone))).toEqual(['03-28 00:00', '04-04 00:00', '04-11 00:00']);
    const dayNumber = Math.round(at('2024-03-28T00:00:00') / (24 * HOUR));
    expect(dayNumber % 7).toBe(0);
    expect(grid.runs.every((run) => run.cells !== null)).toBe(true);
    expect(grid.to - grid.from).toBe(21 * 24 * HOUR - HOUR);
  });

  it('skips a day that a zone left out', () => {
    const zone = 'Pacific/Apia';
    const from = at('2011-12-28T00:00:00', zone);
    const to = at('2012-01-02T00:00:00', zone);
    const cells = expectSound(gridOf(from, to, { days: 1 }, zone), from, to);
    expect(cells.map(([start]) => local(start, zone))).toEqual([
      '12-28 00:00',
      '12-29 00:00',
      '12-31 00:00',
      '01-01 00:00',
    ]);
  });

  it.each<[Interval, string]>([
    [{ minutes: 0 }, 'interval'],
    [{ minutes: 7 }, 'interval'],
    [{ minutes: 7.5 }, 'interval'],
    [{ minutes: 1000 }, 'interval'],
    [{ minutes: 1500 }, 'interval'],
    [{ days: 0 }, 'interval'],
    [{ days: 1.5 }, 'interval'],
  ])('refuses %j', (interval, argument) => {
    const attempt = (): Grid => gridOf(0, HOUR, interval, 'UTC');
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(argument);
  });

  it('refuses unknown zones, empty stretches and stretches without end', () => {
    expect(() => gridOf(0, HOUR, { minutes: 10 }, 'Mars/Olympus')).toThrow(/time zone "Mars\/Olympus"/);
    expect(() => gridOf(HOUR, HOUR, { minutes: 10 }, 'UTC')).toThrow(/to must be after from/);
    expect(() => gridOf(0, 4e12, { minutes: 10 }, 'UTC')).toThrow(/100 years/);
  });

  it('takes minutes that make whole days as days', () => {
    const zone = 'Europe/Copenhagen';
    const noon = at('2024-03-31T12:00:00', zone);
    expect(gridOf(noon, noon + 1, { minutes: 1440 }, zone).runs).toEqual(
      gridOf(noon, noon + 1, { days: 1 }, zone).runs,
    );
  });
});
