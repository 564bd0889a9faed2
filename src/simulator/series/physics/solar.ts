/**
 * A photovoltaic inverter with its modules, and a weather station.
 */
import { chance, noise } from '../noise.js';
import { onPlane } from '../sun.js';
import type { Weather } from '../weather.js';
import type { Physics } from './physics.js';
import {
  energy,
  HOUR,
  isRunning,
  MINUTE,
  RUNNING,
  runState,
  stateMessage,
  stateNumber,
  value,
} from './physics.js';

/** The array behind an inverter. */
export interface ArraySize {
  /** AC power in kW that the inverter gives at most. */
  ratedPower: number;
  /** DC power of the modules under standard conditions, as a multiple of ratedPower. */
  dcRatio: number;
  /** Degrees from the horizontal. */
  tilt: number;
  latitude: number;
}

/** Irradiance in W/m2 on the modules. */
export function planeIrradiance(weather: Weather, { tilt, latitude }: ArraySize, t: number): number {
  const sun = weather.sun(t);
  if (sun.sinElevation <= 0) return 0;
  return onPlane(weather.irradiance(t, sun), sun, tilt, latitude);
}

/** Temperature in degrees Celsius of modules under that irradiance (NOCT 45). */
export function moduleTemperature(weather: Weather, irradiance: number, t: number): number {
  return weather.temperature(t) + (irradiance * 25) / 800;
}

/** DC power in kW: irradiance, less 0.4 % per degree above 25. */
export function dcPower(weather: Weather, size: ArraySize, irradiance: number, t: number): number {
  if (irradiance <= 0) return 0;
  const warmth = moduleTemperature(weather, irradiance, t) - 25;
  return (irradiance / 1000) * size.ratedPower * size.dcRatio * (1 - 0.004 * warmth);
}

/** AC power in kW of a DC power: losses that weigh more at low load, and the limit of the inverter. */
export function acPower({ ratedPower }: ArraySize, dc: number): number {
  const load = dc / ratedPower;
  return load < 0.005 ? 0 : Math.min(ratedPower, dc * (0.985 - 0.0045 / load));
}

const MESSAGES = {
  1: 'feeding in',
  2: 'waiting for sun',
  3: 'fault: insulation resistance low',
  4: 'maintenance',
};

/** Parameters: ratedPower (kW), dcRatio, tilt (degrees). */
export const pvInverter: Physics = ({ weather, seed, latitude, parameter }) => {
  const size: ArraySize = {
    ratedPower: parameter('ratedPower'),
    dcRatio: parameter('dcRatio', 1.25),
    tilt: parameter('tilt', 25),
    latitude,
  };
  const clean = 0.95 + 0.05 * chance(seed, 1);
  const plane = (t: number): number =>
    planeIrradiance(weather, size, t) * (1 + 0.02 * noise(seed + 31, t, 5 * MINUTE));
  const state = runState(seed, (t) => weather.sun(t).sinElevation < 0.02);
  const dc = (t: number): number =>
    state.at(t) === RUNNING ? dcPower(weather, size, plane(t) * clean, t) : 0;
  const ac = (t: number): number => acPower(size, dc(t));
  const voltage = (t: number): number => {
    const irradiance = plane(t);
    return irradiance <= 5 ? 0 : 820 - 1.9 * (moduleTemperature(weather, irradiance, t) - 25);
  };
  return {
    irradiance: value(MINUTE, plane),
    dcPower: value(MINUTE, dc),
    power: value(MINUTE, ac),
    dcVoltage: value(MINUTE, voltage),
    dcCurrent: value(MINUTE, (t) => {
      const volts = voltage(t);
      return volts === 0 ? 0 : (dc(t) * 1000) / volts;
    }),
    efficiency: value(MINUTE, (t) => {
      const input = dc(t);
      return input === 0 ? 0 : (100 * acPower(size, input)) / input;
    }),
    moduleTemperature: value(MINUTE, (t) => moduleTemperature(weather, plane(t), t)),
    cabinetTemperature: value(MINUTE, (t) => weather.temperature(t) + 6 + (18 * ac(t)) / size.ratedPower),
    stringCurrents: value(5 * MINUTE, (t) => {
      const volts = voltage(t);
      const amperes = volts === 0 ? 0 : (dc(t) * 1000) / volts / 8;
      const strings = Array.from({ length: 8 }, (_, i) => amperes * (0.97 + 0.06 * chance(seed + 32, i)));
      return JSON.stringify(strings.map((one) => Number(one.toFixed(2))));
    }),
    energy: energy(ac),
    runState: stateNumber(state),
    running: isRunning(state),
    message: stateMessage(state, MESSAGES),
  };
};

/** Parameter: tilt of the plane-of-array sensor (degrees). Every five minutes. */
export const weatherStation: Physics = ({ weather, seed, latitude, parameter }) => {
  const size: ArraySize = { ratedPower: 1, dcRatio: 1, tilt: parameter('tilt', 25), latitude };
  const step = 5 * MINUTE;
  return {
    globalIrradiance: value(step, (t) => weather.irradiance(t).global),
    diffuseIrradiance: value(step, (t) => weather.irradiance(t).diffuse),
    directIrradiance: value(step, (t) => weather.irradiance(t).direct),
    planeIrradiance: value(step, (t) => planeIrradiance(weather, size, t)),
    cloudCover: value(step, (t) => 100 * weather.cloudCover(t)),
    ambientTemperature: value(step, (t) => weather.temperature(t)),
    humidity: value(step, (t) => weather.humidity(t)),
    pressure: value(step, (t) => weather.pressure(t)),
    // Masts of weather stations stand low: about two thirds of the wind at hub height.
    windSpeed: value(step, (t) => 0.66 * weather.windSpeed(t) * (1 + 0.1 * noise(seed + 41, t, step))),
    windDirection: value(step, (t) => weather.windDirection(t)),
    irradianceForecast: value(HOUR, (t) => {
      const guess = weather.irradiance(t).global;
      return guess * (1 + 0.15 * noise(seed + 42, t, 6 * HOUR));
    }),
  };
};
