import { MemoryCache } from '../../src/cache/memory-cache.js';
import { describeCache } from './conformance.js';

const MB = 1024 * 1024;
let now = 1;

describeCache('MemoryCache', {
  create: async () => new MemoryCache({ maxBytes: 64 * MB, now: () => now }),
  pass: async (ms) => {
    now += ms;
  },
});

describe('MemoryCache', () => {
  it('stays within its bound under load and keeps what was used last', async () => {
    const cache = new MemoryCache({ maxBytes: MB });
    const value = 'x'.repeat(1_000);
    await cache.setMany([{ key: 'favourite', value, ttl: 60_000 }]);
    for (let i = 0; i < 5_000; i += 1) {
      await cache.setMany([{ key: `key-${i}`, value, ttl: 60_000 }]);
      await cache.getMany(['favourite']);
      expect(cache.stats().bytes).toBeLessThanOrEqual(MB);
    }
    expect(cache.stats().entries).toBeGreaterThan(300);
    expect(await cache.getMany(['favourite', 'key-4999', 'key-0'])).toEqual([value, value, undefined]);
  });

  it('counts many tiny entries at more than their text', async () => {
    const cache = new MemoryCache({ maxBytes: 100_000 });
    await cache.setMany(
      Array.from({ length: 10_000 }, (_, i) => ({ key: String(i), value: '', ttl: 60_000 })),
    );
    expect(cache.stats().entries).toBeLessThanOrEqual(500);
  });

  it('keeps no entry above its share of the bound, nor the older value below it', async () => {
    const cache = new MemoryCache({ maxBytes: MB, maxEntryShare: 0.1 });
    await cache.setMany([
      { key: 'small', value: 'x', ttl: 60_000 },
      { key: 'big', value: 'x', ttl: 60_000 },
    ]);
    await cache.setMany([{ key: 'big', value: 'x'.repeat(60_000), ttl: 60_000 }]);
    expect(await cache.getMany(['small', 'big'])).toEqual(['x', undefined]);
  });

  it('gives bytes back on deletion', async () => {
    const cache = new MemoryCache({ maxBytes: MB });
    await cache.setMany([{ key: 'a', value: 'x'.repeat(1_000), ttl: 60_000 }]);
    expect(cache.stats().bytes).toBeGreaterThan(1_000);
    await cache.deleteMany(['a']);
    expect(cache.stats()).toMatchObject({ bytes: 0, entries: 0 });
  });

  it('refuses a bound of nothing', () => {
    expect(() => new MemoryCache({ maxBytes: 0 })).toThrow('at least one byte');
    expect(() => new MemoryCache({ maxBytes: Number.NaN })).toThrow('at least one byte');
  });
});
