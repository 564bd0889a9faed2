/**
 * Every setting there is: its name in the environment, how it is written, what it is when absent, and what it means.
 * docs/configuration.md is made from this table, and a test fails where the two differ.
 */
import { bytes, bytesOrNone, count, group, password, switched, time, words } from './definition.js';
import type { Definition } from './definition.js';
import { IDENTITY_DEFINITIONS } from './identity-definitions.js';
import { headerList, httpUrl, names, oneOf, origins, redisUrl, share } from './values.js';

const server = group('Server');
const enos = group('EnOS');
const simulator = group('Simulator');
const cache = group('Cache');
const lifetime = group('Lifetimes');
const deadline = group('Deadlines');
const limit = group('Limits');
const caller = group('Limits per caller');
const overload = group('Overload');
const known = group('Operations known in advance');
const open = group('What is open');
const sight = group('What is seen');

/** A setting that tells strangers less when NODE_ENV is `production`. */
const offInProduction = <T, F extends string>(definition: Definition<T, F>): Definition<T, F> => ({
  ...definition,
  inProduction: 'off',
});

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
  SHUTDOWN_DELAY: server(
    time(0),
    '0s',
    'How long the server goes on taking requests after SIGTERM, already not ready, so that load balancers notice first. Comes before SHUTDOWN_TIMEOUT.',
  ),

  ...IDENTITY_DEFINITIONS,

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

  CACHE_STALE_FOR: cache(
    time(0),
    '10m',
    'How long beyond its lifetime a value may be served while EnOS cannot be reached, fails or is slow; the answer says so. 0s: never.',
  ),
  CACHE_STALE_AFTER: cache(
    time(1),
    '1s',
    'How long a read that has such a value waits for a fresh one before it answers with the old one; the read goes on behind.',
  ),
  CACHE_SHARED_FLIGHT: cache(
    time(0),
    '500ms',
    'How long a read waits at most for what another replica is fetching already, before it fetches itself. Of effect with Redis only. 0s: not at all.',
  ),
  ANSWERS_MAX_BYTES: cache(
    bytesOrNone,
    '32MiB',
    'Bound of the whole answers that are kept as bytes, in approximate bytes. 0 keeps none: docs/answers.md.',
  ),
  ANSWERS_SHARED: cache(
    switched,
    'on',
    'Whether equal requests of equal rights that are under way at once are executed once.',
  ),
  ANSWERS_COMPRESSED: cache(
    { schema: oneOf('off', 'kept', 'all'), show: String },
    'kept',
    'Which answers are compressed (gzip, br) for clients that take it: kept (those kept as bytes, once each), all (also those sent but once, which costs CPU) or off.',
  ),

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
  SERIES_LATE_DATA: lifetime(
    time(0),
    '15m',
    'How late measurements may arrive. What ended less long ago counts as reaching into the present.',
  ),
  CACHE_TTL_USERS: lifetime(time(0), '60s', 'The same for what the Application Portal tells of users.'),
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
  MAX_ALIASES: limit(
    count(0, 100_000),
    '500',
    'Most aliases in an operation and the fragments that it uses, each counted where it is written.',
  ),
  MAX_DIRECTIVES: limit(count(0, 100_000), '200', 'Most directives, counted likewise.'),
  MAX_COST: limit(
    count(1, 1_000_000_000),
    '100000',
    'Most fields that an answer may hold, estimated before the query runs from the sizes of its lists.',
  ),
  MAX_VARIABLE_DEPTH: limit(count(1, 1_000), '20', 'Deepest nesting of lists and objects in the variables.'),
  MAX_VARIABLE_BYTES: limit(bytes, '128KiB', 'Largest variables of an operation, approximately, as JSON.'),
  MAX_BATCH: limit(
    count(1, 1_000),
    '1',
    'Most operations in one request, sent as a JSON list. 1: lists are refused.',
  ),
  MAX_UPSTREAM_CALLS: limit(
    count(1, 1_000_000),
    '500',
    'Most calls to EnOS that one operation may make. A field that would need more is null, with an error.',
  ),
  MAX_SAMPLES: limit(count(1, 10_000_000), '20000', 'Most records of one series in one answer.'),

  RATE_LIMIT_WINDOW: caller(time(1_000), '1m', 'Time over which a caller may spend its quotas.'),
  RATE_LIMIT_REQUESTS: caller(
    count(0, 1_000_000_000),
    '1200',
    'Operations that one caller may ask in that time, over all replicas that share a Redis. 0: any number.',
  ),
  RATE_LIMIT_COST: caller(
    count(0, 1_000_000_000_000),
    '3000000',
    'Cost of all operations that one caller may ask in that time (docs/limits.md tells how cost is counted). 0: any.',
  ),
  MAX_CONCURRENT_PER_CALLER: caller(
    count(0, 100_000),
    '32',
    'Operations of one caller that run at once in one process; further ones wait for their turn. 0: any number.',
  ),
  MAX_CONCURRENT: caller(
    count(1, 100_000),
    '256',
    'Operations that run at once in one process. Who has fewest under way is served first when one ends.',
  ),
  MAX_WAITING: caller(
    count(0, 100_000),
    '1024',
    'Operations that may wait for their turn in one process, and a quarter of it those of one caller.',
  ),
  LIMIT_ANYBODY: caller(
    switched,
    'off',
    'Whether rate and concurrency per caller also bound callers without an identity, all of them together as one.',
  ),

  MAX_EVENT_LOOP_DELAY: overload(
    time(0),
    '500ms',
    'Mean delay of the event loop from which requests to /graphql are refused (503), until it has fallen to half. 0s: never.',
  ),
  MAX_CONNECTIONS: overload(
    count(1, 1_000_000),
    '10000',
    'Connections that may be open at once; further ones are closed.',
  ),
  MAX_HEADER_BYTES: overload(bytes, '16KiB', 'Largest head of a request, its address included (431 beyond).'),
  HEADERS_TIMEOUT: overload(time(1), '10s', 'Time in which the head of a request must arrive.'),
  REQUEST_TIMEOUT: overload(time(1), '30s', 'Time in which a whole request must arrive.'),
  SLOW_CLIENT_TIMEOUT: overload(
    time(1),
    '30s',
    'Time without progress after which a connection is closed whose client does not take its answer; four times as long for an answer that is taken drop by drop.',
  ),

  PERSISTED_QUERIES: known(
    switched,
    'on',
    'Whether clients may register operations by their hash (automatic persisted queries).',
  ),
  DOCUMENTS_FILE: known(
    words,
    undefined,
    'File with the operations of your clients (Apollo manifest, or a JSON object from id to text); read again when it changes.',
  ),
  DOCUMENTS_ONLY: known(
    switched,
    'off',
    'Whether only the operations of DOCUMENTS_FILE run. All others are refused.',
  ),
  DOCUMENTS_MAX_AGE: known(
    time(0),
    '0s',
    'How long browsers may keep the answer to a GET that names its operation by id. 0s: not at all.',
  ),
  DOCUMENTS_SHARED: known(
    switched,
    'off',
    'Whether caches between us and the browser (a CDN) may keep those answers as well, where the caller has no identity.',
  ),

  CORS_ORIGINS: open(
    { schema: origins(), show: (list) => list.join(',') },
    '',
    'Origins whose pages may call the server, separated by commas, such as https://dashboard.example.com or https://*.example.com. Empty: none.',
  ),
  GRAPHIQL: offInProduction(open(switched, 'on', 'Whether a browser at /graphql gets GraphiQL.')),
  INTROSPECTION: offInProduction(
    open(
      switched,
      'on',
      'Whether clients may ask for the schema, and errors may suggest names of it. GraphiQL needs it.',
    ),
  ),
  EXPLAIN: offInProduction(
    open(
      switched,
      'on',
      'Whether the request header x-enos-explain is heeded: 1 adds the calls made to the answer, plan answers what they would be.',
    ),
  ),

  METRICS: sight(switched, 'on', 'Whether anything is counted and GET /metrics answers.'),
  METRICS_OPERATIONS: sight(
    { schema: names(), show: (list) => list.join(',') },
    '',
    'Names of operations that have metrics of their own from the start, separated by commas. Others earn them by being asked often.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: sight(
    { schema: httpUrl(), show: String, secret: 'url' },
    undefined,
    'Where traces are sent, by OTLP over HTTP, such as http://otel-collector:4318. Absent: there are no traces.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: sight(
    { schema: headerList(), show: () => '', secret: 'hidden' },
    undefined,
    'Headers for that address, as name=value separated by commas. Never printed or logged.',
  ),
  OTEL_SERVICE_NAME: sight(words, 'enos-graphql', 'Name of this service in traces.'),
  OTEL_TRACES_SAMPLER_ARG: sight(
    { schema: share(), show: String },
    '1',
    'Share of requests that are traced, from 0 to 1, where the caller has not decided by his traceparent header.',
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
