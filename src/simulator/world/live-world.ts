/**
 * A world that lives: writes change it, time moves it on, and searches see it as it stood a moment ago, as EnOS's do.
 *
 * - Whatever a map of the world or of a part's state holds is never changed in place: `map.set(id, { ...old, name })`.
 * - A write that throws has changed nothing.
 * - What takes time is scheduled (`SimulatorContext.after`), and happens when the clock has passed it.
 */
import { WrittenSeries } from '../series/written.js';
import { Agenda } from './agenda.js';
import { PartStates } from './part-states.js';
import { VersionedMap } from './versioned-map.js';
import type { History } from './versioned-map.js';
import type { World } from './world.js';

/** How a world lives. */
export interface LifeOptions {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds after which searches show a write. */
  lag: number;
  /** Takes a line about something that failed while time went on. */
  log(line: string): void;
}

/** Milliseconds after which searches show a write where nothing else is set: what EnOS documents. */
export const DEFAULT_WRITE_LAG = 2_000;

/** A world that lives. */
export class LiveWorld {
  /** The world as it is. */
  readonly current: World;
  private readonly history: History;
  private readonly agenda = new Agenda();
  readonly series: WrittenSeries;
  /** Time of what happens just now out of the agenda. */
  private moment: number | null = null;

  /** @param loaded the world in the beginning, which is left as it is */
  constructor(
    private readonly loaded: World,
    private readonly options: LifeOptions,
  ) {
    this.history = { now: () => this.now(), lag: options.lag, undo: null };
    this.series = new WrittenSeries(loaded.series);
    const versioned = overMaps(loaded, (map) => new VersionedMap(this.history, map));
    this.current = { ...versioned, series: this.series };
  }

  /** Unix milliseconds: the clock's, or the moment of what happens out of the agenda. */
  readonly now = (): number => this.moment ?? this.options.now();

  /** The world as searches see it. */
  searched(): World {
    return overMaps(this.current, (map) => (map instanceof VersionedMap ? map.settled() : map));
  }

  /** Runs a write; what it has changed and scheduled is undone if it throws. */
  write<T>(run: () => T): T {
    const undo: (() => void)[] = (this.history.undo = []);
    this.series.begin(undo);
    const unschedule = this.agenda.mark();
    try {
      return run();
    } catch (error) {
      for (const step of undo.toReversed()) step();
      unschedule();
      throw error;
    } finally {
      this.history.undo = null;
      this.series.begin(null);
    }
  }

  /** Lets something happen after so many milliseconds. */
  after(milliseconds: number, run: () => void): void {
    this.agenda.schedule(this.now() + milliseconds, run);
  }

  /** Lets everything happen that the clock has passed. */
  goOn(): void {
    const now = this.options.now();
    for (let due = this.agenda.takeDue(now); due !== null; due = this.agenda.takeDue(now)) {
      this.moment = due.at;
      try {
        this.write(due.run);
      } catch (error) {
        this.options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      } finally {
        this.moment = null;
      }
    }
  }

  /** Begins again as it was loaded, counting back from now. Whether it can. */
  restart(): boolean {
    const fresh = this.loaded.rebase?.(this.options.now());
    if (fresh === undefined) return false;
    this.agenda.clear();
    this.series.clear();
    resetMaps(this.current, fresh);
    this.current.parts.forEach((part, state) => resetMaps(state as object, fresh.parts.of(part) as object));
    return true;
  }
}

type AnyMap = Map<unknown, unknown>;

/** A copy of a world, or of a part's state, with other maps in place of its own. */
function overMaps<T extends object>(holder: T, change: (map: AnyMap) => AnyMap): T {
  if (holder instanceof Map) return change(holder) as T & AnyMap;
  return Object.fromEntries(
    Object.entries(holder).map(([name, value]: [string, unknown]) => {
      if (value instanceof Map) return [name, change(value)];
      if (value instanceof PartStates) return [name, value.map((state) => overMaps(state as object, change))];
      return [name, value];
    }),
  ) as T;
}

/** What beginning again leaves: sessions know the users of the portal, and parts are reset one by one. */
const KEPT: ReadonlySet<string> = new Set(['portal', 'series', 'parts']);

function resetMaps(holder: object, fresh: object): void {
  if (holder instanceof VersionedMap) {
    holder.reset(fresh as AnyMap);
    return;
  }
  for (const [name, value] of Object.entries(fresh) as [keyof typeof holder, unknown][]) {
    const held: unknown = holder[name];
    if (held instanceof VersionedMap) held.reset(value as AnyMap);
    else if (!KEPT.has(name)) Object.assign(holder, { [name]: value });
  }
}
