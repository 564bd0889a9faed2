/** The settings of what is kept, where, and for how long. A part of the table in definitions.ts. */
import { bytes, bytesOrNone, group, switched, time, words, type Definition } from './definition.js';
import { keyPrefix, oneOfWords, redisUrl, durationText } from './values.js';
import { DESCRIBED } from '../../loading/entities/index.js';

/** Name of such a setting. */
export type LifetimeName = `CACHE_TTL_${string}`;

const KEPT = DESCRIBED.flatMap(({ nouns, lifetime }) => (lifetime ? [{ nouns, lifetime }] : []));

/** One setting for all the entities that name it. */
export const ENTITY_LIFETIMES: Readonly<Record<LifetimeName, Definition<number, string>>> =
  Object.fromEntries(
    KEPT.map(({ lifetime: { setting, fallback } }) => {
      const alike = KEPT.filter(({ lifetime }) => lifetime.setting === setting);
      if (alike.some(({ lifetime }) => lifetime.fallback !== fallback))
        throw new TypeError(`${setting} has several defaults in the descriptions`);
      const nouns = new Intl.ListFormat('en-GB').format(alike.map(({ nouns: { many } }) => many));
      return [setting, group('Lifetimes')(time(0), durationText(fallback), `The same for ${nouns}.`)];
    }),
  );

const cache = group('Cache');
const lifetime = group('Lifetimes');

/** The table. Its order is that of the documentation. */
export const CACHE_DEFINITIONS = {
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
  REDIS_PREFIX: cache(
    { schema: keyPrefix(), show: String },
    'enos-graphql:',
    'What every key in Redis begins with, a digest of ENOS_ACCESS_KEY behind it: applications that share a Redis share nothing in it (docs/redis.md).',
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
  ANSWERS_MAX_PART_BYTES: cache(
    bytesOrNone,
    '16MiB',
    'The same of parts of answers: what single assets, models, alerts look like, kept as text. 0 keeps none.',
  ),
  ANSWERS_SHARED: cache(
    switched,
    'on',
    'Whether equal requests of equal rights that are under way at once are executed once.',
  ),
  ANSWERS_COMPRESSED: cache(
    { schema: oneOfWords('off', 'kept', 'all'), show: String },
    'kept',
    'Which answers are compressed (gzip, br) for clients that take it: kept (those kept as bytes, once each), all (also those sent but once, which costs CPU) or off.',
  ),

  ...ENTITY_LIFETIMES,
  CACHE_TTL_TREES: lifetime(time(0), '60s', 'The same for asset trees and their nodes.'),
  CACHE_TTL_LATEST: lifetime(time(0), '2s', 'The same for latest values.'),
  CACHE_TTL_SERIES_PAST: lifetime(time(0), '1h', 'The same for series that end in the past.'),
  CACHE_TTL_SERIES_TAIL: lifetime(time(0), '5s', 'The same for series that reach into the present.'),
  SERIES_LATE_DATA: lifetime(
    time(0),
    '15m',
    'How late measurements may arrive. What ended less long ago counts as reaching into the present.',
  ),
  CACHE_TTL_NOT_FOUND: lifetime(
    time(0),
    '5s',
    'The same for the answer that something does not exist; assets whose series are refused are asked alone for as long.',
  ),
} as const;
