import { localMidnight, localText, offsetText, zoneOf } from '../../../src/simulator/world/zone.js';

const HOUR = 3_600_000;

test('a fixed offset stays the same all the year', () => {
  const zone = zoneOf('-07:00');
  expect(zone.offsetAt(Date.UTC(2022, 6, 1))).toBe(-7 * HOUR);
  expect(localText(Date.UTC(2022, 0, 3, 7), zone)).toBe('2022-01-03 00:00:00');
  expect(offsetText(zoneOf('+05:30').offsetAt(0))).toBe('+05:30');
});

test('an IANA zone follows daylight saving time, on the day of the change too', () => {
  const zone = zoneOf('Europe/Copenhagen');
  expect(localText(Date.UTC(2024, 2, 31, 0, 59, 59), zone)).toBe('2024-03-31 01:59:59');
  expect(localText(Date.UTC(2024, 2, 31, 1), zone)).toBe('2024-03-31 03:00:00');
  expect(zone.toUtc(Date.UTC(2024, 2, 31, 3))).toBe(Date.UTC(2024, 2, 31, 1));
  expect(zone.toUtc(Date.UTC(2024, 9, 27, 4))).toBe(Date.UTC(2024, 9, 27, 3));
  expect(zone.toUtc(Date.UTC(2024, 9, 27, 1))).toBe(Date.UTC(2024, 9, 26, 23));
  // The clock skips 02:30: the instant half an hour after the change.
  expect(zone.toUtc(Date.UTC(2024, 2, 31, 2, 30))).toBe(Date.UTC(2024, 2, 31, 1, 30));
});

test('local midnight is a day of 23 hours before the next one in spring', () => {
  const zone = zoneOf('America/Denver');
  expect(localMidnight(Date.UTC(2024, 2, 10, 20), zone)).toBe(Date.UTC(2024, 2, 10, 7));
  expect(localMidnight(Date.UTC(2024, 2, 11, 20), zone)).toBe(Date.UTC(2024, 2, 11, 6));
});

test('a name that is no zone is refused', () => {
  expect(() => zoneOf('+15:00')).toThrow(RangeError);
  expect(() => zoneOf('+08:60')).toThrow(RangeError);
  expect(() => zoneOf('Mars/Olympus')).toThrow(RangeError);
});
