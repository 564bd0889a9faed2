/** The settings of EnOS (where it is, as whom, how many calls) and of the local one. A part of the table in definitions.ts. */
import { count, group, password, time, words, switched } from './definition.js';
import { httpUrl, oneOfWords } from './values.js';

const enos = group('EnOS');

/** The table. Its order is that of the documentation. */
export const ENOS_DEFINITIONS = {
  ENOS_URL: enos(
    { schema: httpUrl(), show: String },
    undefined,
    'Address of the EnOS API gateway, such as https://ag-eu2.envisioniot.com. Absent: a local EnOS is started (the simulator).',
  ),
  ENOS_ACCESS_KEY: enos(
    password,
    'demo-access-key',
    'Access key of the application on EnOS. Must be given with an ENOS_URL that is not on this machine. The simulator takes the same. Never printed or logged.',
  ),
  ENOS_SECRET_KEY: enos(
    password,
    'demo-secret-key',
    'Secret key of the application. Must be given with an ENOS_URL that is not on this machine. Never printed or logged.',
  ),
  ENOS_ORG_ID: enos(
    words,
    'o15724268424841',
    'Organization whose data is asked where a query names none. Must be given with an ENOS_URL that is not on this machine.',
  ),
  ENOS_EDITION: enos(
    { schema: oneOfWords('2.1', '2.3'), show: String },
    '2.3',
    'Edition of EnOS, 2.1 or 2.3: picks among operations that differ between editions.',
  ),
  ENOS_CA_FILE: enos(
    words,
    undefined,
    'File with the certificate authority (PEM) of the gateway, where it is not one that Node knows.',
  ),
  ENOS_WRITE_LAG: enos(
    time(0),
    '2s',
    'How long EnOS may go on showing the old state after a write: what is read within that time is not cached.',
  ),
  ENOS_CONCURRENCY: enos(
    count(1, 1_000),
    '8',
    'Calls to EnOS that one GraphQL request may have under way at once.',
  ),
  ENOS_SERVICE_CONCURRENCY: enos(
    count(1, 10_000),
    '32',
    'Calls that this process may have under way at once with one service of EnOS, each on a connection of its own.',
  ),
  ENOS_QUEUE_LIMIT: enos(
    count(0, 1_000_000),
    '1000',
    'Calls that may wait for one service of EnOS; further ones fail at once (UPSTREAM_UNAVAILABLE). 0: none waits.',
  ),
  ENOS_RETRIES: enos(
    count(0, 10),
    '2',
    'How often one read that failed in passing may be repeated, within its time. 0: never.',
  ),
  ENOS_RETRY_BUDGET: enos(
    count(0, 100),
    '10',
    'Repetitions per hundred calls to one service of EnOS, in per cent. 0: none.',
  ),
  ENOS_BREAKER_FAILURES: enos(
    count(1, 100),
    '50',
    'Per cent of the latest calls to one service of EnOS that must fail before it is left alone for a while.',
  ),
  ENOS_BREAKER_CALLS: enos(
    count(0, 1_000_000),
    '20',
    'Fewest calls within ENOS_BREAKER_WINDOW from which that is judged. 0: no service is ever left alone.',
  ),
  ENOS_BREAKER_WINDOW: enos(time(100), '10s', 'How long a call counts among the latest.'),
  ENOS_BREAKER_PAUSE: enos(
    time(1),
    '5s',
    'How long a failing service is left alone before one call tries it again; up to eight times that where the trials fail.',
  ),
} as const;

const simulator = group('Simulator');

/** The same of the local EnOS. */
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
