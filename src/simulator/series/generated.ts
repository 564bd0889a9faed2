/**
 * Series that are computed on demand: physical models by name, and the records made of their outputs.
 */
import type { PointSeries, Recording } from './point-series.js';
import { sampledSeries } from './point-series.js';
import { battery } from './physics/battery.js';
import type { Output, Physics } from './physics/physics.js';
import { energyBetween } from './physics/physics.js';
import { pvInverter, weatherStation } from './physics/solar.js';
import { solarSubstation, storageSubstation, windSubstation } from './physics/substation.js';
import { windTurbine } from './physics/wind-turbine.js';

/** The physical models that a world file may name. */
export const physicsByName: Readonly<Record<string, Physics>> = {
  windTurbine,
  pvInverter,
  weatherStation,
  battery,
  windSubstation,
  solarSubstation,
  storageSubstation,
};

/** How the world file wants an output recorded. */
export interface RecordingStyle {
  /** Milliseconds between records; the output's own step without it. */
  every?: number;
  scale: number;
  /** Decimals kept. */
  digits: number;
}

/** The records of an output. */
export function seriesOf(output: Output, style: RecordingStyle, recording: Recording): PointSeries {
  const factor = 10 ** style.digits;
  const round = (x: number): number => Math.round(x * style.scale * factor) / factor;
  switch (output.kind) {
    case 'value':
      return sampledSeries(
        style.every ?? output.every,
        (t) => {
          const found = output.at(t);
          return typeof found === 'number' ? round(found) : found;
        },
        recording,
      );
    case 'energy': {
      const every = style.every ?? output.every;
      return sampledSeries(every, (t) => round(energyBetween(output.power, t, t + every)), {
        ...recording,
        until: () => recording.until() - every,
      });
    }
    case 'state':
      return output.track.series(output.label, recording);
  }
}
