/** Two replicas over one Redis: what one fetches the other waits for, and never longer than it said. */
import { randomUUID } from 'node:crypto';
import { parseRedisUrl } from '../../src/cache/redis-url.js';
import { TieredCache, type TieredCacheOptions } from '../../src/cache/tiered-cache.js';
import { EnosError } from '../../src/enos/errors.js';
import { createBatchLoader } from '../../src/loading/batch-loader.js';
import type { ExplainEntry, LoadContext } from '../../src/loading/load-context.js';
import { createLoadingRuntime } from '../../src/loading/runtime.js';
import { SourceLog } from '../../src/loading/sources.js';
import { assetTag } from '../../src/loading/tags.js';
import { gatedEnos, type GatedEnos, type OpenCall } from '../support/gated-enos.js';
import { recordedLoading } from '../support/recorded-loading.js';
import { RedisServer, describeWithRedis, waitFor } from '../support/redis.js';

const orgId = 'o1';
const get = 'asset.getAsset' as const;
/** Longer than any test: whoever waits so long hangs. */
const FOREVER = 60_000;

interface Key {
  orgId: string;
  id: string;
}

/** A process of the server: memory, reads under way and calls of its own. */
interface Replica {
  cache: TieredCache;
  enos: GatedEnos;
  context(more?: Partial<LoadContext>): LoadContext & { sources: SourceLog };
  counts(): { shared: number; fetched: number; redis: number };
}

function load(
  context: LoadContext,
  ids: string[],
  lifetime: number | (() => number) = 30_000,
): Promise<unknown[]> {
  const loader = createBatchLoader<Key, unknown>({
    context,
    kind: 'thing',
    operation: get,
    keyOf: ({ id }) => [id],
    lifetime,
    tags: ({ id }) => [assetTag(orgId, id)],
    fetch: async (keys, call) => {
      const { data } = await call(get, { query: { orgId, assetId: keys.map(({ id }) => id).join(',') } });
      const values = (data ?? {}) as unknown as Record<string, unknown>;
      return new Map(keys.map((key) => [key, values[key.id]]));
    },
  });
  return Promise.all(ids.map((id) => loader.load({ orgId, id })));
}

const idsOf = (call: OpenCall): unknown => call.args.query?.assetId;
const failure = new EnosError({
  kind: 'refused',
  code: 99403,
  httpStatus: 200,
  service: 'asset',
  operation: 'getAsset',
  message: 'no',
});

