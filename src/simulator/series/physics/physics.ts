/**
 * What a physical model is: from an asset and its place it makes named outputs, each a pure function of time.
 */
import type { Zone } from '../../world/zone.js';
import { chance } from '../noise.js';
import type { SampleValue } from '../point-series.js';
import { StateTrack } from '../point-series.js';
import type { Weather } from '../weather.js';

/** What a physical model knows about its asset. */
export interface PhysicsContext {
  /** Seed of the asset's own noise. */
  seed: number;
  weather: Weather;
  zone: Zone;
  latitude: number;
  /** A constant: from the world file's `parameters`, else the fallback; throws a RangeError without either. */
  readonly parameter: (name: string, fallback?: number) => number;
}

/** A quantity recorded at a fixed step (milliseconds). */
export interface ValueOutput {
  kind: 'value';
  every: number;
  readonly at: (t: number) => SampleValue;
}

/**
 * Energy per step in kWh: the power (kW) at the minutes of the step, times their length. A record carries the start
 * of its step and is there once the step is over.
 */
export interface EnergyOutput {
  kind: 'energy';
  every: number;
  readonly power: (t: number) => number;
}

/** States, recorded when they change. */
export interface StateOutput {
  kind: 'state';
  track: StateTrack;
  readonly label: (state: number) => SampleValue;
}

export type Output = ValueOutput | EnergyOutput | StateOutput;

/** A physical model. */
export type Physics = (context: PhysicsContext) => Record<string, Output>;

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export function value(every: number, at: (t: number) => SampleValue): ValueOutput {
  return { kind: 'value', every, at };
}

export function energy(power: (t: number) => number): EnergyOutput {
  return { kind: 'energy', every: 10 * MINUTE, power };
}

/** kWh from `from` to `to`, by the minute. */
export function energyBetween(power: (t: number) => number, from: number, to: number): number {
  let sum = 0;
  for (let t = from; t < to; t += MINUTE) sum += power(t);
  return (sum * MINUTE) / HOUR;
}

/** Run states that all generators share. */
export const RUNNING = 1;
export const STANDBY = 2;
export const FAULT = 3;
export const MAINTENANCE = 4;

/**
 * Run state of a machine: a fault on about every fourth day, maintenance about every other month, standby when `idle`
 * says so, else running.
 */
export function runState(seed: number, idle: (t: number) => boolean): StateTrack {
  const { BLOCK, BLOCKS_PER_DAY } = StateTrack;
  const stateOf = (block: number): number => {
    const day = Math.floor(block / BLOCKS_PER_DAY);
    const inDay = block - day * BLOCKS_PER_DAY;
    if (chance(seed + 101, day) < 1 / 60 && inDay >= 54 && inDay < 78) return MAINTENANCE;
    if (chance(seed + 102, day) < 0.25) {
      const length = 1 + Math.floor(chance(seed + 103, day) * 12);
      const start = Math.floor(chance(seed + 104, day) * (BLOCKS_PER_DAY - length));
      if (inDay >= start && inDay < start + length) return FAULT;
    }
    return idle((block + 0.5) * BLOCK) ? STANDBY : RUNNING;
  };
  return new StateTrack(stateOf, (block) => chance(seed + 105, block));
}

/** The generator is on: a boolean beside the run state. */
export function isRunning(track: StateTrack): StateOutput {
  return { kind: 'state', track, label: (state) => state === RUNNING };
}

/** A run state as a number. */
export function stateNumber(track: StateTrack): StateOutput {
  return { kind: 'state', track, label: (state) => state };
}

/** Messages that go with the run state. */
export function stateMessage(track: StateTrack, texts: Readonly<Record<number, string>>): StateOutput {
  return { kind: 'state', track, label: (state) => texts[state] ?? `state ${state}` };
}
