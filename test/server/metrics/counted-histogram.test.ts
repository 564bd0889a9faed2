import { Histogram, Registry } from 'prom-client';
import { CountedHistogram } from '../../../src/server/metrics/counted-histogram.js';

const BUCKETS = [0.01, 0.1, 1];
const VALUES = [0, 0.01, 0.010001, 0.5, 1, 1.5, 40];

test('shows what a histogram of prom-client shows', async () => {
  const ours = new Registry();
  const theirs = new Registry();
  const options = { name: 'duration_seconds', help: 'A time.', buckets: BUCKETS };
  const counted = new CountedHistogram<'route' | 'status'>(ours, options);
  const labelNames = ['route', 'status'];
  const plain = new Histogram({ ...options, labelNames, registers: [theirs] });
  for (const labels of [
    { route: 'a', status: '200' },
    { route: 'b "quoted"', status: '500' },
  ]) {
    const series = counted.series(labels);
    for (const value of VALUES) {
      series.observe(value);
      plain.observe(labels, value);
    }
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  expect(await ours.getMetricsAsJSON()).toMatchObject([{ name: 'duration_seconds', type: 'histogram' }]);
});

test('without labels it is shown from the start', async () => {
  const ours = new Registry();
  const theirs = new Registry();
  const options = { name: 'calls', help: 'Calls.', buckets: BUCKETS };
  const series = new CountedHistogram(ours, options).series({});
  const plain = new Histogram({ ...options, registers: [theirs] });
  expect(await ours.metrics()).toBe(await theirs.metrics());
  series.observe(0.05);
  plain.observe(0.05);
  expect(await ours.metrics()).toBe(await theirs.metrics());
  ours.resetMetrics();
  expect(await ours.metrics()).toContain('calls_count 0');
});

test('two of one name are refused', () => {
  const registry = new Registry();
  const make = (): unknown => new CountedHistogram(registry, { name: 'a', help: 'A.', buckets: BUCKETS });
  make();
  expect(make).toThrow('already been registered');
});
