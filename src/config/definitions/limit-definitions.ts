/** The settings that bound what is asked: by an operation, by a caller, by all together. A part of the table in definitions.ts. */
import { bytes, count, group, switched, time } from './definition.js';

const limit = group('Limits');
const caller = group('Limits per caller');
const overload = group('Overload');

/** The table. Its order is that of the documentation. */
export const LIMIT_DEFINITIONS = {
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
} as const;
