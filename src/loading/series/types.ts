/** Latest values, histories and aggregates of measurement points as the graph sees them. */
import type { MaybePromise } from '../maybe.js';

/** A key of a series. */
export interface PointKey {
  orgId: string;
  assetId: string;
  pointId: string;
}

/** One value as EnOS sent it; the graph coerces it by the point's data type. 64-bit integers are `bigint`. */
export interface Sample {
  /** Unix milliseconds; the start of the interval for an aggregate. */
  time: number;
  value: unknown;
  /** Quality code; null where none is known. */
  quality: number | null;
}

/** How the values of an interval become one. */
export type AggregateFunction = 'avg' | 'sum' | 'max' | 'min' | 'first' | 'last' | 'count';

/** What decides how a point may be read: from its model and the organization's storage policy. */
export interface PointStorage {
  modelId: string;
  signalType: string;
  /** EnOS data type; aggregates other than count, first and last need a numeric one. */
  dataType: string;
  hasQuality: boolean;
  /** AI_RAW, AI_NORMALIZED, DI, PI, GENERIC; empty without a policy. */
  kinds: readonly string[];
}

/** A time range of stored records. */
export interface HistoryRequest extends PointKey {
  /** Unix milliseconds, inclusive. */
  from: number;
  /** Unix milliseconds, exclusive. */
  to: number;
  /** Most records, the earliest ones; undefined for all up to the server's bound, beyond which the request is refused. */
  limit?: number;
  storage: PointStorage;
  withQuality: boolean;
}

/** Aggregates over intervals of a time range. */
export interface AggregateRequest extends PointKey {
  /** Instant to start at; the grid is aligned by the loader. */
  from: number;
  to: number;
  /** Calendar-aware length of an interval: whole minutes, or whole days in the asset's time zone. */
  interval: { minutes: number } | { days: number };
  aggregate: AggregateFunction;
  limit?: number;
  storage: PointStorage;
  /** The asset's time zone: grid and day boundaries follow it. */
  timezone: string;
}

/** Values, and whether the time range holds more than `limit` allowed. */
export interface SampleSeries {
  samples: Sample[];
  truncated: boolean;
  /** How many stored records went in, where known (raw reads, aggregates computed here); null otherwise. */
  rawCount: number | null;
}

/** Time spent in one state. */
export interface StateDuration {
  /** State value; null for time without a known state. */
  state: number | null;
  /** Milliseconds. */
  duration: number;
}

/** Reads of time series. All requests of one tick are planned together into as few rectangles as the limits allow. */
export interface SeriesLoaders {
  /** Newest value, not older than `withinMinutes` where given; null if there is none. */
  latest(key: PointKey, withinMinutes?: number): MaybePromise<Sample | null>;
  /** Has `latest` know these points of each of these assets, as `BatchLoader.prefetch` says. May reject as `latest` would. */
  prefetchLatest(
    orgId: string,
    assetIds: readonly string[],
    pointIds: readonly string[],
  ): Promise<void> | undefined;
  history(request: HistoryRequest): Promise<SampleSeries>;
  aggregate(request: AggregateRequest): Promise<SampleSeries>;
  /**
   * Changes of a DI point; with the state at `from` where EnOS knows one from the 30 days before. `kinds`, how the point
   * is stored, is asked where many points could be read from their records in fewer calls.
   */
  stateChanges(
    key: PointKey,
    from: number,
    to: number,
    kinds?: () => MaybePromise<readonly string[]>,
  ): Promise<Sample[]>;
  /** Time per state of a DI point. */
  stateDurations(key: PointKey, from: number, to: number): Promise<StateDuration[]>;
  /** Energy since local midnight of a PI point (electric-power/current-day). */
  energyToday(key: PointKey): MaybePromise<Sample | null>;
}
