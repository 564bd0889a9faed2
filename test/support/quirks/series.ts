/** Quirks of the time series database and of its storage policies. */
import { LosslessNumber, parse } from 'lossless-json';
import { isObject, mapObjects, quirkOf, rowsOf, shuffle } from './quirk.js';
import type { Json, Quirk, Random, Reply } from './quirk.js';

const SERIES = [
  'getAssetLatestData',
  'getAssetRawDataByTimeRange',
  'getAssetAiRawData',
  'getAssetAiDataWithAggregationLogic',
  'getAssetElectricPowerData',
  'getAssetCurrentDayElectricPower',
  'getAssetDiData',
  'getAssetGenericData',
];
const TSDB = [...SERIES, 'getAssetDiDataDuration'];
const POLICY = ['getMeasurementPointTsdbMetadata'];
const FIXED = new Set([
  'assetId',
  'timestamp',
  'localtime',
  'localTime',
  'quality',
  'dataQuality',
  'pointId',
]);

/** The point of a record of itemFormat 0, or of a series of itemFormat 2. */
function pointOf(item: Json): string {
  const { pointId } = item;
  return typeof pointId === 'string' ? pointId : (Object.keys(item).find((key) => !FIXED.has(key)) ?? '');
}

/** Changes every value of a reply, in whichever format. */
function changeValues(reply: Reply, change: (value: unknown) => unknown): void {
  for (const item of rowsOf(reply)) {
    const { value, pointId } = item;
    if (Array.isArray(value) && typeof pointId === 'string') item['value'] = value.map(change);
    else for (const key of Object.keys(item)) if (!FIXED.has(key)) item[key] = change(item[key]);
  }
}

function replaceItems({ envelope }: Reply, change: (items: Json[]) => Json[]): void {
  const data = envelope['data'];
  if (isObject(data) && Array.isArray(data['items'])) data['items'] = change(data['items'] as Json[]);
}

