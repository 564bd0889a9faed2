/**
 * Every setting there is: its name in the environment, how it is written, what it is when absent, and what it means.
 * docs/configuration.md is made from this table, and a test fails where the two differ.
 */
import type { z } from 'zod';
import {
  duration,
  formatDuration,
  formatSize,
  httpUrl,
  integer,
  onOff,
  oneOf,
  origins,
  plain,
  redisUrl,
  size,
} from './values.js';

/** One setting. `fallback` is written as in the environment; without one the setting is absent by default. */
export interface Definition<T, Fallback extends string | undefined = string | undefined> {
  schema: z.ZodType<T, string>;
  fallback: Fallback;
  /** One or two sentences, with the unit where there is one. */
  meaning: string;
  /** Heading in the documentation. */
  group: Group;
  /** How a value is printed; not called for secrets. */
  show: (value: T) => string;
  /** `hidden`: never printed. `url`: printed without its credentials. */
  secret?: 'hidden' | 'url';
}

/** Headings of the documentation, in order. */
export const GROUPS = [
  'Server',
  'EnOS',
  'Simulator',
  'Cache',
  'Lifetimes',
  'Deadlines',
  'Limits',
  'What is open',
] as const;
type Group = (typeof GROUPS)[number];

interface Kind<T> {
  schema: z.ZodType<T, string>;
  show: (value: T) => string;
  secret?: 'hidden' | 'url';
}

const group =
  (name: Group) =>
  <T, const F extends string | undefined>(kind: Kind<T>, fallback: F, meaning: string): Definition<T, F> => ({
    ...kind,
    fallback,
    meaning,
    group: name,
  });

const words: Kind<string> = { schema: plain(), show: String };
const password: Kind<string> = { schema: plain(), show: () => '', secret: 'hidden' };
const switched: Kind<boolean> = { schema: onOff(), show: (value) => (value ? 'on' : 'off') };
const bytes: Kind<number> = { schema: size(), show: formatSize };
const count = (min: number, max: number): Kind<number> => ({ schema: integer(min, max), show: String });
const time = (min: number): Kind<number> => ({ schema: duration(min), show: formatDuration });

const server = group('Server');
const enos = group('EnOS');
const simulator = group('Simulator');
const cache = group('Cache');
const lifetime = group('Lifetimes');
const deadline = group('Deadlines');
const limit = group('Limits');
const open = group('What is open');

