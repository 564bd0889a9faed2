import type { CallAttempt } from '../enos/client.js';

/** What came out for a key: its value, or why there is none. */
export type Outcome = { readonly value: unknown } | { readonly error: Error };

/** Outcomes by cache key. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** What a read under way is given. */
export interface FlightScope {
  /** Fires when nobody waits for the read any more. */
  readonly signal: AbortSignal;
  /** Collects the HTTP exchanges of the read, for everyone who waits for it. */
  readonly attempts: CallAttempt[];
  /** Hands out what is known before the rest, e.g. what was in the cache. At most once. */
  settleEarly(outcomes: Outcomes): void;
}

/**
 * One read under way, for one or several keys, by whoever asked first, joined by whoever asks for one of its keys
 * meanwhile. It belongs to no request: it ends when it is done, or when the last one who waited has left.
 */
export class Flight {
  /** What was known early; never rejects. Empty if nothing was. */
  readonly early: Promise<Outcomes>;
  /** Everything; never rejects. */
  readonly done: Promise<Outcomes>;
  readonly attempts: CallAttempt[] = [];
  private readonly controller = new AbortController();
  private waiting = 0;
  private finished = false;

  constructor(
    run: (scope: FlightScope) => Promise<Outcomes>,
    keys: readonly string[],
    private readonly forget: (keys: Iterable<string>) => void,
  ) {
    this.keys = keys;
    let settleEarly: (outcomes: Outcomes) => void = () => undefined;
    this.early = new Promise((resolve) => {
      settleEarly = (outcomes) => {
        forget(outcomes.keys());
        resolve(outcomes);
      };
    });
    const scope = { signal: this.controller.signal, attempts: this.attempts, settleEarly };
    this.done = run(scope)
      .catch((thrown: unknown) => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        return new Map(keys.map((key) => [key, { error }] as const));
      })
      .then((outcomes) => {
        this.finished = true;
        forget(keys);
        settleEarly(new Map());
        return outcomes;
      });
  }

  private readonly keys: readonly string[];

  /** Counts one more who waits; each must leave once. */
  join(): void {
    this.waiting += 1;
  }

  /** One who waited has the answer or goes away. */
  leave(): void {
    this.waiting -= 1;
    if (this.waiting > 0 || this.finished) return;
    this.forget(this.keys);
    this.controller.abort();
  }
}

/** Reads under way in this process, by cache key: whoever asks for a key that is on its way waits for that one. */
export class SingleFlight {
  private readonly flights = new Map<string, Flight>();

  /** The read under way that will answer the key. */
  find(key: string): Flight | undefined {
    return this.flights.get(key);
  }

  /** Starts a read that answers the keys, none of which may be on its way. */
  start(keys: readonly string[], run: (scope: FlightScope) => Promise<Outcomes>): Flight {
    const forget = (settled: Iterable<string>): void => {
      for (const key of settled) {
        // A key that was given up may be on its way again, with another read.
        if (this.flights.get(key) === flight) this.flights.delete(key);
      }
    };
    const flight: Flight = new Flight(run, keys, forget);
    for (const key of keys) this.flights.set(key, flight);
    return flight;
  }

  /** Number of keys under way. */
  get size(): number {
    return this.flights.size;
  }
}
