import type { LoadContext } from '../load-context.js';
import { createAggregateLoader } from './aggregates.js';
import { createHistoryLoader } from './history.js';
import { createEnergyTodayLoader, createLatestLoader } from './latest.js';
import { Denials } from './read-pairs.js';
import { createStateChangesLoader, createStateDurationsLoader } from './states.js';
import type { SeriesLoaders } from './types.js';

/** The series loaders of one request. */
export function createSeriesLoaders(context: LoadContext): SeriesLoaders {
  const denials = new Denials();
  return {
    ...createLatestLoader(context, denials),
    history: createHistoryLoader(context, denials),
    aggregate: createAggregateLoader(context, denials),
    stateChanges: createStateChangesLoader(context, denials),
    stateDurations: createStateDurationsLoader(context, denials),
    energyToday: createEnergyTodayLoader(context, denials),
  };
}
