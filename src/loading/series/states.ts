/** States of DI points: their changes, and the time spent in each. */
import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import { groupBy } from '../chunk.js';
import { localError, type EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { itemFormatFor, itemsOf, namedIn, readItems, toNumber, type SamplesByPair } from './pairs/items.js';
import { PairMap, type ReadonlyPairMap } from './pairs/pair-map.js';
import { checkListId, readPairs, STATE_PRODUCT, type Denials } from './pairs/read-pairs.js';
import type { Rectangle } from './packing/rectangles.js';
import { readableAsRecords, statesFromRecords, type StatesWanted } from './states-from-records.js';
import { checkTimeRange, rangeLifetime, utcText } from './times.js';
import type { PointKey, Sample, SeriesLoaders, StateDuration } from './types.js';

const CHANGES = 'tsdb-data.getAssetDiData';
const DURATIONS = 'tsdb-data.getAssetDiDataDuration';
/** Calls that one time range of durations may be continued with; each scans up to 640,000 records. */
const MAX_SCANS = 50;

interface RangeKey extends StatesWanted {
  from: number;
  to: number;
}

/** `stateChanges` with the state that held at `from`: by `di`, or from stored records where that needs fewer calls. */
export function createStateChangesLoader(
  context: LoadContext,
  denials: Denials,
): SeriesLoaders['stateChanges'] {
  const loader = rangeLoader<Sample[]>(context, 'series.stateChanges', CHANGES, async (group, call) => {
    const { orgId, from, to } = group.range;
    const readable = await readableAsRecords(group.keys);
    const found =
      readable.length > 0
        ? await statesFromRecords(readable, from, to, call, denials)
        : new PairMap<Sample[] | Error>();
    const pairs = group.keys.filter(({ assetId, pointId }) => !found.has(assetId, pointId));
    const byStates = await readPairs({
      orgId,
      pairs,
      limits: { maxProduct: STATE_PRODUCT },
      denials,
      operation: CHANGES,
      fetch: (rectangle) => fetchChanges(call, orgId, rectangle, from, to),
    });
    found.add(byStates);
    return found;
  });
  return (key, from, to, kinds) => loader(key, from, to, [], kinds);
}

async function fetchChanges(
  call: EnosCall,
  orgId: string,
  rectangle: Rectangle,
  from: number,
  to: number,
): Promise<SamplesByPair> {
  const reply = await call(CHANGES, {
    query: { orgId },
    body: {
      ...namedIn(rectangle),
      startTime: utcText(from),
      endTime: utcText(to),
      autoInterpolate: true,
      itemFormat: itemFormatFor(rectangle),
    },
  });
  const found = readItems(CHANGES, reply.data, rectangle);
  found.forEach((samples, assetId, pointId) =>
    found.set(
      assetId,
      pointId,
      samples.filter(({ time }) => time >= from && time < to),
    ),
  );
  return found;
}

/** `stateDurations` by `di/duration`, continued where one call could not scan the whole time range. */
export function createStateDurationsLoader(
  context: LoadContext,
  denials: Denials,
): SeriesLoaders['stateDurations'] {
  const loader = rangeLoader<StateDuration[]>(
    context,
    'series.stateDurations',
    DURATIONS,
    async (group, call) => {
      const { orgId, from, to } = group.range;
      const totals: Totals = new PairMap();
      const answers = new PairMap<StateDuration[] | Error>();
      let open = group.keys.map((key) => ({ assetId: key.assetId, pointId: key.pointId, start: from }));
      for (let scan = 0; open.length > 0; scan += 1) {
        const late: typeof open = [];
        await Promise.all(
          [...groupBy(open, ({ start }) => start)].map(async ([start, pairs]) => {
            const scans = await readPairs({
              orgId,
              pairs,
              limits: { maxProduct: STATE_PRODUCT },
              denials,
              operation: DURATIONS,
              fetch: (rectangle) => fetchDurations(call, orgId, rectangle, start, to),
            });
            for (const pair of pairs) {
              const { assetId, pointId } = pair;
              const found = scans.get(assetId, pointId);
              if (found instanceof Error) answers.set(assetId, pointId, found);
              else if (found) {
                addDurations(totals, pair, found.durations);
                const covered = found.durations.reduce((sum, { duration }) => sum + duration, 0);
                if (found.end >= to || covered >= to - start) continue;
                if (found.end > start && scan < MAX_SCANS) late.push({ ...pair, start: found.end });
                else if (found.end <= start) {
                  // Nothing more to scan: what is left is time without a known state.
                  addDurations(totals, pair, [{ state: null, duration: to - start - covered }]);
                } else
                  answers.set(
                    assetId,
                    pointId,
                    localError(DURATIONS, 'invalid-response', 'The stretch holds too many records'),
                  );
              }
            }
          }),
        );
        open = late;
      }
      totals.forEach((states, assetId, pointId) => {
        // Of a pair that failed later what was found before is of no use.
        if (answers.has(assetId, pointId)) return;
        const durations = [...states].map(([state, duration]) => ({ state, duration }));
        answers.set(assetId, pointId, durations);
      });
      return answers;
    },
  );
  return (key, from, to) => loader(key, from, to, []);
}

interface Scan {
  /** Unix milliseconds up to which EnOS counted. */
  end: number;
  durations: StateDuration[];
}

async function fetchDurations(
  call: EnosCall,
  orgId: string,
  rectangle: Rectangle,
  from: number,
  to: number,
): Promise<PairMap<Scan>> {
  const reply = await call(DURATIONS, {
    query: { orgId },
    body: {
      ...namedIn(rectangle),
      startTime: utcText(from),
      endTime: utcText(to),
      ifWithUnknown: true,
    },
  });
  const scans = new PairMap<Scan>();
  for (const { assetId, pointId, durations, scanEndTimestamp } of itemsOf(DURATIONS, reply.data)) {
    if (typeof assetId !== 'string' || typeof pointId !== 'string' || !Array.isArray(durations)) continue;
    scans.set(assetId, pointId, {
      end: toNumber(scanEndTimestamp) ?? to,
      durations: (durations as { status?: unknown; duration?: unknown }[]).map((entry) => ({
        state: toNumber(entry.status),
        duration: toNumber(entry.duration) ?? 0,
      })),
    });
  }
  return scans;
}

/** Milliseconds by state. */
type Totals = PairMap<Map<number | null, number>>;

function addDurations(
  totals: Totals,
  { assetId, pointId }: { assetId: string; pointId: string },
  durations: readonly StateDuration[],
): void {
  const states = totals.get(assetId, pointId) ?? new Map<number | null, number>();
  for (const { state, duration } of durations) states.set(state, (states.get(state) ?? 0) + duration);
  totals.set(assetId, pointId, states);
}

/** A loader of time ranges: keys of one tick with the same time range are read together. */
function rangeLoader<Value>(
  context: LoadContext,
  kind: string,
  operation: typeof CHANGES | typeof DURATIONS,
  read: (
    group: { range: RangeKey; keys: readonly RangeKey[] },
    call: EnosCall,
  ) => Promise<ReadonlyPairMap<Value | Error>>,
): (key: PointKey, from: number, to: number, none: Value, kinds?: StatesWanted['kinds']) => Promise<Value> {
  const { lifetimes } = context.settings;
  const loader: BatchLoader<RangeKey, Value | null> = createBatchLoader<RangeKey, Value | null>({
    context,
    kind,
    operation,
    keyOf: ({ assetId, pointId, from, to }) => [assetId, pointId, from, to],
    label: ({ assetId, pointId }) => `${assetId} ${pointId}`,
    lifetime: (_value, { to }) => rangeLifetime(to, context.now(), lifetimes),
    fetch: async (keys, call) => {
      const answers = new Map<RangeKey, Value | null | Error>();
      const groups = groupBy(keys, ({ orgId, from, to }) => JSON.stringify([orgId, from, to]));
      await Promise.all(
        [...groups.values()].map(async (group) => {
          const [range] = group;
          if (!range) return;
          const found = await read({ range, keys: group }, call);
          for (const key of group) answers.set(key, found.get(key.assetId, key.pointId) ?? null);
        }),
      );
      return answers;
    },
  });
  return async ({ orgId, assetId, pointId }, from, to, none, kinds) => {
    checkListId(assetId, 'assetId');
    checkListId(pointId, 'pointId');
    checkTimeRange(from, to);
    const key = { orgId, assetId, pointId, from, to, ...(kinds ? { kinds } : {}) };
    return (await loader.load(key)) ?? none;
  };
}
