/**
 * A battery: it fills around noon and empties in the evening. The state of charge is given in closed form over the
 * local day and the power is its derivative, so that the one always integrates to the other.
 */
import { chance, noise } from '../noise.js';
import { StateTrack } from '../point-series.js';
import type { Weather } from '../weather.js';
import type { Zone } from '../../world/zone.js';
import type { Physics } from './physics.js';
import { DAY, energy, HOUR, MINUTE, stateMessage, stateNumber, value } from './physics.js';

const CHARGE = { from: 9.5 * HOUR, to: 14.5 * HOUR };
const DISCHARGE = { from: 17.5 * HOUR, to: 21.5 * HOUR };

/** Share of energy that is kept on the way in, and on the way out. */
export const ONE_WAY_EFFICIENCY = 0.96;

/** The daily schedule of a battery of so many kWh. */
export interface BatterySchedule {
  /** Percent. */
  readonly soc: (t: number) => number;
  /** kW at the grid side: positive when discharging. */
  readonly power: (t: number) => number;
}

/** Every day starts and ends at `floor` percent; how deep the day's cycle goes is drawn per place and day. */
export function batterySchedule(
  weather: Weather,
  zone: Zone,
  capacity: number,
  floor: number,
): BatterySchedule {
  const local = (t: number): { day: number; time: number } => {
    const at = t + zone.offsetAt(t);
    const day = Math.floor(at / DAY);
    return { day, time: at - day * DAY };
  };
  const depth = (day: number): number => 45 + 35 * weather.dayChance('battery', day);
  const part = (time: number, { from, to }: typeof CHARGE): number => {
    const x = (time - from) / (to - from);
    return x < 0 ? 0 : x > 1 ? 1 : x;
  };
  const smooth = (x: number): number => x * x * (3 - 2 * x);
  return {
    soc(t) {
      const { day, time } = local(t);
      return floor + depth(day) * (smooth(part(time, CHARGE)) - smooth(part(time, DISCHARGE)));
    },
    power(t) {
      const { day, time } = local(t);
      const rate = (window: typeof CHARGE): number => {
        const x = part(time, window);
        const perHour = (6 * x * (1 - x)) / ((window.to - window.from) / HOUR);
        return (perHour * depth(day) * capacity) / 100;
      };
      return rate(DISCHARGE) * ONE_WAY_EFFICIENCY - rate(CHARGE) / ONE_WAY_EFFICIENCY;
    },
  };
}

const IDLE = 0;
const CHARGING = 1;
const DISCHARGING = 2;
const MESSAGES = { 0: 'balancing cells', 1: 'charging', 2: 'discharging' };

/** Parameters: capacity (kWh), floor (percent, the least state of charge). */
export const battery: Physics = ({ weather, zone, seed, parameter }) => {
  const capacity = parameter('capacity');
  const { soc, power } = batterySchedule(weather, zone, capacity, parameter('floor', 15));
  const voltage = (t: number): number => 690 + 1.2 * soc(t) - (4 * power(t)) / capacity;
  const mode = new StateTrack(
    (block) => {
      const now = power((block + 0.5) * StateTrack.BLOCK);
      return now === 0 ? IDLE : now < 0 ? CHARGING : DISCHARGING;
    },
    (block) => chance(seed + 51, block),
  );
  return {
    soc: value(MINUTE, soc),
    power: value(MINUTE, power),
    voltage: value(MINUTE, voltage),
    current: value(MINUTE, (t) => (power(t) * 1000) / voltage(t)),
    temperature: value(
      MINUTE,
      (t) => 22 + 0.1 * weather.temperature(t) + (16 * Math.abs(power(t - 20 * MINUTE))) / capacity,
    ),
    stateOfHealth: value(
      HOUR,
      (t) => 99.5 - 1.6e-11 * Math.max(0, t - Date.UTC(2021, 4, 4)) - chance(seed, 2),
    ),
    cellVoltages: value(5 * MINUTE, (t) => {
      const mean = voltage(t) / 216;
      const cells = Array.from({ length: 12 }, (_, i) => mean + 0.004 * noise(seed + 60 + i, t, 2 * HOUR));
      return JSON.stringify(cells.map((one) => Number(one.toFixed(4))));
    }),
    energyCharged: energy((t) => Math.max(0, -power(t))),
    energyDischarged: energy((t) => Math.max(0, power(t))),
    mode: stateNumber(mode),
    message: stateMessage(mode, MESSAGES),
  };
};
