/**
 * A wind turbine: the wind of its place with gusts of its own, power curve, rotor, pitch and temperatures.
 */
import { chance, clamp, noise } from '../noise.js';
import type { Weather } from '../weather.js';
import type { Physics } from './physics.js';
import {
  energy,
  isRunning,
  MINUTE,
  RUNNING,
  runState,
  STANDBY,
  stateMessage,
  stateNumber,
  value,
} from './physics.js';

/** Speeds in m/s and the power that the curve ends at, in kW. */
export interface PowerCurve {
  cutIn: number;
  rated: number;
  cutOut: number;
  power: number;
}

/** Power in kW at a wind speed in m/s: nothing below cut-in and from cut-out on, cubic between, level from rated on. */
export function powerAt(curve: PowerCurve, speed: number): number {
  if (speed < curve.cutIn || speed >= curve.cutOut) return 0;
  if (speed >= curve.rated) return curve.power;
  const low = curve.cutIn ** 3;
  return (curve.power * (speed ** 3 - low)) / (curve.rated ** 3 - low);
}

/** Wind at one turbine: the place's, a little more or less by siting, with gusts. */
export function gustyWind(weather: Weather, seed: number): (t: number) => number {
  const siting = 0.96 + 0.08 * chance(seed, 1);
  return (t) => {
    const gusts = 1 + 0.09 * noise(seed + 11, t, 10 * MINUTE) + 0.05 * noise(seed + 12, t, 1.5 * MINUTE);
    return weather.windSpeed(t) * siting * gusts;
  };
}

const MESSAGES = {
  1: 'operating normally',
  2: 'waiting for wind',
  3: 'fault: converter tripped',
  4: 'maintenance crew on site',
};

/** Parameters: ratedPower (kW), cutIn, ratedSpeed, cutOut (m/s), maxRotorSpeed (rpm). */
export const windTurbine: Physics = ({ weather, seed, parameter }) => {
  const curve: PowerCurve = {
    cutIn: parameter('cutIn', 3),
    rated: parameter('ratedSpeed', 12),
    cutOut: parameter('cutOut', 25),
    power: parameter('ratedPower'),
  };
  const maxRotorSpeed = parameter('maxRotorSpeed', 15);
  const speed = gustyWind(weather, seed);
  const state = runState(seed, (t) => weather.windSpeed(t) < curve.cutIn);
  const power = (t: number): number => {
    const wind = speed(t);
    return state.at(t) === RUNNING ? powerAt(curve, wind) : 0;
  };
  const rotor = (t: number): number => {
    const now = state.at(t);
    if (now === RUNNING) return maxRotorSpeed * clamp(speed(t) / curve.rated, 0.45, 1);
    return now === STANDBY ? maxRotorSpeed * 0.05 * clamp(speed(t) / curve.cutIn, 0, 1) : 0;
  };
  const pitch = (t: number): number => {
    if (state.at(t) !== RUNNING) return 88;
    return 23 * clamp((speed(t) - curve.rated) / (curve.cutOut - curve.rated), 0, 1);
  };
  const load = (t: number): number => power(t) / curve.power;
  const current = (t: number, phase: number): number =>
    Math.round((power(t) * 1000) / (Math.sqrt(3) * 690) + 4 * noise(seed + 20 + phase, t, MINUTE) + 4);
  return {
    windSpeed: value(MINUTE, speed),
    windDirection: value(MINUTE, (t) => weather.windDirection(t) + 3 * noise(seed + 13, t, 5 * MINUTE)),
    power: value(MINUTE, power),
    reactivePower: value(MINUTE, (t) => 0.08 * power(t) + 5 * noise(seed + 14, t, 10 * MINUTE)),
    rotorSpeed: value(MINUTE, rotor),
    generatorSpeed: value(MINUTE, (t) => rotor(t) * 100),
    pitch: value(MINUTE, pitch),
    yaw: value(MINUTE, (t) => weather.windDirection(t - 5 * MINUTE)),
    ambientTemperature: value(MINUTE, (t) => weather.temperature(t)),
    // Heat follows load: the mean of now and the last half hour stands for the machine's thermal mass.
    generatorTemperature: value(
      MINUTE,
      (t) =>
        35 +
        0.4 * weather.temperature(t) +
        (24 * (load(t) + load(t - 15 * MINUTE) + load(t - 30 * MINUTE))) / 3,
    ),
    nacelleTemperature: value(MINUTE, (t) => weather.temperature(t) + 6 + 8 * load(t - 10 * MINUTE)),
    vibration: value(MINUTE, (t) => 0.2 + 1.1 * load(t) + 0.1 * noise(seed + 15, t, MINUTE)),
    phaseCurrents: value(5 * MINUTE, (t) =>
      JSON.stringify({ ia: current(t, 0), ib: current(t, 1), ic: current(t, 2) }),
    ),
    energy: energy(power),
    runState: stateNumber(state),
    running: isRunning(state),
    message: stateMessage(state, MESSAGES),
  };
};