/** The table. Its order is that of the documentation. */
export const DEFINITIONS = {
  HOST: server(
    words,
    '127.0.0.1',
    'Address to listen on. The default is reachable from this machine only; 0.0.0.0 is every IPv4 address.',
  ),
  PORT: server(count(0, 65_535), '4000', 'Port of the GraphQL server. 0 takes any free one.'),
  LOG_LEVEL: server(
    { schema: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), show: String },
    'info',
    'Least severe log lines to write: trace, debug, info, warn, error, fatal or silent.',
  ),
  SHUTDOWN_TIMEOUT: server(
    time(0),
    '20s',
    'How long requests under way may go on after SIGTERM before their connections are closed.',
  ),

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
    { schema: oneOf('2.1', '2.3'), show: String },
    '2.3',
    'Edition of EnOS, 2.1 or 2.3: picks among operations that differ between editions.',
  ),
  ENOS_CA_FILE: enos(
    words,
    undefined,
    'File with the certificate authority (PEM) of the gateway, where it is not one that Node knows.',
  ),
  ENOS_CONCURRENCY: enos(
    count(1, 1_000),
    '8',
    'Calls to EnOS that one GraphQL request may have under way at once.',
  ),

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

  REDIS_URL: cache(
    { schema: redisUrl(), show: String, secret: 'url' },
    undefined,
    'Redis to cache in: redis://, rediss:// (TLS), redis[s]+sentinel:// or redis[s]+cluster://. Absent: the cache lives in this process.',
  ),
  REDIS_CA_FILE: cache(
    words,
    undefined,
    'File with the certificate authority (PEM) of Redis, where it is not one that Node knows.',
  ),
  CACHE_MAX_BYTES: cache(bytes, '64MiB', 'Bound of the cache in this process, in approximate bytes.'),

  CACHE_TTL_MODELS: lifetime(time(0), '1h', 'How long thing models are taken from the cache. 0s: never.'),
  CACHE_TTL_ASSETS: lifetime(time(0), '60s', 'The same for assets.'),
  CACHE_TTL_TREES: lifetime(time(0), '60s', 'The same for asset trees and their nodes.'),
  CACHE_TTL_ALERT_DEFINITIONS: lifetime(
    time(0),
    '10m',
    'The same for contents, types, severities and rules of alerts.',
  ),
  CACHE_TTL_ALERTS: lifetime(time(0), '5s', 'The same for alerts.'),
  CACHE_TTL_LATEST: lifetime(time(0), '2s', 'The same for latest values.'),
  CACHE_TTL_SERIES_PAST: lifetime(time(0), '1h', 'The same for series that end in the past.'),
  CACHE_TTL_SERIES_TAIL: lifetime(time(0), '5s', 'The same for series that reach into the present.'),
  CACHE_TTL_NOT_FOUND: lifetime(time(0), '5s', 'The same for the answer that something does not exist.'),

  OPERATION_TIMEOUT: deadline(time(1), '15s', 'Time by which a GraphQL request is answered.'),
  ENOS_TIMEOUT: deadline(time(1), '10s', 'Time that one call to EnOS may take.'),
  ENOS_CONNECT_TIMEOUT: deadline(time(1), '1s', 'Time that a connection to EnOS may take to come up.'),
  ENOS_IDLE_TIMEOUT: deadline(time(1), '5s', 'Time without a byte from EnOS after which a call is given up.'),
  REDIS_TIMEOUT: deadline(
    time(1),
    '50ms',
    'Time that one access to Redis may take before it counts as a miss.',
  ),

  MAX_BODY_BYTES: limit(bytes, '256KiB', 'Largest body of a request (413 beyond).'),
  MAX_TOKENS: limit(
    count(1, 1_000_000),
    '5000',
    'Most tokens (names, numbers, signs) in a GraphQL document.',
  ),
  MAX_DEPTH: limit(count(1, 1_000), '20', 'Deepest nesting of fields, fragments followed.'),
  MAX_ROOT_FIELDS: limit(
    count(1, 100_000),
    '100',
    'Most fields at the root of an operation, aliases counted.',
  ),
  MAX_COST: limit(
    count(1, 1_000_000_000),
    '100000',
    'Most fields that an answer may hold, estimated before the query runs from the sizes of its lists.',
  ),
  MAX_VARIABLE_DEPTH: limit(count(1, 1_000), '20', 'Deepest nesting of lists and objects in the variables.'),
  MAX_SAMPLES: limit(count(1, 10_000_000), '20000', 'Most records of one series in one answer.'),

  CORS_ORIGINS: open(
    { schema: origins(), show: (list) => list.join(',') },
    '',
    'Origins whose pages may call the server, separated by commas, such as https://dashboard.example.com. Empty: none.',
  ),
  GRAPHIQL: open(switched, 'on', 'Whether a browser at /graphql gets GraphiQL.'),
  INTROSPECTION: open(switched, 'on', 'Whether clients may ask for the schema. GraphiQL needs it.'),
  EXPLAIN: open(
    switched,
    'on',
    'Whether the request header x-enos-explain: 1 adds the calls made to the answer.',
  ),
} as const;

/** Name of a setting in the environment. */
export type SettingName = keyof typeof DEFINITIONS;

/** Value of a setting: may be undefined where there is no default. */
export type SettingValue<N extends SettingName> =
  (typeof DEFINITIONS)[N] extends Definition<infer T, infer F>
    ? F extends string
      ? T
      : T | undefined
    : never;

/** All values by name. */
export type SettingValues = { [N in SettingName]: SettingValue<N> };
