/** States of the bundled world do not depend on the time of day at which a demonstration, or a test, happens to run. */
import { bundledWorldFolder, loadWorld } from '../../../src/simulator/world/load.js';
import type { World } from '../../../src/simulator/world/world.js';

const MIDNIGHT = Date.UTC(2026, 11, 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const POINTS = ['runState', 'running', 'statusText'];

/** The newest record is oldest just before and after the daily one. */
const TIMES = [
  ...[-MINUTE, -SECOND, -1, 0, 1, SECOND],
  ...Array.from({ length: 11 }, (_, index) => (index + 1) * 60 * SECOND),
  ...Array.from({ length: 4 }, (_, index) => HOUR + index * 6 * HOUR),
];

let now = MIDNIGHT;
let world: World;
let pairs: [assetId: string, pointId: string][];

beforeAll(async () => {
  world = await loadWorld(bundledWorldFolder, { now: () => now });
  pairs = [...world.assets.keys()].flatMap((assetId) =>
    POINTS.filter((pointId) => world.series.latest(assetId, pointId, now) !== null).map(
      (pointId): [string, string] => [assetId, pointId],
    ),
  );
});

test.each(TIMES.map((offset) => [new Date(MIDNIGHT + offset).toISOString(), MIDNIGHT + offset] as const))(
  'at %s every state point has a record of the last day',
  (_name, time) => {
    expect(pairs.length).toBeGreaterThan(500);
    now = time;
    const silent = pairs.filter(
      ([assetId, pointId]) => !world.series.latest(assetId, pointId, now, now - DAY - 1),
    );
    expect(silent).toEqual([]);
  },
);
