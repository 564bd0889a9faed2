/**
 * The weather of a place: everything that stands there shares it.
 */
import type { Place } from '../world/schema/asset.js';
import { chance, clamp, noise, seedOf } from './noise.js';
import type { Irradiance, SunPosition } from './sun.js';
import { irradianceUnder, sunAt } from './sun.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365.2425 * DAY;

/** Weather as pure functions of Unix milliseconds. */
export class Weather {
  private readonly seed: number;

  constructor(private readonly place: Place) {
    this.seed = seedOf(place.key);
  }

  /** Wind speed at hub height in m/s: passing lows, hours, the hour of the day and the season, without gusts. */
  windSpeed(t: number): number {
    const { wind } = this.place.climate;
    const swing = 1 + 0.5 * noise(this.seed + 1, t, 30 * HOUR) + 0.2 * noise(this.seed + 2, t, 7 * HOUR);
    const season = 1 - 0.15 * this.summer(t);
    return Math.max(0, wind * (swing * season + 0.06 * Math.cos(this.hourAngle(t, 2))));
  }

  /** Where the wind comes from, degrees from north. */
  windDirection(t: number): number {
    const wander = 70 * noise(this.seed + 3, t, 40 * HOUR) + 15 * noise(this.seed + 4, t, 2 * HOUR);
    return (240 + wander + 360) % 360;
  }

  /** Cloud cover, 0 to 1. */
  cloudCover(t: number): number {
    const { cloud } = this.place.climate;
    return clamp(
      cloud +
        0.5 * noise(this.seed + 5, t, 26 * HOUR) +
        0.25 * noise(this.seed + 6, t, 3 * HOUR) +
        0.12 * noise(this.seed + 7, t, HOUR / 4),
      0,
      1,
    );
  }

  /** Air temperature in degrees Celsius: season, hour of the day (less under clouds), air masses. */
  temperature(t: number): number {
    const { latitude, climate } = this.place;
    const season = 0.17 * Math.abs(latitude) * this.summer(t - 24 * DAY);
    const day = 4 * (1 - 0.5 * this.cloudCover(t)) * Math.cos(this.hourAngle(t, 15));
    return climate.temperature + season + day + 3 * noise(this.seed + 8, t, 60 * HOUR);
  }

  /** Relative humidity in percent. */
  humidity(t: number): number {
    const warmth = this.temperature(t) - this.place.climate.temperature;
    return clamp(62 - 1.4 * warmth + 18 * this.cloudCover(t) + 6 * noise(this.seed + 9, t, 5 * HOUR), 8, 100);
  }

  /** Air pressure in hPa. */
  pressure(t: number): number {
    return 1013.25 * Math.exp(-this.place.climate.altitude / 8400) + 9 * noise(this.seed + 1, t, 90 * HOUR);
  }

  /** The sun over the place. */
  sun(t: number): SunPosition {
    return sunAt(this.place.latitude, this.place.longitude, t);
  }

  /** Irradiance in W/m2; `sun` spares computing it again. */
  irradiance(t: number, sun: SunPosition = this.sun(t)): Irradiance {
    if (sun.sinElevation <= 0) return { global: 0, diffuse: 0, direct: 0 };
    return irradianceUnder(sun, this.cloudCover(t));
  }

  /** How the day of that instant turns out, 0 to 1, under a name: for schedules that follow no weather. */
  dayChance(name: string, day: number): number {
    return chance(this.seed ^ seedOf(name), day);
  }

  /** 1 at midsummer of the hemisphere, -1 at midwinter. */
  private summer(t: number): number {
    const phase = (2 * Math.PI * (t - Date.UTC(2000, 5, 21))) / YEAR;
    return Math.cos(phase) * (this.place.latitude >= 0 ? 1 : -1);
  }

  /** Angle whose cosine is 1 at that hour of the solar day. */
  private hourAngle(t: number, hour: number): number {
    return 2 * Math.PI * (t / DAY + this.place.longitude / 360 - hour / 24);
  }
}
