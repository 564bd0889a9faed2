/** Samples in columns say what they said as objects, in a fraction of the memory. */
import { approximateBytes } from '../../../src/cache/memory-store.js';
import { addSamples, columnsOf, lowerBound } from '../../../src/loading/series/chunks/columns.js';
import type { Sample } from '../../../src/loading/series/types.js';

const odd: unknown[] = [-0, 0.1, 2 ** 53, -1e308, 5e-324, 'on', true, 12n, { a: 1 }];

/** Samples of all kinds, by turns numbers only, others among them, with and without qualities. */
function samplesOf(seed: number): Sample[] {
  const kinds = seed % 2 === 0 ? odd.slice(0, 5) : odd;
  return Array.from({ length: (seed * 7) % 23 }, (_, index) => ({
    time: 1_700_000_000_000 + index * 1000 + ((index * seed) % 900),
    value: kinds[(index * (seed + 1)) % kinds.length],
    quality: seed % 3 === 0 && index % 4 === 3 ? index : null,
  }));
}

test('any part of any columns is what a filter finds among the objects', () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const samples = samplesOf(seed);
    const columns = columnsOf(samples);
    const times = [0, ...samples.flatMap(({ time }) => [time, time + 1]), Infinity];
    for (const from of times) {
      for (const to of times) {
        const read: Sample[] = [];
        addSamples(read, columns, from, to);
        // Minus zero is not zero here.
        expect(read).toStrictEqual(samples.filter(({ time }) => time >= from && time < to));
      }
    }
  }
});

test('columns of a part of a list are those of the part', () => {
  const samples = samplesOf(9);
  for (let start = 0; start <= samples.length; start += 1) {
    for (let end = start; end <= samples.length; end += 1) {
      expect(columnsOf(samples, start, end)).toStrictEqual(columnsOf(samples.slice(start, end)));
    }
  }
});

test('the bound is the first that is not before', () => {
  const times = [2, 4, 4, 9];
  const found = [0, 2, 3, 4, 5, 9, 10].map((time) => lowerBound(times.length, (at) => times[at]!, time));
  expect(found).toEqual([0, 0, 1, 1, 3, 3, 4]);
});

test('a day of a point takes a tenth of what its objects take', () => {
  const samples = Array.from({ length: 1_440 }, (_, index) => ({
    time: 1_700_000_000_000 + index * 60_000,
    value: index / 7,
    quality: null,
  }));
  expect(approximateBytes(columnsOf(samples))).toBeLessThan(approximateBytes(samples) / 9);
});
