import { downsample } from '../../../src/graph/series/read.js';

const identity = (value: number | null): number | null => value;
const wave = Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 50) * 100);

test.each([2, 3, 4, 5, 99, 100, 1001])('never more than %i values, in order, first and last kept', (most) => {
  const items = wave.map((value, time) => ({ time, value }));
  const result = downsample(items, most, ({ value }) => value);
  expect(result.length).toBeLessThanOrEqual(most);
  expect(result.length).toBeGreaterThanOrEqual(Math.min(most, most - 1));
  expect(result[0]).toBe(items[0]);
  expect(result.at(-1)).toBe(items.at(-1));
  const times = result.map(({ time }) => time);
  expect([...times].sort((a, b) => a - b)).toEqual(times);
  expect(new Set(times).size).toBe(times.length);
});

test('peaks of one value survive, up and down', () => {
  const spiked = wave.map((value, index) => (index === 4321 ? 9999 : index === 7654 ? -9999 : value));
  const result = downsample(spiked, 50, identity);
  expect(result).toContain(9999);
  expect(result).toContain(-9999);
  expect(Math.max(...(downsample(wave, 50, identity) as number[]))).toBe(Math.max(...wave));
});

test('short lists come as they are', () => {
  const items = [1, 2, 3];
  expect(downsample(items, 3, identity)).toBe(items);
  expect(downsample([], 5, identity)).toEqual([]);
  expect(downsample(items, 2, identity)).toEqual([1, 3]);
});

test('a stretch without numbers stays visible as one', () => {
  const items = [
    ...Array.from({ length: 100 }, () => 1),
    ...Array.from({ length: 100 }, () => null),
    ...Array.from({ length: 100 }, () => 2),
  ];
  const result = downsample(items, 32, identity);
  expect(result).toContain(null);
  expect(result.length).toBeLessThanOrEqual(32);
});
