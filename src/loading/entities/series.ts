/** Values of points: latest ones and time series, read by pairs and in chunks of time (loading/series). */
import { special } from '../entity/special.js';
import { seenSeries } from '../guard/assets.js';

/** Operations of the TSDB data service. */
export const series = special({
  type: 'Series',
  nouns: { one: 'time series', many: 'time series' },
  right: { name: 'series:read', allows: 'see latest values and time series' },
  shownBy: ['PointValue', 'Series'],
  lifetime: null,
  reads: 'series',
  assets: seenSeries,
  load: null,
});
