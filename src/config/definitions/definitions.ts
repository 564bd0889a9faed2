/**
 * Every setting there is: its name in the environment, how it is written, what it is when absent, and what it means.
 * Subjects with many settings have a part of the table of their own.
 * docs/configuration.md is made from this table, and a test fails where the two differ.
 */
import { CACHE_DEFINITIONS, type LifetimeName } from './cache-definitions.js';
import { bytes, count, group, switched, time, words, type Definition } from './definition.js';
import { ENOS_DEFINITIONS, SIMULATOR_DEFINITIONS } from './enos-definitions.js';
import { IDENTITY_DEFINITIONS } from './identity-definitions.js';
import { LIMIT_DEFINITIONS } from './limit-definitions.js';
import { WRITE_DEFINITIONS } from './write-definitions.js';
import {
  headerList,
  headerNames,
  hostNames,
  httpUrl,
  names,
  oneOfWords,
  origins,
  share,
  variableNames,
} from './values.js';

const server = group('Server');
const deadline = group('Deadlines');
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
    { schema: oneOfWords('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), show: String },
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

  IGNORED_VARIABLES: server(
    { schema: variableNames(), show: (list) => list.join(',') },
    '',
    'Names of variables that are meant for other programs though they look like settings, separated by commas. All others that do end the start.',
  ),

  ...IDENTITY_DEFINITIONS,
  ...ENOS_DEFINITIONS,
  ...SIMULATOR_DEFINITIONS,
  ...CACHE_DEFINITIONS,

  OPERATION_TIMEOUT: deadline(time(1), '15s', 'Time by which a GraphQL request is answered.'),
  ENOS_TIMEOUT: deadline(time(1), '10s', 'Time that one call to EnOS may take.'),
  ENOS_CONNECT_TIMEOUT: deadline(time(1), '1s', 'Time that a connection to EnOS may take to come up.'),
  ENOS_IDLE_TIMEOUT: deadline(time(1), '5s', 'Time without a byte from EnOS after which a call is given up.'),
  REDIS_TIMEOUT: deadline(
    time(1),
    '50ms',
    'Time that one access to Redis may take before it counts as a miss.',
  ),

  ...LIMIT_DEFINITIONS,

  PERSISTED_QUERIES: known(
    switched,
    'on',
    'Whether clients may register operations by their hash (automatic persisted queries).',
  ),
  PERSISTED_QUERIES_MAX_BYTES: known(
    bytes,
    '4MiB',
    'Bytes of such operations that one caller may store in Redis in a week; what is more is known to one replica only.',
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

  ...WRITE_DEFINITIONS,

  ALLOWED_HOSTS: open(
    { schema: hostNames(), show: (list) => list.join(',') },
    '',
    'Host names that the server is asked by, separated by commas, such as graph.example.com or *.example.com; * is any. With AUTH_MODES=none only these, localhost and addresses are answered (docs/protocol.md); with authentication all, unless this is set.',
  ),
  CORS_ORIGINS: open(
    { schema: origins(), show: (list) => list.join(',') },
    '',
    'Origins whose pages may call the server, separated by commas, such as https://dashboard.example.com or https://*.example.com. Empty: none.',
  ),
  CORS_HEADERS: open(
    { schema: headerNames(), show: (list) => list.join(',') },
    '',
    'Names of headers that those pages may send in addition to those that the server knows (docs/protocol.md), separated by commas.',
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
export type SettingValues = { [N in SettingName]: SettingValue<N> } & {
  readonly [N in LifetimeName]?: number;
};
