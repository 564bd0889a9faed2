/**
 * The grid of an aggregated series: which intervals a time range consists of, and with which `startTime` and `interval` EnOS
 * is asked for them. Intervals start at local times that are multiples of their length counted from midnight; days start
 * at local midnight; a time range is covered by whole intervals. Where the clock changes, an interval may be longer or
 * shorter than its name says: it is then asked in equal smaller parts, which the reader combines. Pure.
 */
import { InputError } from '../../common.js';
import { timeZone, type OffsetSegment } from './zone.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Longest time range: keeps the search for clock changes short. */
const MAX_STRETCH = 100 * 366 * DAY;

/** Length of an interval: whole minutes that divide a day, or whole days. */
export type Interval = { minutes: number } | { days: number };

/** Consecutive intervals of equal real length: what one aggregated read can return. */
export interface IntervalRun {
  /** Unix milliseconds of the first interval: the `startTime` to send. */
  readonly start: number;
  /** Length of each: the `interval` to send. */
  readonly minutes: number;
  readonly count: number;
  /** Start of the grid interval that each belongs to; null where each is a whole grid interval itself. */
  readonly cells: readonly number[] | null;
}

/** Intervals that cover a time range. */
export interface Grid {
  /** Start of the first interval, Unix milliseconds. */
  readonly from: number;
  /** End of the last interval. */
  readonly to: number;
  /** Number of intervals. */
  readonly count: number;
  readonly runs: readonly IntervalRun[];
  /** Start of the interval that an instant lies in; null outside the grid. */
  cellAt(time: number): number | null;
}

/** Consecutive grid intervals of equal length in milliseconds. */
interface CellRun {
  start: number;
  length: number;
  count: number;
}

/** Checks an interval and writes whole days as days. */
export function normalizeInterval(interval: Interval): Interval {
  if ('days' in interval) {
    if (!Number.isInteger(interval.days) || interval.days < 1 || interval.days > 366) {
      throw new InputError('interval must be 1 to 366 whole days', 'interval');
    }
    return interval;
  }
  const { minutes } = interval;
  if (Number.isInteger(minutes) && minutes > 0) {
    if (minutes % 1440 === 0) return normalizeInterval({ days: minutes / 1440 });
    if (1440 % minutes === 0) return interval;
  }
  throw new InputError(
    'interval must be whole minutes that divide a day (1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 30, ' +
      '32, 36, 40, 45, 48, 60, 72, 80, 90, 96, 120, 144, 160, 180, 240, 288, 360, 480, 720), or whole days',
    'interval',
  );
}

/** The whole intervals that overlap [from, to), in a zone. Refuses empty and endless time ranges and unknown zones. */
export function gridOf(from: number, to: number, wanted: Interval, zoneName: string): Grid {
  const interval = normalizeInterval(wanted);
  if (!(from < to)) throw new InputError('to must be after from', 'to');
  if (to - from > MAX_STRETCH) throw new InputError('from and to may lie at most 100 years apart', 'to');
  const days = 'days' in interval ? interval.days : 0;
  const nominal = 'days' in interval ? DAY : interval.minutes * MINUTE;
  const margin = (days + 2) * DAY;
  const segments = timeZone(zoneName).segments(from - margin, to + margin);
  const base = baseCells(segments, nominal);
  if (days > 1) return groupDays(base, segments, days, from, to);
  const cells = clip(base, from, to);
  return grid(
    cells,
    cells.flatMap((run) => (run.length === nominal ? [whole(run)] : fractions(run))),
  );
}

/** `gridOf`, with grids of the same question made once: the points of a request mostly ask the same. */
export function rememberedGrids(): typeof gridOf {
  const grids = new Map<string, Grid>();
  return (from, to, interval, zone) => {
    const name = JSON.stringify([from, to, interval, zone]);
    let known = grids.get(name);
    if (known === undefined) grids.set(name, (known = gridOf(from, to, interval, zone)));
    return known;
  };
}

/** All intervals of the nominal length that start within the segments, lengths as they really are. */
function baseCells(segments: readonly OffsetSegment[], nominal: number): CellRun[] {
  const runs: CellRun[] = [];
  let previous: number | undefined;
  const boundary = (first: number, count: number): void => {
    if (previous !== undefined) append(runs, previous, first - previous, 1);
    append(runs, first, nominal, count - 1);
    previous = first + (count - 1) * nominal;
  };
  segments.forEach((segment, index) => {
    const before = index > 0 ? segments[index - 1]?.offset : undefined;
    const { start, end, offset } = segment;
    let from = start;
    if (before !== undefined && offset > before) {
      // The clock jumps over a boundary: the jump stands for it.
      const skipped = Math.ceil((start + before) / nominal) * nominal;
      if (skipped < start + offset) {
        boundary(start, 1);
        from = start + 1;
      }
    } else if (before !== undefined && before - offset < nominal) {
      // An hour that comes twice does not begin a longer interval twice.
      from = start + (before - offset);
    }
    const first = Math.ceil((from + offset) / nominal) * nominal - offset;
    const count = Math.ceil((end - first) / nominal);
    if (count > 0) boundary(first, count);
  });
  return runs;
}

