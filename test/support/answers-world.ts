/** A server whose graph says of its sources what a test tells it to. */
import { GraphQLError } from 'graphql';
import type { AnswerSources, ServerOptions } from '../../src/server/options.js';
import { startGraphServer } from './graph-server.js';
import type { RunningServer } from './graph-server.js';
import { send } from './http-socket.js';
import { makeSchema } from './small-schema.js';

/** What the graph is told to say, and what has come of it. */
export class World {
  /** Executions of `many`. */
  executed = 0;
  /** Executions that have not ended. */
  underWay = 0;
  sources: Partial<AnswerSources> = {};
  current = true;
  extensions: Record<string, unknown> = {};
  /** Set, executions wait for it. */
  gate: Promise<void> | undefined;
  /** Executions that fail from now on. */
  failures = 0;
  size = 1;
  signals: AbortSignal[] = [];
  /** Whether each context was made to renew. */
  renewing: boolean[] = [];
  server!: RunningServer;

  post(
    query = '{ many { totalCount nodes { name } } }',
    more: Record<string, string> = {},
    extra: object = {},
  ) {
    return send(this.server.url, {
      headers: { 'content-type': 'application/json', ...more },
      body: JSON.stringify({ query, ...extra }),
    });
  }

  /** Waits for what happens behind an answer: until the check holds, and all executions have come to their end. */
  async until(check: () => boolean): Promise<void> {
    while (!check() || this.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    // An execution ends before its answer is kept, which is a matter of turns of the event loop and of no call.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  get(query = '{ many { totalCount nodes { name } } }', headers: Record<string, string> = {}) {
    const path = `/graphql?${new URLSearchParams({ query }).toString()}`;
    return send(this.server.url, { method: 'GET', path, headers });
  }
}

/** Starts one; `closeWorlds` ends all that a test has started. */
export async function startWorld(options: Partial<ServerOptions> = {}): Promise<World> {
  const world = new World();
  const schema = makeSchema();
  const many = schema.getQueryType()?.getFields()['many'];
  if (!many) throw new Error('the schema has no such field');
  many.resolve = async () => {
    world.executed += 1;
    world.underWay += 1;
    await Promise.resolve(world.gate).finally(() => (world.underWay -= 1));
    world.failures -= 1;
    if (world.failures >= 0) throw new GraphQLError('Not found.', { extensions: { code: 'NOT_FOUND' } });
    return {
      nodes: Array.from({ length: world.size }, () => ({ name: 'branch' })),
      totalCount: world.executed,
    };
  };
  world.server = await startGraphServer({
    schema,
    answers: { maxBytes: 1_000_000, share: true, compression: 'kept', isCurrent: () => world.current },
    context: ({ signal, renews }) => {
      world.signals.push(signal);
      world.renewing.push(renews);
      return {
        sources: () => ({
          ...{
            freshUntil: Date.now() + 60_000,
            refreshAt: Date.now() + 54_000,
            oldest: Date.now(),
            stale: false,
            tags: ['asset:1'],
          },
          asOf: { position: '', at: Date.now() },
          ...world.sources,
        }),
        responseExtensions: () => world.extensions,
      };
    },
    ...options,
  });
  started.push(world.server);
  // Operations must be known before their answers are kept.
  world.sources = { freshUntil: 0 };
  await world.post();
  await world.get();
  world.executed = 0;
  world.sources = {};
  return world;
}

const started: RunningServer[] = [];
const realNow = Date.now;
let ahead = 0;

/**
 * Lets time pass for the server, which runs in this process, without waiting: what a test sets to end in half a minute cannot
 * end before its time on a busy machine. Timers are not moved.
 */
export function passTime(ms: number): void {
  ahead += ms;
  Date.now = () => realNow() + ahead;
}

/** To be called after each test. */
export async function closeWorlds(): Promise<void> {
  ahead = 0;
  Date.now = realNow;
  await Promise.all(started.splice(0).map((server) => server.close()));
}
