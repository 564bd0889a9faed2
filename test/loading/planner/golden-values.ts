/** Golden operations about latest values, records, aggregates and states. */
import {
  IDS_PER_SEARCH,
  PAIRS,
  STATE_PAIRS,
  RECORDS,
  REPLY_RECORDS,
  per,
  DAY,
  HOUR,
  of,
  assets,
  VALUES,
  ASSETS_AND_MODEL,
  BEFORE_SERIES,
  type Case,
} from './golden-case.js';
import { FACTS } from './golden-world.js';

export const VALUES_OF_POINTS: Case[] = [
  // ---- latest values
  {
    name: 'fifty assets x four points, times alone',
    query: assets('points(pointIds: ["power", "speed", "state", "energy"]) { latest { timestamp } }'),
    variables: of(50),
    calls: { searchAssetNode: 1, getAssetLatestData: 1 },
  },
  {
    name: 'as many pairs as a call takes',
    query: assets('points(pointIds: ["power", "speed", "state"]) { latest { value } }'),
    variables: of(1000),
    calls: { ...ASSETS_AND_MODEL, getAssetLatestData: per(1000 * 3, PAIRS) },
  },
  {
    name: 'more pairs than a call takes',
    query: assets('points(pointIds: ["power", "speed", "state", "energy"]) { latest { value } }'),
    variables: of(1000),
    calls: { ...ASSETS_AND_MODEL, getAssetLatestData: per(1000 * 4, PAIRS) },
  },
  {
    name: 'more than a thousand assets in two lists',
    query: `query ($a: [ID!]!, $b: [ID!]!) {
      a: assetsById(assetIds: $a) { points(pointIds: ["power", "speed"]) { latest { value } } }
      b: assetsById(assetIds: $b) { points(pointIds: ["power", "speed"]) { latest { value } } }
    }`,
    variables: ({ turbines }) => ({ a: turbines.slice(0, 1000), b: turbines.slice(1000) }),
    calls: {
      searchAssetNode: per(FACTS.turbines, IDS_PER_SEARCH),
      getThingModel: 1,
      getAssetLatestData: per(FACTS.turbines * 2, PAIRS),
    },
  },
  {
    name: 'the same pair by alias, fragment and another branch',
    query: `query ($ids: [ID!]!) {
      a: assetsById(assetIds: $ids) { ...P again: point(pointId: "power") { latest { timestamp } } }
      b: assets(filter: { assetIds: $ids }) { nodes { points(pointIds: ["power", "power"]) { latest { timestamp } } } }
    }
    fragment P on Asset { point(pointId: "power") { latest { timestamp } } }`,
    variables: of(20),
    calls: { searchAssetNode: 2, getAssetLatestData: 1 },
  },
  {
    name: 'assets that want different points, all in one rectangle',
    query: `query ($a: [ID!]!, $b: [ID!]!) {
      a: assetsById(assetIds: $a) { points(pointIds: ["power", "speed"]) { latest { timestamp } } }
      b: assetsById(assetIds: $b) { points(pointIds: ["charge", "mode"]) { latest { timestamp } } }
    }`,
    variables: ({ turbines, boxes }) => ({ a: turbines.slice(0, 400), b: boxes }),
    // (400 + 60) assets x 4 points = 1840 pairs, surplus included.
    calls: {
      searchAssetNode: 1,
      getAssetLatestData: per((400 + FACTS.farms * FACTS.boxesPerFarm) * 4, PAIRS),
    },
  },
  {
    name: 'assets that want different points, beyond one rectangle',
    query: `query ($a: [ID!]!, $b: [ID!]!) {
      a: assetsById(assetIds: $a) { points(pointIds: ["power", "speed"]) { latest { timestamp } } }
      b: assetsById(assetIds: $b) { points(pointIds: ["charge", "mode"]) { latest { timestamp } } }
    }`,
    variables: ({ turbines, boxes }) => ({ a: turbines.slice(0, 900), b: boxes }),
    // Together 960 x 4 > 3000; apart 900 x 2 and 60 x 2.
    calls: { searchAssetNode: 1, getAssetLatestData: per(900 * 2, PAIRS) + per(60 * 2, PAIRS) },
  },
  {
    name: 'values of any age and values of the last quarter of an hour are different questions',
    query: assets(
      'point(pointId: "power") { a: latest { timestamp } b: latest(within: "PT15M") { timestamp } }',
    ),
    variables: of(5),
    calls: { searchAssetNode: 1, getAssetLatestData: 2 },
  },
  // ---- stored records
  {
    name: 'a day of records of analog, state, energy and generic points',
    query: assets(`points(pointIds: ["power", "state", "energy", "note"]) { series(${HOUR}) ${VALUES} }`),
    variables: of(10),
    calls: { ...BEFORE_SERIES, getAssetRawDataByTimeRange: per(10 * 4, PAIRS) },
  },
  {
    name: 'an hour of records of a thousand assets',
    query: assets(`point(pointId: "power") { series(${HOUR}) { statistics { count } } }`),
    variables: of(1000),
    // Sixty records each are far from filling the 640 that each may have.
    calls: { ...BEFORE_SERIES, getAssetRawDataByTimeRange: per(60, Math.floor(RECORDS / 1000)) },
  },
  {
    name: 'records and a limit are different questions',
    query: assets(
      `point(pointId: "power") { a: series(${HOUR}, limit: 5) ${VALUES} b: series(${HOUR}, maxPoints: 10) ${VALUES} }`,
    ),
    variables: of(3),
    // Of the same time range: one read serves both.
    calls: { ...BEFORE_SERIES, getAssetRawDataByTimeRange: 1 },
  },
  {
    name: 'energy records before 2.3 have their own operation',
    edition: '2.1',
    query: assets(`points(pointIds: ["power", "energy"]) { series(${HOUR}) ${VALUES} }`),
    variables: of(10),
    calls: { ...BEFORE_SERIES, getAssetRawDataByTimeRange: 1, getAssetElectricPowerData: 1 },
  },
  // ---- aggregates
  {
    name: 'ten-minute means of fifty assets x two points',
    query: assets(`points(pointIds: ["power", "speed"]) { series(${DAY}, interval: "PT10M") ${VALUES} }`),
    variables: of(50),
    calls: { ...BEFORE_SERIES, getAssetAiDataWithAggregationLogic: per(50 * 2 * 144, REPLY_RECORDS) },
  },
  {
    name: 'several functions of one point share a call',
    query: assets(`point(pointId: "power") {
      a: series(${DAY}, interval: "PT1H", aggregate: AVG) ${VALUES} b: series(${DAY}, interval: "PT1H", aggregate: MAX) ${VALUES}
      c: series(${DAY}, interval: "PT1H", aggregate: MIN) ${VALUES} }`),
    variables: of(20),
    calls: { ...BEFORE_SERIES, getAssetAiDataWithAggregationLogic: 1 },
  },
  {
    name: 'power and energy per hour',
    query: assets(`points(pointIds: ["power", "energy"]) { series(${DAY}, interval: "PT1H") ${VALUES} }`),
    variables: of(20),
    calls: { ...BEFORE_SERIES, getAssetAiDataWithAggregationLogic: 1, getAssetElectricPowerData: 1 },
  },
  {
    name: 'means of a point stored raw only, computed from its records',
    query: assets(`point(pointId: "rawOnly") { series(${HOUR}, interval: "PT10M") ${VALUES} }`),
    variables: of(20),
    calls: { ...BEFORE_SERIES, getAssetRawDataByTimeRange: 1 },
  },
  {
    name: 'two intervals are two questions',
    query: assets(
      `point(pointId: "power") { a: series(${DAY}, interval: "PT10M") ${VALUES} b: series(${DAY}, interval: "PT1H") ${VALUES} }`,
    ),
    variables: of(5),
    calls: { ...BEFORE_SERIES, getAssetAiDataWithAggregationLogic: 2 },
  },
  {
    name: 'a day by the minute of a hundred assets fills two replies',
    query: assets(`point(pointId: "power") { series(${DAY}, interval: "PT1M") { statistics { count } } }`),
    variables: of(100),
    calls: {
      ...BEFORE_SERIES,
      getAssetAiDataWithAggregationLogic: per(100, Math.floor(REPLY_RECORDS / 1440)),
    },
  },
  {
    name: 'days across the change of clocks: before, the short day in parts, after',
    query: assets(
      'point(pointId: "power") { series(from: "2024-03-29T00:00:00+01:00", to: "2024-04-02T00:00:00+02:00", interval: "P1D") { values { timestamp value } } }',
    ),
    variables: of(3, 'boxes'),
    calls: { ...BEFORE_SERIES, getAssetAiDataWithAggregationLogic: 3 },
  },
  {
    name: 'energy since midnight of a thousand assets',
    query: assets('point(pointId: "energy") { energyToday { timestamp } }'),
    variables: of(1000),
    // The model tells that the point is a counter; without it a wrong kind would be silently empty.
    calls: { ...ASSETS_AND_MODEL, getAssetCurrentDayElectricPower: per(1000, PAIRS) },
  },
  // ---- states
  {
    name: 'states of twelve pairs by di',
    query: assets(`point(pointId: "state") { stateChanges(${DAY}) { timestamp value } }`),
    variables: of(12),
    calls: { ...ASSETS_AND_MODEL, getAssetDiData: per(12, STATE_PAIRS) },
  },
  {
    name: 'states of five assets x two points by di: two rectangles of ten',
    query: assets(`points(pointIds: ["state", "mode"]) { stateChanges(${DAY}) { timestamp value } }`),
    variables: of(10, 'boxes'),
    calls: { ...ASSETS_AND_MODEL, getAssetDiData: per(10 * 2, STATE_PAIRS) },
  },
  {
    name: 'states of fifty pairs from their records: five by di, but the records, the ones before and how they are stored are three',
    query: assets(`point(pointId: "state") { stateChanges(${HOUR}) { timestamp value } }`),
    variables: of(50),
    calls: { ...BEFORE_SERIES, getAssetRawDataByTimeRange: 2 * per(50, PAIRS) },
  },
  {
    name: 'time per state',
    query: assets(`point(pointId: "state") { stateDurations(${HOUR}) { state milliseconds } }`),
    variables: of(25),
    calls: { ...ASSETS_AND_MODEL, getAssetDiDataDuration: per(25, STATE_PAIRS) },
  },
];
