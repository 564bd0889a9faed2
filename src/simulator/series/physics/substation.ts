/**
 * Meters that sum a site up. Adding fifty turbines at every instant would cost fifty times as much, so a meter
 * computes what that many machines give without their own gusts and stops; it agrees with their sum to some percent.
 */
import { noise } from '../noise.js';
import { batterySchedule } from './battery.js';
import type { Output, Physics, PhysicsContext } from './physics.js';
import { energy, MINUTE, value } from './physics.js';
import type { ArraySize } from './solar.js';
import { acPower, dcPower, planeIrradiance } from './solar.js';
import { powerAt } from './wind-turbine.js';

function meter(
  { seed }: PhysicsContext,
  nominal: number,
  power: (t: number) => number,
): Record<string, Output> {
  return {
    power: value(MINUTE, power),
    reactivePower: value(MINUTE, (t) => 0.05 * power(t) + nominal * 0.002 * noise(seed + 71, t, 20 * MINUTE)),
    frequency: value(MINUTE, (t) => 50 + 0.03 * noise(seed + 72, t, 3 * MINUTE)),
    voltage: value(MINUTE, (t) => 33 * (1 + 0.012 * noise(seed + 73, t, 40 * MINUTE))),
    energyExported: energy((t) => Math.max(0, power(t))),
    energyImported: energy((t) => Math.max(0, -power(t))),
  };
}

/** Parameters: count, ratedPower (kW each), and those of the turbines. */
export const windSubstation: Physics = (context) => {
  const { weather, parameter } = context;
  const count = parameter('count');
  const curve = {
    cutIn: parameter('cutIn', 3),
    rated: parameter('ratedSpeed', 12),
    cutOut: parameter('cutOut', 25),
    power: parameter('ratedPower'),
  };
  return meter(context, count * curve.power, (t) => 0.97 * count * powerAt(curve, weather.windSpeed(t)));
};

/** Parameters: count, ratedPower (kW each), dcRatio, tilt. */
export const solarSubstation: Physics = (context) => {
  const { weather, latitude, parameter } = context;
  const count = parameter('count');
  const size: ArraySize = {
    ratedPower: parameter('ratedPower'),
    dcRatio: parameter('dcRatio', 1.25),
    tilt: parameter('tilt', 25),
    latitude,
  };
  return meter(context, count * size.ratedPower, (t) => {
    const irradiance = 0.975 * planeIrradiance(weather, size, t);
    return 0.97 * count * acPower(size, dcPower(weather, size, irradiance, t));
  });
};

/** Parameters: count, capacity (kWh each), floor. */
export const storageSubstation: Physics = (context) => {
  const { weather, zone, parameter } = context;
  const capacity = parameter('count') * parameter('capacity');
  const { power } = batterySchedule(weather, zone, capacity, parameter('floor', 15));
  return meter(context, capacity, power);
};