const groupsOf = (items: Json[]): Json[][] => {
  const groups = new Map<string, Json[]>();
  for (const item of items) {
    const key = `${String(item['assetId'])} ${pointOf(item)}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
};

/** All records mixed, those of one pair in their order. */
function interleave(items: Json[], random: Random): Json[] {
  const groups = groupsOf(items).map((group) => [...group]);
  const mixed: Json[] = [];
  while (groups.length > 0) {
    const index = Math.floor(random() * groups.length);
    const next = groups[index]?.shift();
    if (next === undefined) groups.splice(index, 1);
    else mixed.push(next);
  }
  return mixed;
}

const isNumber = (value: unknown): boolean => value instanceof LosslessNumber || typeof value === 'number';

/** The pair that some answers lack; operations ask it under the alias `lacking`. */
export const LACKING_POINT = 'windDirection';

export const SERIES_QUIRKS: Quirk[] = [
  quirkOf('numbers as text', SERIES, (reply) =>
    changeValues(reply, (value) => (isNumber(value) ? String(value) : value)),
  ),
  quirkOf('numbers as text with zeros', SERIES, (reply) =>
    changeValues(reply, (value) => {
      if (!isNumber(value)) return value;
      return /^-?\d+\.\d+$/.test(String(value)) ? `${String(value)}00` : String(value);
    }),
  ),
  quirkOf('whole numbers with a fraction', SERIES, (reply) =>
    changeValues(reply, (value) =>
      isNumber(value) && /^-?\d+$/.test(String(value)) ? new LosslessNumber(`${String(value)}.0`) : value,
    ),
  ),
  quirkOf('booleans as text', SERIES, (reply) =>
    changeValues(reply, (value) => (typeof value === 'boolean' ? String(value) : value)),
  ),
  quirkOf(
    'structures as objects',
    SERIES,
    (reply) =>
      changeValues(reply, (value) =>
        typeof value === 'string' && /^[{[]/.test(value) ? parse(value) : value,
      ),
    { beyondSchema: true },
  ),
  quirkOf('records mixed across assets and points', SERIES, (reply, random) =>
    replaceItems(reply, (items) => interleave(items, random)),
  ),
  quirkOf('records point by point, then asset by asset', TSDB, (reply) =>
    replaceItems(reply, (items) =>
      [...items].sort((a, b) => (pointOf(a) < pointOf(b) ? -1 : pointOf(a) > pointOf(b) ? 1 : 0)),
    ),
  ),
  quirkOf('durations of pairs in any order', ['getAssetDiDataDuration'], (reply, random) =>
    replaceItems(reply, (items) => {
      shuffle(items, random);
      return items;
    }),
  ),
  quirkOf('dataQuality instead of quality', SERIES, (reply) => {
    for (const item of rowsOf(reply)) {
      if (!('quality' in item)) continue;
      item['dataQuality'] = item['quality'];
      delete item['quality'];
    }
  }),
  quirkOf('dataQuality as a number', SERIES, (reply) => {
    for (const item of rowsOf(reply)) {
      if (!('quality' in item)) continue;
      const { quality } = item;
      item['dataQuality'] = typeof quality === 'string' ? new LosslessNumber(quality) : quality;
      delete item['quality'];
    }
  }),
  quirkOf('quality null where it says nothing', SERIES, (reply) => {
    for (const item of rowsOf(reply))
      if (!('quality' in item) && !('pointId' in item)) item['quality'] = null;
  }),
  quirkOf('localtime on every record', SERIES, (reply) => {
    for (const item of rowsOf(reply)) {
      if (Array.isArray(item['timestamp'])) {
        item['localTime'] = item['timestamp'].map(() => '2024-03-10 08:00:00 +01:00');
      } else item['localtime'] = '2024-03-10 08:00:00';
    }
  }),
  quirkOf('no localtime', SERIES, (reply) => {
    for (const item of rowsOf(reply)) {
      delete item['localtime'];
      delete item['localTime'];
    }
  }),
  quirkOf('submsg of one blank', [...TSDB, ...POLICY], ({ envelope }) => {
    envelope['submsg'] = ' ';
  }),
  quirkOf('submsg success', [...TSDB, ...POLICY], ({ envelope }) => {
    envelope['submsg'] = 'success';
  }),
  quirkOf('no submsg', [...TSDB, ...POLICY], ({ envelope }) => {
    delete envelope['submsg'];
  }),
  quirkOf('records of pairs that were not asked for', SERIES, (reply) =>
    replaceItems(reply, (items) => {
      const [first] = items;
      if (first === undefined) return items;
      const { assetId, timestamp, ...rest } = first;
      const one = new LosslessNumber('1');
      return [
        { ...rest, assetId: 'nO0tAsk3d', timestamp },
        Array.isArray(timestamp)
          ? { assetId, timestamp: [timestamp[0]], pointId: 'notAsked', value: [one] }
          : { assetId, timestamp, notAsked: one },
        ...items,
      ];
    }),
  ),
  quirkOf(
    'a pair has no data',
    SERIES,
    (reply) => replaceItems(reply, (items) => items.filter((item) => !pointOf(item).includes(LACKING_POINT))),
    {
      expected: (plain) =>
        mapObjects(plain, (object) => {
          const { lacking } = object;
          if (!isObject(lacking)) return object;
          const statistics = { count: 0, mean: null };
          return {
            ...object,
            lacking: {
              ...lacking,
              latest: null,
              ...('raw' in lacking ? { raw: { values: [], statistics } } : {}),
              ...('hourly' in lacking ? { hourly: { values: [], statistics } } : {}),
            },
          };
        }),
    },
  ),
  quirkOf('requestId null', POLICY, ({ envelope }) => {
    Object.assign(envelope, { requestId: null, submsg: null });
  }),
  quirkOf('no requestId', POLICY, ({ envelope }) => {
    delete envelope['requestId'];
  }),
  quirkOf(
    'kinds of storage as a list of maps',
    POLICY,
    (reply) => {
      for (const row of rowsOf(reply)) {
        const kinds = Object.entries(row['tsdb_metadata'] as Json);
        row['tsdb_metadata'] = kinds.map(([point, list]) => ({ [point]: list }));
      }
    },
    { beyondSchema: true },
  ),
  quirkOf('kinds of storage of models that were not asked for', POLICY, ({ envelope }) => {
    if (Array.isArray(envelope['data'])) {
      envelope['data'].unshift({ modelId: 'notAsked', tsdb_metadata: { x: ['AI_RAW', 'A_NEW_KIND'] } });
    }
  }),
];
