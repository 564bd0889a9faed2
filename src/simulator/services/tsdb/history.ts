/**
 * Raw history of one pair: pages from either end, and what boundaryType adds to them.
 */
import type { OperationRequest, SimulatorContext } from '../../operation.js';
import type { WorldSample } from '../../world/world.js';
import { normalized } from './aggregation.js';
import type { Reading } from './items.js';
import type { Pair } from './request.js';
import { invalid, optionalNumber } from './request.js';
import type { Range } from './time.js';

type BoundaryType = 'inside' | 'outside' | 'interpolated' | 'sample';
type Interpolation = 'linear' | 'previous' | 'near' | 'after';

/** What boundaryType, interval and interpolation ask for. */
export interface Boundary {
  type: BoundaryType;
  /** Milliseconds between samples. */
  every: number;
  interpolation: Interpolation | undefined;
}

/** Only the stored records of the range. */
export const INSIDE: Boundary = { type: 'inside', every: 60_000, interpolation: undefined };

/** The boundary of a request. EnOS ties it to points stored compressed; here it works on every point. */
export function boundaryOf(body: OperationRequest['body']): Boundary {
  const seconds = optionalNumber(body, 'interval') ?? 60;
  if (seconds < 1) throw invalid('interval is below 1 second');
  return {
    type: (body['boundaryType'] as BoundaryType | undefined) ?? 'inside',
    every: seconds * 1000,
    interpolation: body['interpolation'] as Interpolation | undefined,
  };
}

/** True for orderBy "timestamp desc"; 80400 for an order that does not exist. */
export function isDescending(body: OperationRequest['body']): boolean {
  const order = body['orderBy'] ?? 'timestamp asc';
  if (order !== 'timestamp asc' && order !== 'timestamp desc') throw invalid('orderBy');
  return order === 'timestamp desc';
}

/** At most `size` readings of the range: the earliest, or with `descending` the newest. */
export function page(
  context: SimulatorContext,
  pair: Pair,
  range: Range,
  size: number,
  descending: boolean,
  boundary: Boundary,
): Reading[] {
  const records = new Records(context, pair);
  if (boundary.type === 'sample') {
    const times = sampleTimes(range, boundary.every, size, descending);
    const sampled = times.map((time) => records.interpolated(time, boundary.interpolation));
    return sampled.every(({ value }) => value === null) ? [] : sampled;
  }
  const edges = edgeReadings(records, range, boundary);
  if (descending) {
    const inside = take(records.backwards(range), size);
    return [...edges.after, ...inside, ...edges.before].slice(0, size);
  }
  const inside = take(records.forwards(range), size);
  // A full page of the earliest records does not reach the end of the range.
  return [...edges.before, ...inside, ...edges.after].slice(0, size);
}

function sampleTimes({ from, to }: Range, every: number, size: number, descending: boolean): number[] {
  const count = Math.ceil((to - from) / every);
  const kept = Math.min(count, size);
  return Array.from({ length: kept }, (_, i) => from + (descending ? count - 1 - i : i) * every);
}

function edgeReadings(
  records: Records,
  { from, to }: Range,
  boundary: Boundary,
): { before: Reading[]; after: Reading[] } {
  if (boundary.type === 'outside') {
    return { before: known(records.before(from)), after: known(records.after(to)) };
  }
  if (boundary.type === 'interpolated') {
    const first = records.first(from, to);
    const startStored = first?.time === from;
    return {
      before: startStored ? [] : filled(records.interpolated(from, boundary.interpolation)),
      after: filled(records.interpolated(to, boundary.interpolation)),
    };
  }
  return { before: [], after: [] };
}

function known(sample: WorldSample | null): Reading[] {
  return sample ? [sample] : [];
}

function filled(reading: Reading): Reading[] {
  return reading.value === null ? [] : [reading];
}

function take(samples: Iterable<WorldSample>, size: number): WorldSample[] {
  const taken: WorldSample[] = [];
  for (const sample of samples) {
    if (taken.length >= size) break;
    taken.push(sample);
  }
  return taken;
}

/** The stored records of a pair. */
class Records {
  private readonly source: SimulatorContext['world']['series'];

  constructor(
    context: SimulatorContext,
    private readonly pair: Pair,
  ) {
    this.source = context.world.series;
  }

  forwards({ from, to }: Range): Iterable<WorldSample> {
    const { asset, pointId, kinds } = this.pair;
    // A point stored per minute only has no raw records to show.
    if (kinds.includes('AI_NORMALIZED') && !kinds.includes('AI_RAW')) {
      return normalized(this.source, asset.assetId, pointId, { from, to });
    }
    return this.source.read(asset.assetId, pointId, from, to);
  }

  *backwards(range: Range): Iterable<WorldSample> {
    const { asset, pointId, kinds } = this.pair;
    if (kinds.includes('AI_NORMALIZED') && !kinds.includes('AI_RAW')) {
      yield* [...this.forwards(range)].reverse();
      return;
    }
    let at = range.to - 1;
    for (;;) {
      const sample = this.source.latest(asset.assetId, pointId, at, range.from - 1);
      if (!sample) return;
      yield sample;
      at = sample.time - 1;
    }
  }

  /** The newest record before an instant. */
  before(time: number): WorldSample | null {
    return this.source.latest(this.pair.asset.assetId, this.pair.pointId, time - 1);
  }

  /** The first record at or after an instant. */
  after(time: number): WorldSample | null {
    return this.first(time, Infinity);
  }

  first(from: number, to: number): WorldSample | null {
    for (const sample of this.source.read(this.pair.asset.assetId, this.pair.pointId, from, to))
      return sample;
    return null;
  }

  /** The value at an instant: the stored one, or computed; null where the neighbours that it needs are missing. */
  interpolated(time: number, how: Interpolation | undefined): Reading {
    const before = this.source.latest(this.pair.asset.assetId, this.pair.pointId, time);
    if (before?.time === time) return before;
    const after = how === 'previous' ? null : this.after(time);
    const exact = between(before, after, time, how);
    const value = typeof exact === 'number' && this.pair.dataType === 'INT' ? Math.round(exact) : exact;
    return { time, value, quality: value === null ? null : ((before ?? after)?.quality ?? null) };
  }
}

function between(
  before: WorldSample | null,
  after: WorldSample | null,
  time: number,
  how: Interpolation | undefined,
): Reading['value'] {
  switch (how) {
    case 'previous':
      return before?.value ?? null;
    case 'after':
      return after?.value ?? null;
    case 'near':
      if (!before || !after) return (before ?? after)?.value ?? null;
      return time - before.time <= after.time - time ? before.value : after.value;
    case 'linear':
      return linear(before, after, time);
    case undefined:
      // The default is not documented: a line for numbers, the last state for everything else.
      return typeof before?.value === 'number' ? linear(before, after, time) : (before?.value ?? null);
  }
}

function linear(before: WorldSample | null, after: WorldSample | null, time: number): number | null {
  if (typeof before?.value !== 'number' || typeof after?.value !== 'number') return null;
  const share = (time - before.time) / (after.time - before.time);
  return before.value + (after.value - before.value) * share;
}
