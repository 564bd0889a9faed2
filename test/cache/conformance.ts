import type { Cache, CacheStats } from '../../src/cache/cache.js';

/** What the suite needs to know of a driver. */
export interface CacheSubject {
  /** A cache that is ready for use; every call gives one that shares nothing with the others. */
  create(): Promise<Cache>;
  /** Lets so many milliseconds pass, by the clock that the cache goes by. */
  pass(ms: number): Promise<void>;
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
      const texts = ['""', '', '"µ Ω 风机 🌬️ é"', '"\\u0000\r\n\t"', '\u0000', 'v1:3:abc', '{"a":[1,null]}'];
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
      const left = await cache.getMany(keys);
      expect(left.filter((value) => value !== undefined)).toHaveLength(1_000);
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

    it('is healthy while open, and bears calls after it was closed', async () => {
      expect(cache.healthy()).toBe(true);
      await cache.close();
      await set('a', '1');
      await cache.deleteMany(['a']);
      expect(await cache.getMany(['b'])).toEqual([undefined]);
      await cache.close();
    });
  });
}