function append(runs: CellRun[], start: number, length: number, count: number): void {
  if (count <= 0 || length <= 0) return;
  const last = runs.at(-1);
  if (last && last.length === length && last.start + last.length * last.count === start) last.count += count;
  else runs.push({ start, length, count });
}

/** The cells that overlap [from, to). */
function clip(runs: readonly CellRun[], from: number, to: number): CellRun[] {
  const kept: CellRun[] = [];
  for (const { start, length, count } of runs) {
    const first = Math.max(0, Math.floor((from - start) / length));
    const end = Math.min(count, Math.ceil((to - start) / length));
    if (end > first) kept.push({ start: start + first * length, length, count: end - first });
  }
  return kept;
}

function groupDays(
  base: readonly CellRun[],
  segments: readonly OffsetSegment[],
  days: number,
  from: number,
  to: number,
): Grid {
  // Where local midnight is skipped, the first instant of the day is not 00:00 but carries the day's date all the same.
  const group = (time: number): number =>
    Math.floor(Math.floor((time + offsetAt(segments, time)) / DAY) / days);
  const cells: CellRun[] = [];
  const members: { start: number; length: number; cell: number }[] = [];
  let open:
    { start: number; end: number; group: number; days: { start: number; length: number }[] } | undefined;
  const close = (): void => {
    if (!open || open.end <= from || open.start >= to) return;
    append(cells, open.start, open.end - open.start, 1);
    for (const day of open.days) members.push({ ...day, cell: open.start });
  };
  for (const run of base) {
    for (let index = 0; index < run.count; index += 1) {
      const start = run.start + index * run.length;
      const id = group(start);
      if (open?.group !== id) {
        close();
        open = { start, end: start, group: id, days: [] };
      }
      open.days.push({ start, length: run.length });
      open.end = start + run.length;
    }
  }
  close();
  const runs: (IntervalRun & { cells: number[] })[] = [];
  for (const { start, length, cell } of members) {
    const minutes = length === DAY ? 1440 : partMinutes(length);
    let last = runs.at(-1);
    if (last?.minutes !== minutes || last.start + last.cells.length * minutes * MINUTE !== start) {
      last = { start, minutes, count: 0, cells: [] };
      runs.push(last);
    }
    for (let part = length / (minutes * MINUTE); part > 0; part -= 1) last.cells.push(cell);
  }
  return grid(
    cells,
    runs.map((run) => ({ ...run, count: run.cells.length })),
  );
}

function offsetAt(segments: readonly OffsetSegment[], time: number): number {
  return segments.find((segment) => time < segment.end)?.offset ?? segments.at(-1)?.offset ?? 0;
}

function whole(run: CellRun): IntervalRun {
  return { start: run.start, minutes: run.length / MINUTE, count: run.count, cells: null };
}

/** Intervals of unusual length, cut into equal parts. */
function fractions(run: CellRun): IntervalRun[] {
  const minutes = partMinutes(run.length);
  const parts = run.length / (minutes * MINUTE);
  const cells: number[] = [];
  for (let index = 0; index < run.count; index += 1) {
    for (let part = 0; part < parts; part += 1) cells.push(run.start + index * run.length);
  }
  return [{ start: run.start, minutes, count: cells.length, cells }];
}

/** The longest part of up to an hour that divides a length evenly. */
function partMinutes(length: number): number {
  if (length % MINUTE !== 0) {
    throw new InputError('The asset changed its clock by a fraction of a minute in this stretch', 'from');
  }
  let [a, b] = [length / MINUTE, 60];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function grid(cells: readonly CellRun[], runs: readonly IntervalRun[]): Grid {
  const first = cells[0];
  const last = cells.at(-1);
  if (!first || !last) throw new InputError('No interval lies between from and to', 'to');
  return {
    from: first.start,
    to: last.start + last.length * last.count,
    count: cells.reduce((sum, run) => sum + run.count, 0),
    runs,
    cellAt(time) {
      for (const { start, length, count } of cells) {
        if (time < start) return null;
        if (time < start + length * count) return start + Math.floor((time - start) / length) * length;
      }
      return null;
    },
  };
}
