/** The settings of the local EnOS. A part of the table in definitions.ts. */
import { count, group, switched, words } from './definition.js';

const simulator = group('Simulator');

/** The table. Its order is that of the documentation. */
export const SIMULATOR_DEFINITIONS = {
  SIMULATOR_PORT: simulator(count(0, 65_535), '4100', 'Port of the local EnOS. 0 takes any free one.'),
  ENOS_WORLD: simulator(
    words,
    undefined,
    'Folder of the world that the local EnOS loads. Absent: the bundled one.',
  ),
  SIMULATOR_CONTROL: simulator(
    switched,
    'off',
    'Set to 1, the local EnOS can be controlled at /__: faults, clock, call log, counted calls (docs/faults.md).',
  ),
  SIMULATOR_TOKEN_TTL: simulator(
    count(1, 31_536_000),
    '7200',
    'Seconds that an access token of the local EnOS lives.',
  ),
  SIMULATOR_SESSION_TTL: simulator(
    count(1, 31_536_000),
    '7200',
    "Seconds that a user's session at the local EnOS lives.",
  ),
  SIMULATOR_WRITE_LAG: simulator(
    count(0, 3_600_000),
    '2000',
    'Milliseconds after which searches of the local EnOS show a write, by its own clock. Reads by key show it at once.',
  ),
  SIMULATOR_SEED: simulator(
    count(0, Number.MAX_SAFE_INTEGER),
    undefined,
    'Seed of everything random in the local EnOS (docs/faults.md). Absent: a random one.',
  ),
  SIMULATOR_CLOCK: simulator(
    words,
    undefined,
    'Instant, such as 2026-01-15T12:00:00Z, at which the clock of the local EnOS stands still. Absent: it goes with the machine.',
  ),
  SIMULATOR_FAULTS: simulator(
    words,
    undefined,
    'File (YAML or JSON) of the fault rules that the local EnOS begins with (docs/faults.md). Absent: none.',
  ),
} as const;
