/** Two replicas over one Redis: what one fetches the other waits for, and never longer than it said. */
import { EnosError } from '../../src/enos/errors.js';
import type { ExplainEntry } from '../../src/loading/load-context.js';
import { assetTag } from '../../src/loading/tags.js';
import type { OpenCall } from '../support/gated-enos.js';
import { describeWithRedis, waitFor } from '../support/redis.js';
import { called, replicasOfSuite, waiting } from '../support/replicas.js';
import { load, orgId } from '../support/things.js';

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
  const replicas = replicasOfSuite();
  const replica = replicas.open;
  const keysLeft = async (): Promise<string> =>
    replicas.redis().command('KEYS', `${replicas.keyPrefix()}lease:*`);
  const noneLeft = (): Promise<void> => waitFor(async () => (await keysLeft()) === '*0\r\n', 'no leases');

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
    expect(a.cache.stats()).toMatchObject({ leased: 2, leasedElsewhere: 0 });
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
    held.options?.signal?.addEventListener('abort', { handleEvent: () => held.refuse(failure) });
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
    expect(b.cache.stats().leasedElsewhere).toBe(0);
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

  it('lease nothing that is not kept, nor what was changed a moment ago', async () => {
    const a = await replica();
    const first = load(a.context(), ['x'], 0);
    (await called(a)).answer({ data: { x: 'X' } });
    expect(await first).toEqual(['X']);
    await a.cache.invalidateTags([assetTag(orgId, 'y')]);
    const second = load(a.context(), ['y']);
    (await called(a, 1)).answer({ data: { y: 'Y' } });
    expect(await second).toEqual(['Y']);
    expect(a.cache.stats().leased).toBe(0);
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