describeWithRedis('replicas that miss the same key', () => {
  let redis: RedisServer;
  let keyPrefix: string;
  const opened: TieredCache[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  beforeEach(() => {
    keyPrefix = `${randomUUID()}:`;
  });
  afterEach(() => Promise.all(opened.splice(0).map((cache) => cache.close())));
  afterAll(() => redis.stop());

  const replica = async (options: Partial<TieredCacheOptions> = {}): Promise<Replica> => {
    const cache = new TieredCache({
      target: parseRedisUrl(redis.url),
      keyPrefix,
      commandTimeoutMs: 5_000,
      process: { maxBytes: 1e6 },
      sharedFlightMs: FOREVER,
      ttlJitter: 0,
      ...options,
    });
    opened.push(cache);
    await waitFor(() => cache.healthy() && cache.stats().syncAgeMs !== undefined, 'the cache to connect');
    const enos = gatedEnos();
    const runtime = createLoadingRuntime();
    const loading = recordedLoading(enos, { orgId, now: Date.now });
    return {
      cache,
      enos,
      context: (more = {}) => ({
        ...loading.request(),
        cache,
        runtime,
        sources: new SourceLog(cache.readToken()),
        ...more,
      }),
      counts: () => ({ ...runtime.reads.of('thing') }),
    };
  };
  const called = async ({ enos }: Replica, index = 0): Promise<OpenCall> => {
    await waitFor(() => enos.calls.length > index, `call ${index}`);
    return enos.called(index);
  };
  const waiting = ({ cache }: Replica, keys = 1): Promise<void> =>
    waitFor(() => (cache.stats().claimedElsewhere ?? 0) >= keys, 'the other to wait');
  const keysLeft = async (): Promise<string> => redis.command('KEYS', `${keyPrefix}claim:*`);
  const noneLeft = (): Promise<void> => waitFor(async () => (await keysLeft()) === '*0\r\n', 'no claims');

  it('ask EnOS once', async () => {
    const [a, b] = [await replica(), await replica()];
    const first = load(a.context(), ['x', 'y']);
    const call = await called(a);
    const context = b.context();
    const second = load(context, ['x', 'y']);
    await waiting(b, 2);
    call.answer({ data: { x: 'X', y: 'Y' } });
    expect(await Promise.all([first, second])).toEqual([
      ['X', 'Y'],
      ['X', 'Y'],
    ]);
    expect([a.enos.calls.length, b.enos.calls.length]).toEqual([1, 0]);
    expect(b.counts()).toMatchObject({ shared: 2, fetched: 0, redis: 0 });
    expect(context.sources.sum().stale).toBe(false);
    expect(a.cache.stats()).toMatchObject({ claimed: 2, claimedElsewhere: 0 });
    await noneLeft();
  });

  it('fetch what is theirs in one batch, and wait for the rest alone', async () => {
    const [a, b] = [await replica(), await replica()];
    const first = load(a.context(), ['x', 'y']);
    const call = await called(a);
    const second = load(b.context(), ['w', 'x', 'y', 'z']);
    const own = await called(b);
    expect(idsOf(own)).toBe('w,z');
    own.answer({ data: { w: 'W', z: 'Z' } });
    call.answer({ data: { x: 'X', y: 'Y' } });
    expect(await second).toEqual(['W', 'X', 'Y', 'Z']);
    expect(await first).toEqual(['X', 'Y']);
    expect([a.enos.calls.length, b.enos.calls.length]).toEqual([1, 1]);
    await noneLeft();
  });

  it('share that there is none', async () => {
    const [a, b] = [await replica(), await replica()];
    const first = load(a.context(), ['x']).catch((error: unknown) => error);
    const call = await called(a);
    const second = load(b.context(), ['x']).catch((error: unknown) => error);
    await waiting(b);
    const none = { kind: 'refused', code: 99404, httpStatus: 200 } as const;
    call.refuse(new EnosError({ ...none, service: 'asset', operation: 'getAsset', message: 'none' }));
    expect(await first).toMatchObject({ code: 99404 });
    expect(await second).toMatchObject({ code: 99404 });
    expect(b.enos.calls).toHaveLength(0);
  });

  it('go on after the bound, with one batch, where the other never finishes', async () => {
    const [a, b] = [await replica({ sharedFlightMs: 200 }), await replica({ sharedFlightMs: 200 })];
    void load(a.context(), ['x', 'y']);
    await called(a);
    const second = load(b.context(), ['x', 'y']);
    const call = await called(b);
    expect(idsOf(call)).toBe('x,y');
    call.answer({ data: { x: 'X', y: 'Y' } });
    expect(await second).toEqual(['X', 'Y']);
    expect(b.enos.calls).toHaveLength(1);
    (await called(a)).answer({ data: { x: 'X', y: 'Y' } });
  });

  it('leave at least half of their time for fetching', async () => {
    const [a, b] = [await replica(), await replica()];
    void load(a.context(), ['x']);
    const held = await called(a);
    const second = load(b.context({ deadline: Date.now() + 2_000 }), ['x']);
    (await called(b)).answer({ data: { x: 'X' } });
    expect(await second).toEqual(['X']);
    held.answer({ data: { x: 'X' } });
  });

  it('go on at once where the other has failed, or brought what is not kept', async () => {
    const [a, b] = [await replica(), await replica()];
    const first = load(a.context(), ['x']).catch((error: unknown) => error);
    const held = await called(a);
    const second = load(b.context(), ['x']);
    await waiting(b);
    held.refuse(failure);
    expect(await first).toBe(failure);
    (await called(b)).answer({ data: { x: 'X' } });
    expect(await second).toEqual(['X']);

    const third = load(a.context(), ['u'], () => 0);
    const call = await called(a, 1);
    const fourth = load(b.context(), ['u'], () => 0);
    await waiting(b, 2);
    call.answer({ data: { u: 'of a' } });
    (await called(b, 1)).answer({ data: { u: 'of b' } });
    expect([await third, await fourth]).toEqual([['of a'], ['of b']]);
    await noneLeft();
  });

  it('go on at once where nobody waits for the answer of the other any more', async () => {
    const [a, b] = [await replica(), await replica()];
    const gone = new AbortController();
    const first = load(a.context({ signal: gone.signal }), ['x']).catch((error: unknown) => error);
    const held = await called(a);
    held.options?.signal?.addEventListener('abort', () => held.refuse(failure));
    const second = load(b.context(), ['x']);
    await waiting(b);
    gone.abort();
    expect(await first).toMatchObject({ kind: 'cancelled' });
    (await called(b)).answer({ data: { x: 'X' } });
    expect(await second).toEqual(['X']);
  });

  it('share nothing between identities', async () => {
    const [a, b] = [await replica(), await replica()];
    const first = load(a.context(), ['x']);
    const call = await called(a);
    const second = load(b.context({ identity: { id: 'another', orgId } }), ['x']);
    (await called(b)).answer({ data: { x: 'for another' } });
    expect(await second).toEqual(['for another']);
    call.answer({ data: { x: 'for the first' } });
    expect(await first).toEqual(['for the first']);
    expect(b.cache.stats().claimedElsewhere).toBe(0);
  });

  it('never use what was fetched before an invalidation, nor wait for it', async () => {
    const [a, b] = [await replica({ writeLagMs: 0 }), await replica({ writeLagMs: 0 })];
    const first = load(a.context(), ['x']);
    const old = await called(a);
    const before = load(b.context(), ['x']);
    await waiting(b);
    await b.cache.invalidateTags([assetTag(orgId, 'x')]);
    // The one that waits goes on; another that comes now does not begin to wait.
    (await called(b)).answer({ data: { x: 'new' } });
    expect(await before).toEqual(['new']);
    const c = await replica({ writeLagMs: 0 });
    const after = load(c.context(), ['x']);
    (await called(c)).answer({ data: { x: 'new' } });
    expect(await after).toEqual(['new']);
    await waitFor(() => a.cache.stats().invalidations > 0, 'the first replica to hear of it');
    old.answer({ data: { x: 'old' } });
    await first;
    await noneLeft();
    // The old value was not kept by anybody: who asks now has the new one, from the cache or from EnOS.
    const body = { data: { x: 'new' } };
    const call = async (): Promise<never> => ({ ...body, body, requestId: null }) as never;
    for (const one of [a, b, c]) {
      expect(await load(one.context({ enos: { ...one.enos, call } }), ['x'])).toEqual(['new']);
    }
  });

  it('claim nothing that is not kept, nor what was changed a moment ago', async () => {
    const a = await replica();
    const first = load(a.context(), ['x'], 0);
    (await called(a)).answer({ data: { x: 'X' } });
    expect(await first).toEqual(['X']);
    await a.cache.invalidateTags([assetTag(orgId, 'y')]);
    const second = load(a.context(), ['y']);
    (await called(a, 1)).answer({ data: { y: 'Y' } });
    expect(await second).toEqual(['Y']);
    expect(a.cache.stats().claimed).toBe(0);
  });

  it('never wait for Redis: it goes away in the middle', async () => {
    const own = await RedisServer.start();
    try {
      const target = parseRedisUrl(own.url);
      const [a, b] = [await replica({ target }), await replica({ target })];
      const first = load(a.context(), ['x']);
      const call = await called(a);
      const second = load(b.context(), ['x']);
      await waiting(b);
      await own.kill('SIGKILL');
      (await called(b)).answer({ data: { x: 'of b' } });
      expect(await second).toEqual(['of b']);
      call.answer({ data: { x: 'of a' } });
      expect(await first).toEqual(['of a']);
      // While it is out nobody claims, and nobody waits.
      const { claimed } = b.cache.stats();
      const third = load(b.context(), ['y']);
      (await called(b, 1)).answer({ data: { y: 'Y' } });
      expect(await third).toEqual(['Y']);
      expect(b.cache.stats().claimed).toBe(claimed);
    } finally {
      await own.stop();
    }
  });

  it('never wait for Redis: it hangs in the middle', async () => {
    const own = await RedisServer.start();
    try {
      const options = { target: parseRedisUrl(own.url), commandTimeoutMs: 300 };
      const [a, b] = [await replica(options), await replica(options)];
      void load(a.context(), ['x']);
      const call = await called(a);
      const second = load(b.context(), ['x']);
      await waiting(b);
      await own.kill('SIGSTOP');
      (await called(b)).answer({ data: { x: 'of b' } });
      expect(await second).toEqual(['of b']);
      call.answer({ data: { x: 'of a' } });
    } finally {
      await own.kill('SIGCONT');
      await own.stop();
    }
  });

  it('stop claiming where Redis does not let them release', async () => {
    await redis.command('ACL', 'SETUSER', 'weak', 'on', '>p', '~*', '+@all', '-eval', '-evalsha');
    const a = await replica({
      target: parseRedisUrl(redis.url.replace('//', '//weak:p@')),
      sharedFlightMs: 500,
    });
    for (const [index, id] of ['x', 'y'].entries()) {
      const read = load(a.context(), [id]);
      (await called(a, index)).answer({ data: { [id]: 'value' } });
      expect(await read).toEqual(['value']);
      await waitFor(() => a.cache.stats().failures > 0, 'the refusal');
    }
    expect(a.cache.stats().claimed).toBe(1);
  });

  it('tell who asks for an explanation', async () => {
    const [a, b] = [await replica(), await replica()];
    const first = load(a.context(), ['x']);
    const call = await called(a);
    const entries: ExplainEntry[] = [];
    const second = load(b.context({ explain: (entry) => void entries.push(entry) }), ['x']);
    await waiting(b);
    call.answer({ data: { x: 'X' } });
    await Promise.all([first, second]);
    expect(entries).toMatchObject([{ hits: [], shared: ['x'], misses: [], attempts: [] }]);
  });
});
