/** Enumerations of series. */
import type { AggregateFunction } from '../../loading/series/types.js';
import { registerEnumType } from '../decorators.js';

/** How the values of an interval become one; values are the names that the loaders take. */
export const Aggregate = {
  AVG: 'avg',
  SUM: 'sum',
  MAX: 'max',
  MIN: 'min',
  FIRST: 'first',
  LAST: 'last',
  COUNT: 'count',
} as const satisfies Record<string, AggregateFunction>;

registerEnumType(Aggregate, {
  name: 'Aggregate',
  description: 'How the values of an interval become one.',
  valuesConfig: {
    AVG: { description: 'Mean of the values. Numeric points only.' },
    SUM: { description: 'Sum of the values. Numeric points only.' },
    MAX: { description: 'Greatest value. Numeric points only.' },
    MIN: { description: 'Smallest value. Numeric points only.' },
    FIRST: { description: 'Earliest value.' },
    LAST: { description: 'Latest value.' },
    COUNT: { description: 'Number of values.' },
  },
});
