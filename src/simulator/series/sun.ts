/**
 * Where the sun stands, and what reaches the ground from it. Low-precision solar coordinates of the Astronomical
 * Almanac (good to about 0.01 degree) and Haurwitz's clear-sky model, which needs the elevation only.
 */
const RADIAN = Math.PI / 180;
const J2000 = 946_728_000_000;
const DAY = 86_400_000;

/** Sines and cosines of the sun's position. */
export interface SunPosition {
  /** Sine of the elevation over the horizon; negative at night. */
  sinElevation: number;
  /** Direction cosines towards the sun. */
  north: number;
  east: number;
}

/** The sun over a place (degrees) at Unix milliseconds. */
export function sunAt(latitude: number, longitude: number, t: number): SunPosition {
  const days = (t - J2000) / DAY;
  const anomaly = (357.528 + 0.9856003 * days) * RADIAN;
  const ecliptic =
    (280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIAN;
  const obliquity = 23.439 * RADIAN;
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const sinDeclination = Math.sin(obliquity) * Math.sin(ecliptic);
  const cosDeclination = Math.sqrt(1 - sinDeclination * sinDeclination);
  const siderealHours = 18.697374558 + 24.06570982441908 * days;
  const hourAngle = (siderealHours * 15 + longitude) * RADIAN - rightAscension;
  const sinLatitude = Math.sin(latitude * RADIAN);
  const cosLatitude = Math.cos(latitude * RADIAN);
  const cosHour = Math.cos(hourAngle);
  return {
    sinElevation: sinLatitude * sinDeclination + cosLatitude * cosDeclination * cosHour,
    north: cosLatitude * sinDeclination - sinLatitude * cosDeclination * cosHour,
    east: -cosDeclination * Math.sin(hourAngle),
  };
}

/** Global horizontal irradiance of a cloudless sky in W/m2. */
export function clearSky({ sinElevation }: SunPosition): number {
  return sinElevation <= 0 ? 0 : 1098 * sinElevation * Math.exp(-0.059 / sinElevation);
}

/** Irradiance in W/m2: on the horizontal, its diffuse part, direct normal. */
export interface Irradiance {
  global: number;
  diffuse: number;
  direct: number;
}

/** Irradiance under a cloud cover (0 to 1): Kasten and Czeplak's reduction, and a diffuse share that grows with it. */
export function irradianceUnder(sun: SunPosition, cover: number): Irradiance {
  const global = clearSky(sun) * (1 - 0.75 * Math.pow(cover, 3.4));
  if (global <= 0) return { global: 0, diffuse: 0, direct: 0 };
  const diffuse = global * Math.min(0.97, 0.12 + 0.85 * cover);
  return { global, diffuse, direct: Math.min(1000, (global - diffuse) / Math.max(sun.sinElevation, 0.05)) };
}

/** Irradiance in W/m2 on a plane tilted towards the equator by so many degrees. */
export function onPlane(irradiance: Irradiance, sun: SunPosition, tilt: number, latitude: number): number {
  if (irradiance.global <= 0) return 0;
  const cosTilt = Math.cos(tilt * RADIAN);
  const towards = latitude >= 0 ? -sun.north : sun.north;
  const cosIncidence = Math.max(0, sun.sinElevation * cosTilt + towards * Math.sin(tilt * RADIAN));
  const reflected = (0.2 * irradiance.global * (1 - cosTilt)) / 2;
  return irradiance.direct * cosIncidence + (irradiance.diffuse * (1 + cosTilt)) / 2 + reflected;
}
