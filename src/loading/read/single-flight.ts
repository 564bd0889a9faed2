import type { FoundValue, ReadToken } from '../../cache/cache.js';
import type { CallAttempt, CallEndListener, CallSignal } from '../../enos/client.js';

/** Most reads find nothing that is past its lifetime. */
const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * One HTTP exchange, with the arguments of its operation; or a call that came to none, with 0 as its `attempt` and
 * `call-budget` among its outcomes.
 */
export interface LoadAttempt extends CallAttempt {
  readonly args: unknown;
}

/** What came out for a key: a value, or an `Error` in the place of one, with its times and tags. */
export type Outcome = FoundValue;

/** Until when a request waits, in Unix milliseconds; a function where that may still move. */
export type Until = number | (() => number);

/**
 * One read under way, for one or several keys: started by the first request for them, joined by others that ask meanwhile.
 * It belongs to no request: it ends when it is done, or when the last one that waited has left.
 */
export class Flight {
  /** What is known so far, by cache key. Grows until the read is done. */
  outcomes = new Map<string, Outcome>();
  /** Values past their lifetime of keys that are being fetched, for requests that may have them instead. */
  stale: ReadonlyMap<string, Outcome> = NONE;
  readonly attempts: LoadAttempt[] = [];
  /** Keys that another replica has brought; absent where none. */
  shared: Set<string> | undefined;
  private isEarlyOver = false;
  private earlyEnd: { promise: Promise<void>; resolve: () => void } | undefined;
  private completion: Promise<void> | undefined;
  /** Fires when no request waits for the read any more. */
  readonly signal = new FlightSignal();
  private waiting = 0;
  /** Until when each request waits: a list, since mostly there is one. */
  private readonly untils: Until[] = [];
  private finished = false;
  private goesOn = false;
  private renewing = false;

  constructor(
    readonly keys: readonly string[],
    /** Taken before anything was fetched. */
    readonly asOf: ReadToken,
    private readonly flights: Map<string, Flight>,
  ) {}

  /**
   * Resolves when what is known before the rest (what was in the cache) is among the outcomes; undefined where it is. Never
   * rejects.
   */
  get early(): Promise<void> | undefined {
    if (this.isEarlyOver) return undefined;
    if (this.earlyEnd === undefined) {
      let resolve = ignore;
      const promise = new Promise<void>((resolved) => (resolve = resolved));
      this.earlyEnd = { promise, resolve };
    }
    return this.earlyEnd.promise;
  }

  /** Resolves when the read is over; never rejects. */
  get done(): Promise<void> {
    if (this.completion === undefined)
      throw new Error('a read under way was asked for its end before it began');
    return this.completion;
  }

  /** Begins. `run` puts the outcomes in; what it throws is the outcome of all keys that have none. */
  begin(run: (flight: Flight) => Promise<void>): void {
    const end = (): void => {
      this.finished = true;
      this.forget(this.keys);
      this.endEarly();
      this.drop();
    };
    // A turn later: the request that starts it joins first, since calls end when its time does.
    const running = Promise.resolve().then(() => run(this));
    this.completion = running.then(end, (thrown: unknown) => {
      const value = thrown instanceof Error ? thrown : new Error(String(thrown));
      for (const key of this.keys) if (!this.outcomes.has(key)) this.outcomes.set(key, failed(value));
      end();
    });
  }

  /** Gives out what is known before the rest. Later requests for these keys look for themselves. */
  settleEarly(): void {
    if (this.outcomes.size > 0) this.forget(this.outcomes.keys());
    this.endEarly();
  }

  /** A key that is being fetched has a value past its lifetime. */
  noteStale(key: string, value: Outcome): void {
    if (this.stale === NONE) this.stale = new Map();
    (this.stale as Map<string, Outcome>).set(key, value);
  }

  /** Another replica has brought the key. */
  noteShared(key: string): void {
    (this.shared ??= new Set()).add(key);
  }

  /** Makes it a read of what is there still but near its end. It goes on though no request waits for it. */
  renew(): void {
    this.renewing = true;
    this.goOn();
  }

  /** Whether what is near its end counts as missing. */
  get renews(): boolean {
    return this.renewing;
  }

  /** Lets the read go on though no request waits for it: what it brings is for later ones. */
  goOn(): void {
    if (this.goesOn) return;
    this.goesOn = true;
    this.waiting += 1;
  }

  /**
   * Until when its calls are of use, in Unix milliseconds: as long as the request with most time waits.
   * A function, to be asked again while a call is under way.
   */
  readonly until = (): number => {
    if (this.goesOn || this.untils.length === 0) return Infinity;
    let latest = 0;
    for (const until of this.untils) latest = Math.max(latest, timeOf(until));
    return latest;
  };

  /** Counts one more request that waits, until then at the longest; each must leave once, with the same. */
  join(until: Until): void {
    this.waiting += 1;
    this.untils.push(until);
  }

  /** A request that waited has the answer or has ended. */
  leave(until: Until): void {
    this.waiting -= 1;
    const place = this.untils.indexOf(until);
    if (place >= 0) this.untils.splice(place, 1);
    this.drop();
    if (this.waiting > 0 || this.finished) return;
    this.forget(this.keys);
    this.signal.abort();
  }

  /**
   * Drops what it brought, once it is over and each request has taken its part, which it does at once after it leaves. Else
   * most of the data outlived the collector of young objects, and a heap full of what is not used has to be collected as a
   * whole every second.
   */
  private drop(): void {
    const others = this.goesOn ? this.waiting - 1 : this.waiting;
    if (!this.finished || others > 0) return;
    queueMicrotask(() => {
      this.outcomes = new Map();
      this.stale = NONE;
    });
  }

  private endEarly(): void {
    this.isEarlyOver = true;
    this.earlyEnd?.resolve();
    this.earlyEnd = undefined;
  }

  private forget(keys: Iterable<string>): void {
    for (const key of keys) {
      // Another read may be fetching a key that was given up.
      if (this.flights.get(key) === this) this.flights.delete(key);
    }
  }
}

/** As much of an AbortSignal as calls need: the platform's costs each read more than its key. */
class FlightSignal implements CallSignal {
  aborted = false;
  private listeners: CallEndListener[] = [];

  addEventListener(_type: 'abort', listener: CallEndListener): void {
    this.listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: CallEndListener): void {
    const place = this.listeners.indexOf(listener);
    if (place >= 0) this.listeners.splice(place, 1);
  }

  abort(): void {
    this.aborted = true;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener.handleEvent();
  }
}

/** The outcome of a failure: only for the requests that wait for it. */
export function failed(error: Error): Outcome {
  return { value: error, storedAt: 0, freshUntil: 0, tags: [], stale: false };
}

/** Reads under way in this process, by cache key: a request for a key that is being fetched waits for that read. */
export class SingleFlight {
  private readonly flights = new Map<string, Flight>();

  /** The read under way that will answer the key. */
  find(key: string): Flight | undefined {
    return this.flights.get(key);
  }

  /** Starts a read that answers the keys; one that is being fetched already belongs to the new read from now on. */
  start(keys: readonly string[], asOf: ReadToken, run: (flight: Flight) => Promise<void>): Flight {
    const flight = new Flight(keys, asOf, this.flights);
    for (const key of keys) this.flights.set(key, flight);
    flight.begin(run);
    return flight;
  }

  /** Number of keys under way. */
  get size(): number {
    return this.flights.size;
  }
}

function timeOf(until: Until): number {
  return typeof until === 'number' ? until : until();
}

function ignore(): void {
  // Replaced before it can be called.
}
