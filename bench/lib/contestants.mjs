/** Who is measured: how each is started, and with which settings. */
import { fileURLToPath } from 'node:url';
import { hive, tailcall } from './gateways.mjs';
import { freePort, start, untilAnswering } from './processes.mjs';

const bench = fileURLToPath(new URL('../', import.meta.url));
const product = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Every lifetime of the product's cache at nothing: what is fetched for one request serves no later one. */
export const COLD = Object.fromEntries(
  [
    'MODELS',
    'ASSETS',
    'TREES',
    'ALERT_DEFINITIONS',
    'ALERTS',
    'LATEST',
    'SERIES_PAST',
    'SERIES_TAIL',
    'USERS',
    'NOT_FOUND',
  ].map((name) => [`CACHE_TTL_${name}`, '0s']),
);
/** The same, but for thing models, which tell the types of values: they live as long as they do by default. */
const COLD_BUT_MODELS = Object.fromEntries(
  Object.entries(COLD).filter(([name]) => name !== 'CACHE_TTL_MODELS'),
);
/** No answer is kept, or shared with an equal request that is under way: each is executed. */
export const ALONE = { ANSWERS_MAX_BYTES: '0', ANSWERS_SHARED: 'off' };

// As `npm start` and the image start it.
const ofOurs = (title, env = {}) => ({
  title,
  command: ['node', '--max-semi-space-size=32', product],
  env,
});
const ofNode = (title, file, env = {}) => ({ title, command: ['node', `${bench}contestants/${file}`], env });

/** Contestants by name. */
export const CONTESTANTS = {
  reference: ofNode('Apollo Server 5 + express 5 + DataLoader + fetch', 'apollo.mjs'),
  mercurius: ofNode('Mercurius + graphql-jit + undici', 'mercurius.mjs'),
  yoga: ofNode('graphql-yoga + DataLoader + fetch', 'yoga.mjs'),
  'yoga-jit': ofNode('graphql-yoga + graphql-jit + DataLoader + fetch', 'yoga.mjs', { YOGA_JIT: '1' }),
  cold: ofOurs('enos-graphql, nothing cached, nothing shared', { ...COLD, ...ALONE }),
  models: ofOurs('enos-graphql, only thing models cached, nothing shared', { ...COLD_BUT_MODELS, ...ALONE }),
  shared: ofOurs('enos-graphql, nothing cached, sharing in flight', { ...COLD, ANSWERS_MAX_BYTES: '0' }),
  warm: ofOurs('enos-graphql, entities warm, response cache off', ALONE),
  redis: ofOurs('enos-graphql, entities warm in process and Redis, response cache off', ALONE),
  // One byte holds nothing: every look-up goes to Redis.
  'redis-only': ofOurs('enos-graphql, entities warm in Redis alone, response cache off', {
    ...ALONE,
    CACHE_MAX_BYTES: '1B',
  }),
  default: ofOurs('enos-graphql, default settings'),
  tailcall,
  hive,
  'by-hand': ofNode('these answers written by hand, without GraphQL', 'by-hand.mjs'),
  static: ofNode('static node:http server, the same bytes', 'static.mjs'),
};

/**
 * Starts a contestant on core 0 and waits until it answers; rejects where it does not. `env` adds to its own settings.
 */
export async function startContestant(name, { upstreamUrl, redisUrl, answerFile, env = {} }) {
  const contestant = CONTESTANTS[name];
  const port = await freePort();
  const command = contestant.command ?? (await contestant.prepare({ port, upstreamUrl }));
  const server = start(0, command, {
    cwd: bench,
    env: {
      PORT: String(port),
      ENOS_URL: upstreamUrl,
      ENOS_ACCESS_KEY: 'bench-access-key',
      ENOS_SECRET_KEY: 'bench-secret-key',
      ENOS_ORG_ID: 'o15724268424841',
      ...(name.startsWith('redis') ? { REDIS_URL: redisUrl } : {}),
      ...(answerFile ? { ANSWER_FILE: answerFile } : {}),
      ...contestant.env,
      ...env,
    },
  });
  await untilAnswering(server, port);
  return { name, port, rewrite: contestant.rewrite, ...server };
}
