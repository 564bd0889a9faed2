import type { Cache, CacheStats } from '../../src/cache/cache.js';
import { waitFor } from '../support/redis.js';

/** What the suite needs to know of a driver. */
export interface CacheSubject {
  /** A cache that is ready for use; every call gives one that shares nothing with the others. */
  create(): Promise<Cache>;
  /** Lets so many milliseconds pass, by the clock that the cache goes by. */
  pass(ms: number): Promise<void>;
  /** False where nothing is held in process. */
  holdsValues?: boolean;
}

const MINUTE = 60_000;

/** What every cache does, whatever lies behind it. */
export function describeCache(name: string, subject: CacheSubject): void {
  describe(`${name}: what every cache does`, () => {
    let cache: Cache;
    let before: CacheStats;
    beforeEach(async () => {
      cache = await subject.create();
      before = cache.stats();
    });
    afterEach(() => cache.close());

    const set = (key: string, value: string, ttl = MINUTE) => cache.setMany([{ key, value, ttl }]);
    /** Counted since the test began: a driver may need some accesses to get ready. */
    const counted = () => {
      const { hits, misses, failures } = cache.stats();
      return {
        hits: hits - before.hits,
        misses: misses - before.misses,
        failures: failures - before.failures,
      };
    };
    const get = async (key: string) => (await cache.getMany([key]))[0];

    it('returns values in the order of the keys, with gaps for absent ones', async () => {
      await cache.setMany(['a', 'b', 'c'].map((key) => ({ key, value: `"${key}"`, ttl: MINUTE })));
      expect(await cache.getMany(['c', 'x', 'a', 'y', 'b'])).toEqual([
        '"c"',
        undefined,
        '"a"',
        undefined,
        '"b"',
      ]);
    });

    it('answers every position of a key that is asked twice', async () => {
      await set('a', '1');
      expect(await cache.getMany(['a', 'b', 'a', 'a'])).toEqual(['1', undefined, '1', '1']);
    });

    it('takes empty lists', async () => {
      expect(await cache.getMany([])).toEqual([]);
      await cache.setMany([]);
      await cache.deleteMany([]);
      expect(counted()).toEqual({ hits: 0, misses: 0, failures: 0 });
    });

    it('overwrites, and the last of equal keys wins', async () => {
      await set('a', '1');
      await set('a', '2');
      expect(await get('a')).toBe('2');
      await cache.setMany([
        { key: 'a', value: '3', ttl: MINUTE },
        { key: 'a', value: '4', ttl: MINUTE },
      ]);
      expect(await get('a')).toBe('4');
    });

    it('forgets an entry when its lifetime is over, and only that one', async () => {
      await set('short', '1', 500);
      await set('long', '2');
      expect(await cache.getMany(['long'])).toEqual(['2']);
      await subject.pass(1_000);
      expect(await cache.getMany(['short', 'long'])).toEqual([undefined, '2']);
    });

    it('counts the lifetime from the last write', async () => {
      await set('a', '1', MINUTE);
      await set('a', '2', 500);
      await subject.pass(1_000);
      expect(await get('a')).toBeUndefined();
      await set('b', '1', 500);
      await set('b', '2', MINUTE);
      await subject.pass(1_000);
      expect(await get('b')).toBe('2');
    });

    it('keeps no entry without a lifetime, nor the older value below it', async () => {
      await set('a', '1');
      await cache.setMany([
        { key: 'a', value: '2', ttl: 0 },
        { key: 'b', value: '2', ttl: -5 },
        { key: 'c', value: '2', ttl: Number.NaN },
      ]);
      expect(await cache.getMany(['a', 'b', 'c'])).toEqual([undefined, undefined, undefined]);
    });

    it('takes lifetimes that are fractions or endless', async () => {
      await set('fraction', '1', 60_000.5);
      await set('endless', '2', Number.POSITIVE_INFINITY);
      expect(await cache.getMany(['fraction', 'endless'])).toEqual(['1', '2']);
      expect(counted().failures).toBe(0);
    });

    it('keeps text as it is: unicode, control characters, empty, its own header', async () => {
      const texts = [
        '""',
        '',
        '"µ Ω 风机 🌬️ é"',
        '"\\u0000\r\n\t"',
        '\u0000',
        'v3:AAAAAAAAAAAAAAAA:3:0:1:2:3::abc',
        '{"a":[1,null]}',
      ];
      await cache.setMany(texts.map((value, i) => ({ key: `["风",${i},"🌬️\r\n{x}"]`, value, ttl: MINUTE })));
      expect(await cache.getMany(texts.map((_, i) => `["风",${i},"🌬️\r\n{x}"]`))).toEqual(texts);
    });

    it('keeps values of a megabyte', async () => {
      const value = JSON.stringify('x'.repeat(1_000_000));
      await set('big', value);
      expect((await get('big')) === value).toBe(true);
    });

    it('deletes what it is told to, and bears absent keys', async () => {
      await cache.setMany(['a', 'b', 'c'].map((key) => ({ key, value: '1', ttl: MINUTE })));
      await cache.deleteMany(['a', 'c', 'never']);
      expect(await cache.getMany(['a', 'b', 'c'])).toEqual([undefined, '1', undefined]);
    });

    it('handles thousands of keys in one call', async () => {
      const keys = Array.from({ length: 3_000 }, (_, i) => `key-${i}`);
      await cache.setMany(keys.map((key) => ({ key, value: `"${key}"`, ttl: MINUTE })));
      expect(await cache.getMany(keys)).toEqual(keys.map((key) => `"${key}"`));
      await cache.deleteMany(keys.slice(0, 2_000));
      // A store that has not heard of invalidations for a while, as on a busy machine, rather has nothing than the wrong thing.
      await waitFor(
        async () => (await cache.getMany(keys)).filter((value) => value !== undefined).length === 1_000,
        'the thousand that are left',
      );
    });

    it('never mixes values up under concurrent access', async () => {
      await Promise.all(
        Array.from({ length: 50 }, async (_, worker) => {
          const keys = Array.from({ length: 20 }, (_, i) => `w${worker}-${i}`);
          await cache.setMany(keys.map((key) => ({ key, value: JSON.stringify(key), ttl: MINUTE })));
          expect(await cache.getMany(keys)).toEqual(keys.map((key) => JSON.stringify(key)));
        }),
      );
    });

    it('counts hits and misses by key', async () => {
      await set('a', '1');
      await cache.getMany(['a', 'b', 'a']);
      expect(counted()).toEqual({ hits: 2, misses: 1, failures: 0 });
    });

    it('hands out stale values for as long as told, marked, and only to those who ask for them', async () => {
      await cache.setMany([
        { key: 'a', value: '1', ttl: 500, staleFor: MINUTE },
        { key: 'b', value: '2', ttl: MINUTE, staleFor: MINUTE },
        { key: 'c', value: '3', ttl: 500, staleFor: 200 },
        { key: 'd', value: '4', ttl: 0, staleFor: MINUTE },
      ]);
      await subject.pass(1_000);
      expect(await cache.getMany(['a', 'b', 'c', 'd'])).toEqual([undefined, '2', undefined, undefined]);
      const [a, b, c, d] = await cache.getManyWithAge(['a', 'b', 'c', 'd']);
      expect(a).toMatchObject({ value: '1', stale: true });
      expect(b).toMatchObject({ value: '2', stale: false });
      expect([c, d]).toEqual([undefined, undefined]);
      const { hits, misses, staleServes } = cache.stats();
      expect([hits - before.hits, misses - before.misses, staleServes]).toEqual([2, 5, 1]);
    });

    describe('values that are more than text', () => {
      const codec = {
        encode: (value: unknown) => JSON.stringify(value),
        decode: (text: string): unknown => JSON.parse(text),
      };
      const value = { list: [1, null, 'ü'], nested: { deep: true } };

      it('come back equal, by either way of reading, with times and tags', async () => {
        await cache.setMany([{ key: 'a', value, codec, ttl: MINUTE, tags: ['one'] }]);
        await set('b', '{"text":1}');
        const [a, b, c] = await cache.getValues(['a', 'b', 'c'], codec);
        expect(a).toMatchObject({ value, stale: false, tags: ['one'] });
        expect(b).toMatchObject({ value: { text: 1 }, tags: [] });
        expect(c).toBeUndefined();
        expect(Math.abs((a?.storedAt ?? 0) - Date.now())).toBeLessThan(5_000);
        expect(await get('a')).toBe(JSON.stringify(value));
        expect(counted()).toEqual({ hits: 3, misses: 1, failures: 0 });
      });

      it('can be peeked at where memory holds them: fresh, not invalidated, and never as text', async () => {
        await cache.setMany([
          { key: 'a', value, codec, ttl: 500, staleFor: MINUTE, tags: ['one'] },
          { key: 'b', value, codec, ttl: MINUTE, tags: ['two'], asOf: cache.readToken() },
        ]);
        await set('c', '1');
        const held = subject.holdsValues === false ? undefined : value;
        expect([cache.peek('a')?.value, cache.peek('b')?.value]).toEqual([held, held]);
        expect([cache.peek('c'), cache.peek('d')]).toEqual([undefined, undefined]);
        await subject.pass(1_000);
        expect(cache.peek('a')).toBeUndefined();
        expect(await cache.getValues(['a'], codec)).toMatchObject([{ value, stale: true }]);
        await cache.invalidateTags(['one', 'two']);
        expect(cache.peek('b')).toBeUndefined();
        expect(await cache.getValues(['a', 'b'], codec)).toEqual([undefined, undefined]);
      });

      it('read as absent where the codec refuses the text', async () => {
        await set('a', 'no JSON');
        expect(await cache.getValues(['a'], codec)).toEqual([undefined]);
        expect(counted()).toMatchObject({ hits: 0, misses: 1 });
      });
    });

    it('says when a value was stored and until when it is fresh', async () => {
      await set('a', '1', MINUTE);
      const [aged] = await cache.getManyWithAge(['a']);
      expect(Math.abs((aged?.storedAt ?? 0) - Date.now())).toBeLessThan(5_000);
      const lifetime = (aged?.freshUntil ?? 0) - (aged?.storedAt ?? 0);
      expect(lifetime).toBeGreaterThan(0.89 * MINUTE);
      expect(lifetime).toBeLessThanOrEqual(MINUTE + 50);
    });

    describe('invalidation by tag', () => {
      const tagged = (key: string, tags: string[], asOf = cache.readToken()) =>
        cache.setMany([{ key, value: `"${key}"`, ttl: MINUTE, staleFor: MINUTE, tags, asOf }]);

      it('makes what carries one of the tags unreadable, stale or fresh, and nothing else', async () => {
        await tagged('a', ['one', 'two']);
        await tagged('b', ['two', '标签 "é"']);
        await tagged('c', ['three']);
        await set('d', '4');
        await cache.invalidateTags(['one', '标签 "é"', 'never used']);
        expect(await cache.getMany(['a', 'b', 'c', 'd'])).toEqual([undefined, undefined, '"c"', '4']);
        expect(await cache.getManyWithAge(['a', 'b'])).toEqual([undefined, undefined]);
        expect(cache.stats().invalidations).toBe(3);
      });

      it('takes effect at once, before it resolves', async () => {
        await tagged('a', ['one']);
        const token = cache.readToken();
        const done = cache.invalidateTags(['one']);
        expect(cache.isCurrent(['one'], token)).toBe(false);
        expect(cache.isCurrent(['two'], token)).toBe(true);
        expect(await cache.getMany(['a'])).toEqual([undefined]);
        await done;
        expect(await cache.getMany(['a'])).toEqual([undefined]);
      });

      it('refuses what was fetched before and stored after, and empties its key', async () => {
        const before = cache.readToken();
        await tagged('a', ['one']);
        await cache.invalidateTags(['one']);
        await tagged('a', ['one'], before);
        await tagged('b', ['two'], before);
        expect(await cache.getMany(['a', 'b'])).toEqual([undefined, '"b"']);
        expect(cache.stats().refused).toBe(1);
      });

      it('keeps nothing that was fetched within the write lag, and all that was fetched later', async () => {
        await cache.invalidateTags(['one']);
        await tagged('a', ['one']);
        const within = cache.readToken();
        expect(await cache.getMany(['a'])).toEqual([undefined]);
        await subject.pass(2_100);
        await tagged('a', ['one'], within);
        expect(await cache.getMany(['a'])).toEqual([undefined]);
        await tagged('a', ['one']);
        expect(await cache.getMany(['a'])).toEqual(['"a"']);
        expect(cache.isCurrent(['one'], cache.readToken())).toBe(true);
      });

      it('takes empty lists, repeated tags and very many', async () => {
        await cache.invalidateTags([]);
        await tagged('a', ['tag-1999']);
        await tagged('b', []);
        await cache.invalidateTags(Array.from({ length: 4_000 }, (_, i) => `tag-${i % 2_000}`));
        expect(await cache.getMany(['a', 'b'])).toEqual([undefined, '"b"']);
      });
    });

    it('is healthy while open, and bears calls after it was closed', async () => {
      expect(cache.healthy()).toBe(true);
      await cache.close();
      await set('a', '1');
      await cache.deleteMany(['a']);
      await cache.invalidateTags(['a']);
      expect(await cache.getMany(['b'])).toEqual([undefined]);
      await cache.close();
    });
  });
}
