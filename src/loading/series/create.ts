import { lazily } from '../maybe.js';
import type { LoadContext } from '../load-context.js';
import { createAggregateLoader } from './aggregates.js';
import { createHistoryLoader } from './history.js';
import { createEnergyTodayLoader, createLatestLoader } from './latest.js';
import { Denials } from './pairs/denials.js';
import { createStateChangesLoader, createStateDurationsLoader } from './states.js';
import type { SeriesLoaders } from './types.js';

/** The series loaders of one request. */
export function createSeriesLoaders(context: LoadContext): SeriesLoaders {
  const denials = new Denials(context);
  return {
    ...createLatestLoader(context, denials),
    history: lazily(() => createHistoryLoader(context, denials)),
    aggregate: lazily(() => createAggregateLoader(context, denials)),
    stateChanges: lazily(() => createStateChangesLoader(context, denials)),
    stateDurations: lazily(() => createStateDurationsLoader(context, denials)),
    energyToday: lazily(() => createEnergyTodayLoader(context, denials)),
  };
}
