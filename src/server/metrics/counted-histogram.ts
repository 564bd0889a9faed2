/** Histograms for what every request observes: counted here, and shown as prom-client shows its own. */
import type { Histogram, MetricObjectWithValues, MetricValueWithName, Registry } from 'prom-client';

/** One combination of labels. */
export interface LabelledSeries {
  /** Counts a value. */
  observe(value: number): void;
}

class Counts implements LabelledSeries {
  /** Values in each bucket and not in a smaller one, the last without a bound. */
  readonly inBucket: Float64Array;
  sum = 0;

  constructor(
    readonly labels: Readonly<Record<string, string>>,
    private readonly bounds: readonly number[],
  ) {
    this.inBucket = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket += 1;
    this.inBucket[bucket] = (this.inBucket[bucket] as number) + 1;
    this.sum += value;
  }

  reset(): void {
    this.inBucket.fill(0);
    this.sum = 0;
  }
}

/** What a histogram is called, and the upper bounds of its buckets in ascending order. */
export interface CountedHistogramOptions {
  name: string;
  help: string;
  buckets: readonly number[];
}

type Shown = MetricObjectWithValues<MetricValueWithName<string>>;

/**
 * A histogram whose series are looked up once. prom-client's own checks and hashes the labels at each value, and a request
 * has four of them: for a small answer that costs as much as reading the request.
 */
export class CountedHistogram<Label extends string = never> {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  private readonly all: Counts[] = [];

  constructor(
    registry: Registry,
    private readonly options: CountedHistogramOptions,
  ) {
    this.name = options.name;
    this.help = options.help;
    // A registry asks no more of a metric than its name, its type and `get`; the type names only prom-client's own classes.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** The series of these labels. Asked for twice it would be shown twice. */
  series(labels: Readonly<Record<Label, string>>): LabelledSeries {
    const counts = new Counts(labels, this.options.buckets);
    this.all.push(counts);
    return counts;
  }

  /** For the registry: how many values were at most each bound, their sum and their number. */
  get(): Promise<Omit<Shown, 'type' | 'collect'>> {
    const values = this.all.flatMap((counts) => this.show(counts));
    return Promise.resolve({ name: this.name, help: this.help, type: this.type, aggregator: 'sum', values });
  }

  /** For the registry: forgets what was counted. */
  reset(): void {
    for (const counts of this.all) counts.reset();
  }

  private show({ labels, inBucket, sum }: Counts): Shown['values'] {
    const { name, buckets } = this.options;
    let count = 0;
    const shown = Array.from(inBucket, (inside, index) => {
      count += inside;
      return {
        metricName: `${name}_bucket`,
        labels: { le: buckets[index] ?? '+Inf', ...labels },
        value: count,
      };
    });
    return [
      ...shown,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
