import type { Cache } from '../../src/cache/cache.js';
import { MemoryCache } from '../../src/cache/memory-cache.js';
import { EnosError } from '../../src/enos/errors.js';
import { createBatchLoader, type BatchSpec } from '../../src/loading/read/batch-loader.js';
import { cacheKeysOf } from '../../src/loading/read/cache-key.js';
import { InputError } from '../../src/loading/common.js';
import { readList } from '../../src/loading/read/read-list.js';
import type { ExplainEntry, LoadContext } from '../../src/loading/load-context.js';
import { SourceLog } from '../../src/loading/request/sources.js';
import { gatedEnos, type GatedEnos } from '../support/gated-enos.js';
import { recordedLoading, type RecordedLoading } from '../support/recorded-loading.js';

const orgId = 'o1';
const get = 'asset.getAsset' as const;
interface Key {
  orgId: string;
  id: string;
}

let enos: GatedEnos;
let loading: RecordedLoading;
let clock: number;

beforeEach(() => {
  clock = 1_000;
  enos = gatedEnos();
  loading = recordedLoading(enos, { orgId, now: Date.now });
});

/** A loader that asks EnOS once per batch, for the ids joined by a comma, and gets values by id. */
function loaderOf(context: LoadContext, more: Partial<BatchSpec<Key, unknown>> = {}) {
  return createBatchLoader<Key, unknown>({
    context,
    kind: 'thing',
    operation: get,
    keyOf: (key) => [key.id],
    lifetime: 60_000,
    fetch: async (keys, call) => {
      const { data } = await call(get, { query: { orgId, assetId: keys.map((key) => key.id).join(',') } });
      const values = (data ?? {}) as unknown as Record<string, unknown>;
      return new Map(keys.filter((key) => key.id in values).map((key) => [key, values[key.id]]));
    },
    ...more,
  });
}
/** A cache with another look-up. */
function withLookUp(cache: Cache, getValues: Cache['getValues']): Cache {
  return new Proxy(cache, {
    get: (target, name) => {
      if (name === 'getValues') return getValues;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
const key = (id: string): Key => ({ orgId, id });
const asked = (index: number): unknown => enos.calls[index]?.args.query?.['assetId'];

describe('a batch', () => {
  it('asks for each key of a tick once and aligns by key', async () => {
    const loader = loaderOf(loading.request());
    const wanted = Promise.all(['a', 'b', 'a', 'c'].map((id) => loader.load(key(id))));
    (await enos.called(0)).answer({ data: { c: 3, b: 2, a: 1 } });
    expect(await wanted).toEqual([1, 2, 1, 3]);
    expect(asked(0)).toBe('a,b,c');
    expect(enos.calls).toHaveLength(1);
  });

  it('fails a key that stays unanswered, and no other', async () => {
    const loader = loaderOf(loading.request());
    const wanted = Promise.allSettled(['a', 'b'].map((id) => loader.load(key(id))));
    (await enos.called(0)).answer({ data: { b: 2 } });
    const [a, b] = await wanted;
    expect(a).toMatchObject({
      status: 'rejected',
      reason: { kind: 'invalid-response', operation: 'getAsset' },
    });
    expect(b).toEqual({ status: 'fulfilled', value: 2 });
  });

  it('takes from the cache in one look-up what an earlier request left, exactly', async () => {
    const value = { big: 9007199254740993n, list: [1, null], text: 'ü' };
    const first = loaderOf(loading.request()).load(key('a'));
    (await enos.called(0)).answer({ data: { a: value } });
    await first;

    const entries: ExplainEntry[] = [];
    const request = loading.request();
    const lookUps: (readonly string[])[] = [];
    const cache = withLookUp(request.cache, (keys, codec) => {
      lookUps.push(keys);
      return request.cache.getValues(keys, codec);
    });
    const context = { ...request, cache, explain: (entry: ExplainEntry) => void entries.push(entry) };
    const loader = loaderOf(context);
    const wanted = Promise.all([loader.load(key('a')), loader.load(key('b'))]);
    (await enos.called(1)).answer({ data: { b: 2 } });
    expect(await wanted).toEqual([value, 2]);
    expect(asked(1)).toBe('b');
    expect(lookUps).toHaveLength(1);
    expect(entries).toEqual([
      {
        operation: 'getAsset',
        service: 'asset',
        paths: expect.any(Function) as unknown,
        hits: ['a'],
        misses: ['b'],
        counts: { hits: 1, shared: 0, misses: 1 },
        attempts: [],
        ended: null,
      },
    ]);
  });

  it('does not share entries between identities, organizations or gateways', async () => {
    const first = loaderOf(loading.request()).load(key('a'));
    (await enos.called(0)).answer({ data: { a: 1 } });
    await first;
    const request = loading.request();
    const others = [
      loaderOf({ ...request, identity: { id: 'user-7', orgId } }).load(key('a')),
      loaderOf(request).load({ orgId: 'o2', id: 'a' }),
      loaderOf({ ...request, enos: { ...request.enos, gateway: 'http://other.example' } }).load(key('a')),
    ];
    (await enos.called(3)).answer({ data: { a: 'third' } });
    enos.calls[1]?.answer({ data: { a: 'first' } });
    enos.calls[2]?.answer({ data: { a: 'second' } });
    expect(new Set(await Promise.all(others))).toEqual(new Set(['first', 'second', 'third']));
  });

  it('reads anew what cannot be read in the cache', async () => {
    const request = loading.request();
    const first = loaderOf(request).load(key('a'));
    (await enos.called(0)).answer({ data: { a: 1 } });
    await first;
    const cacheKey = cacheKeysOf(request)('thing', orgId, ['a']);
    expect(request.cache.peek(cacheKey)?.value).toBe(1);
    await request.cache.setMany([{ key: cacheKey, value: '{"value":', ttl: 60_000 }]);
    const again = loaderOf(request).load(key('a'));
    (await enos.called(1)).answer({ data: { a: 2 } });
    expect(await again).toBe(2);
  });
});

describe('what memory has', () => {
  it('is answered at once, as the very value, and told to the sources of the answer', async () => {
    const value = { big: 9007199254740993n };
    const first = loaderOf(loading.request(), { tags: ({ id }) => [`thing:${id}`] }).load(key('a'));
    (await enos.called(0)).answer({ data: { a: value } });
    await first;
    const request = loading.request();
    const sources = new SourceLog(request.cache.readToken());
    const loader = loaderOf({ ...request, sources });
    expect(loader.load(key('a'))).toBe(value);
    expect(loader.load(key('a'))).toBe(value);
    expect(sources.sum()).toMatchObject({ stale: false, tags: ['thing:a'] });
    expect(sources.sum().freshUntil).toBeGreaterThan(Date.now() + 50_000);
    expect(enos.calls).toHaveLength(1);
  });

  it('is answered at once also where this request has just fetched it', async () => {
    const loader = loaderOf(loading.request(), { lifetime: 0 });
    const first = loader.load(key('a'));
    (await enos.called(0)).answer({ data: { a: 1 } });
    await first;
    expect(loader.load(key('a'))).toBe(1);
    loader.prime(key('b'), 2);
    expect(loader.load(key('b'))).toBe(2);
    expect(enos.calls).toHaveLength(1);
  });

  it('is not joined with what was fetched before an invalidation', async () => {
    const tags = ({ id }: Key): string[] => [`thing:${id}`];
    const request = loading.request();
    const before = loaderOf(request, { tags }).load(key('a'));
    const old = await enos.called(0);
    await request.cache.invalidateTags(['thing:a']);
    const after = loaderOf(loading.request(), { tags }).load(key('a'));
    (await enos.called(1)).answer({ data: { a: 'new' } });
    old.answer({ data: { a: 'old' } });
    expect([await before, await after]).toEqual(['old', 'new']);
  });
});

describe('refusals', () => {
  const refusal = (code: number, service = 'asset') =>
    new EnosError({
      kind: 'refused',
      service,
      operation: 'getAsset',
      code,
      message: 'no',
      requestId: 'r-1',
    });

  it.each([
    ['asset', 99404],
    ['asset-tree', 17404],
    ['app-portal', 31404],
    ['connection', 11611],
    ['prediction', 61952],
  ])('are remembered for a short while where EnOS says that there is none: %s %i', async (service, code) => {
    const cache = new MemoryCache({ maxBytes: 1_000_000, now: () => clock });
    const request = { ...loading.request(), cache };
    const first = loaderOf(request).load(key('a'));
    (await enos.called(0)).refuse(refusal(code, service));
    await expect(first).rejects.toMatchObject({ service, code });

    const remembered = loaderOf(request).load(key('a'));
    await expect(remembered).rejects.toBeInstanceOf(EnosError);
    await expect(remembered).rejects.toMatchObject({ ...refusal(code, service) });
    expect(enos.calls).toHaveLength(1);

    clock += request.settings.lifetimes.notFound + 1;
    const later = loaderOf(request).load(key('a'));
    (await enos.called(1)).answer({ data: { a: 1 } });
    expect(await later).toBe(1);
  });

  it.each([
    ['a right that lacks', refusal(99403)],
    ['a failure', refusal(99500)],
    ['a code that says "there is none" in another service only', refusal(11611)],
    [
      'a time-out',
      new EnosError({ kind: 'timeout', service: 'asset', operation: 'getAsset', message: 'late' }),
    ],
    ['an argument of ours', new InputError('no')],
  ])('are not remembered: %s', async (_name, error) => {
    const first = loaderOf(loading.request()).load(key('a'));
    (await enos.called(0)).refuse(error);
    await expect(first).rejects.toBe(error);
    const second = loaderOf(loading.request()).load(key('a'));
    (await enos.called(1)).answer({ data: { a: 1 } });
    expect(await second).toBe(1);
  });
});

describe('reads under way', () => {
  it('are one for requests that ask for the same', async () => {
    const first = loaderOf(loading.request());
    const second = loaderOf(loading.request());
    const a = [first.load(key('a')), first.load(key('b'))];
    await enos.called(0);
    const b = [second.load(key('b')), second.load(key('c'))];
    (await enos.called(1)).answer({ data: { c: 3 } });
    enos.calls[0]?.answer({ data: { a: 1, b: 2 } });
    expect(await Promise.all([...a, ...b])).toEqual([1, 2, 2, 3]);
    expect([asked(0), asked(1)]).toEqual(['a,b', 'c']);
  });

  it('go on when the request that began them goes away', async () => {
    const gone = new AbortController();
    const first = loaderOf({ ...loading.request(), signal: gone.signal }).load(key('a'));
    const call = await enos.called(0);
    const second = loaderOf(loading.request()).load(key('a'));
    await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    await expect(first).rejects.toMatchObject({ kind: 'cancelled', operation: 'getAsset' });
    expect(call.options?.signal?.aborted).toBe(false);
    call.answer({ data: { a: 1 } });
    expect(await second).toBe(1);
    expect(enos.calls).toHaveLength(1);
  });

  it('end when the last one has left, and are begun anew by the next', async () => {
    const requests = [new AbortController(), new AbortController()];
    const waiting = requests.map(({ signal }) => loaderOf({ ...loading.request(), signal }).load(key('a')));
    const call = await enos.called(0);
    requests[0]?.abort();
    await expect(waiting[0]).rejects.toMatchObject({ kind: 'cancelled' });
    expect(call.options?.signal?.aborted).toBe(false);
    requests[1]?.abort();
    await expect(waiting[1]).rejects.toMatchObject({ kind: 'cancelled' });
    expect(call.options?.signal?.aborted).toBe(true);

    const next = loaderOf(loading.request()).load(key('a'));
    (await enos.called(1)).answer({ data: { a: 'new' } });
    call.refuse(
      new EnosError({ kind: 'cancelled', service: 'asset', operation: 'getAsset', message: 'gone' }),
    );
    expect(await next).toBe('new');
  });

  it('are left at the deadline by each who waits, at its own', async () => {
    const hurried = loaderOf({ ...loading.request(), deadline: Date.now() + 20 }).load(key('a'));
    const patient = loaderOf({ ...loading.request(), deadline: Date.now() + 60_000 }).load(key('a'));
    const call = await enos.called(0);
    await expect(hurried).rejects.toMatchObject({ kind: 'timeout' });
    call.answer({ data: { a: 1 } });
    expect(await patient).toBe(1);
  });

  it('are not begun for a request that has ended', async () => {
    const late = loaderOf({ ...loading.request(), deadline: Date.now() - 1 }).load(key('a'));
    await expect(late).rejects.toMatchObject({ kind: 'timeout' });
    const gone = loaderOf({ ...loading.request(), signal: AbortSignal.abort() }).load(key('b'));
    await expect(gone).rejects.toMatchObject({ kind: 'cancelled' });
    expect(enos.calls).toHaveLength(0);
  });

  it('do not make a cached value wait for one that is not', async () => {
    const first = loaderOf(loading.request()).load(key('cached'));
    (await enos.called(0)).answer({ data: { cached: 1 } });
    await first;
    const slow = loaderOf(loading.request());
    const both = Promise.all([slow.load(key('cached')), slow.load(key('slow'))]);
    expect(await loaderOf(loading.request()).load(key('cached'))).toBe(1);
    (await enos.called(1)).answer({ data: { slow: 2 } });
    expect(await both).toEqual([1, 2]);
  });

  it('leave nothing behind', async () => {
    const request = loading.request();
    const wanted = loaderOf(request).load(key('a'));
    (await enos.called(0)).answer({ data: { a: 1 } });
    await wanted;
    expect(request.runtime.flights.size).toBe(0);
  });

  it('hold to the limits of the request and of the process', async () => {
    const request = { ...loading.request(), settings: { ...loading.request().settings, concurrency: 2 } };
    const one = loaderOf(request, {
      fetch: async (keys, call) =>
        new Map(
          await Promise.all(
            keys.map(async (k) => [k, (await call(get, { query: { orgId, assetId: k.id } })).data] as const),
          ),
        ),
    });
    const wanted = Promise.all(['a', 'b', 'c'].map((id) => one.load(key(id))));
    await enos.called(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(enos.calls).toHaveLength(2);
    enos.calls[0]?.answer({ data: 'a' });
    (await enos.called(2)).answer({ data: 'c' });
    enos.calls[1]?.answer({ data: 'b' });
    expect(await wanted).toEqual(['a', 'b', 'c']);
  });
});

describe('lists', () => {
  const read = (context: LoadContext, parts: string[]) =>
    readList(context, {
      kind: 'list',
      operation: get,
      orgId,
      parts,
      lifetime: 1_000,
      fetch: async (call) => (await call(get, { query: { orgId, assetId: parts.join() } })).data as unknown,
    });

  it('are one call while under way, none while fresh, and kept apart by their parts', async () => {
    const wanted = Promise.all([read(loading.request(), ['x']), read(loading.request(), ['x'])]);
    (await enos.called(0)).answer({ data: [1, 2] });
    expect(await wanted).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(await read(loading.request(), ['x'])).toEqual([1, 2]);
    expect(enos.calls).toHaveLength(1);
    const other = read(loading.request(), ['y']);
    (await enos.called(1)).answer({ data: [3] });
    expect(await other).toEqual([3]);
  });

  it('reject with the refusal', async () => {
    const wanted = read(loading.request(), ['x']);
    const error = new EnosError({
      kind: 'refused',
      service: 'asset',
      operation: 'getAsset',
      code: 99500,
      message: 'no',
    });
    (await enos.called(0)).refuse(error);
    await expect(wanted).rejects.toBe(error);
  });
});

describe('what is fetched ahead', () => {
  it('shares a call with what is asked for, and is then there at once', async () => {
    const loader = loaderOf(loading.request());
    const ahead = loader.prefetch([key('a'), key('b'), key('a')]);
    const other = loader.load(key('c'));
    const joined = loader.load(key('a'));
    (await enos.called(0)).answer({ data: { a: 1, b: 2, c: 3 } });
    expect(asked(0)).toBe('a,b,c');
    await ahead;
    expect(loader.load(key('b'))).toBe(2);
    expect(await joined).toBe(1);
    expect(await other).toBe(3);
    expect(enos.calls).toHaveLength(1);
    expect(loader.prefetch([key('a'), key('c')])).toBeUndefined();
  });

  it('tells each key of its own failure, and of that of all', async () => {
    const loader = loaderOf(loading.request());
    const ahead = loader.prefetch([key('a'), key('b')]);
    (await enos.called(0)).answer({ data: { a: 1 } });
    await ahead;
    expect(loader.load(key('a'))).toBe(1);
    await expect(loader.load(key('b'))).rejects.toThrow('EnOS left a key unanswered');
  });

  it('is taken from memory where that has it', async () => {
    const context = loading.request();
    const first = loaderOf(context).load(key('a'));
    (await enos.called(0)).answer({ data: { a: 1 } });
    await first;
    const loader = loaderOf(loading.request());
    expect(loader.prefetch([key('a')])).toBeUndefined();
    expect(loader.load(key('a'))).toBe(1);
  });
});
