/** Newest values and today's energy: one value per pair, no time range. */
import { InputError } from '../common.js';
import { createBatchLoader } from '../read/batch-loader.js';
import { groupAlike, groupBy } from '../chunk.js';
import type { EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { attempt, rejected } from '../maybe.js';
import { pointsTag } from '../tags.js';
import { itemFormatFor, namedIn, readItems } from './pairs/items.js';
import { toExactNumber } from './intervals/accumulate.js';
import { checkListId, isListId, MAX_PRODUCT, readPairs, type Denials } from './pairs/read-pairs.js';
import type { PointKey, Sample, SeriesLoaders } from './types.js';

const LATEST = 'tsdb-data.getAssetLatestData';
const CURRENT_DAY = 'tsdb-data.getAssetCurrentDayElectricPower';

interface LatestKey extends PointKey {
  /** Minutes; null for no limit. */
  window: number | null;
}

/** `latest` by getAssetLatestData: all pairs of a tick with the same window share rectangles. "No value" is cached too. */
export function createLatestLoader(
  context: LoadContext,
  denials: Denials,
): Pick<SeriesLoaders, 'latest' | 'prefetchLatest'> {
  const loader = createBatchLoader<LatestKey, Sample | null>({
    context,
    kind: 'series.latest',
    operation: LATEST,
    keyOf: ({ assetId, pointId, window }) => [window, assetId, pointId],
    label: ({ assetId, pointId }) => `${assetId} ${pointId}`,
    lifetime: context.settings.lifetimes.latest,
    tags: tagsOfPoints(),
    fetch: async (keys, call) => {
      const groups = groupAlike(keys, (a, b) => a.window === b.window && a.orgId === b.orgId);
      const found = await Promise.all(groups.map((group) => readLatest(group, call, denials)));
      const [only] = found;
      if (only !== undefined && found.length === 1) return only;
      return new Map(
        groups.flatMap((group, at) => group.map((key, index) => [key, found[at]?.[index] ?? null])),
      );
    },
  });
  const check = checkIds();
  return {
    latest: (key, withinMinutes) => {
      // Asked for each value of an answer: no closure.
      try {
        check(key);
        checkWindow(withinMinutes);
      } catch (thrown) {
        return rejected(thrown);
      }
      const { orgId, assetId, pointId } = key;
      return loader.load({ orgId, assetId, pointId, window: withinMinutes ?? null });
    },
    prefetchLatest: (orgId, assetIds, pointIds) => {
      // Of the others `latest` says what is wrong with them.
      const points = pointIds.filter((pointId) => isListId(pointId, 'pointId'));
      const keys: LatestKey[] = [];
      for (const assetId of assetIds) {
        if (!isListId(assetId, 'assetId')) continue;
        for (const pointId of points) keys.push({ orgId, assetId, pointId, window: null });
      }
      return loader.prefetch(keys);
    },
  };
}

/** Newest values in the order of the keys, which are alike but for their pairs. */
async function readLatest(
  keys: readonly LatestKey[],
  call: EnosCall,
  denials: Denials,
): Promise<(Sample | null | Error)[]> {
  const [{ orgId, window } = { orgId: '', window: null }] = keys;
  const found = await readPairs({
    orgId,
    pairs: keys,
    limits: { maxProduct: MAX_PRODUCT },
    denials,
    operation: LATEST,
    fetch: async (rectangle) => {
      const reply = await call(LATEST, {
        query: { orgId },
        body: {
          ...namedIn(rectangle),
          itemFormat: itemFormatFor(rectangle),
          ...(window === null ? {} : { timeWindow: window }),
        },
      });
      return readItems(LATEST, reply.data, rectangle);
    },
  });
  return keys.map(({ assetId, pointId }) => newest(found.get(assetId, pointId)));
}

function checkWindow(minutes: number | undefined): void {
  if (minutes !== undefined && (!Number.isSafeInteger(minutes) || minutes < 1))
    throw new InputError('within must be at least one minute, in whole minutes', 'within');
}

/** Checks the ids of points, each once where one asset follows another with the same points. */
function checkIds(): (key: PointKey) => void {
  const points = new Set<string>();
  let asset: string | undefined;
  return ({ assetId, pointId }) => {
    if (assetId !== asset) checkListId(assetId, 'assetId');
    asset = assetId;
    if (points.has(pointId)) return;
    checkListId(pointId, 'pointId');
    points.add(pointId);
  };
}

/** `energyToday` by electric-power/current-day. The time of the value is the asset's local midnight. */
export function createEnergyTodayLoader(
  context: LoadContext,
  denials: Denials,
): SeriesLoaders['energyToday'] {
  const loader = createBatchLoader<PointKey, Sample | null>({
    context,
    kind: 'series.energyToday',
    operation: CURRENT_DAY,
    keyOf: ({ assetId, pointId }) => [assetId, pointId],
    lifetime: context.settings.lifetimes.latest,
    tags: tagsOfPoints(),
    fetch: async (keys, call) => {
      const answers = new Map<PointKey, Sample | null | Error>();
      await Promise.all(
        [...groupBy(keys, ({ orgId }) => orgId)].map(async ([orgId, group]) => {
          const found = await readPairs({
            orgId,
            pairs: group,
            limits: { maxProduct: MAX_PRODUCT },
            denials,
            operation: CURRENT_DAY,
            fetch: async (rectangle) => {
              const reply = await call(CURRENT_DAY, {
                query: { orgId },
                body: {
                  ...namedIn(rectangle),
                  itemFormat: 0,
                },
              });
              // Asked by the bare point, answered under sum(point).
              const points = rectangle.points.map((point) => `sum(${point})`);
              return readItems(CURRENT_DAY, reply.data, { assets: rectangle.assets, points });
            },
          });
          for (const key of group) {
            // A failed pair is known by its bare point, an answered one by the expression.
            const answer =
              found.get(key.assetId, `sum(${key.pointId})`) ?? found.get(key.assetId, key.pointId);
            answers.set(key, asNumber(newest(answer)));
          }
        }),
      );
      return answers;
    },
  });
  return ({ orgId, assetId, pointId }) =>
    attempt(() => {
      checkListId(assetId, 'assetId');
      checkListId(pointId, 'pointId');
      return loader.load({ orgId, assetId, pointId });
    });
}

/** Tags by asset: points of one follow one another, and share one list. */
function tagsOfPoints(): (key: PointKey) => readonly string[] {
  let last: { orgId: string; assetId: string; tags: readonly string[] } | undefined;
  return ({ orgId, assetId }) => {
    if (last?.assetId !== assetId || last.orgId !== orgId)
      last = { orgId, assetId, tags: [pointsTag(orgId, assetId)] };
    return last.tags;
  };
}

function newest(samples: readonly Sample[] | Error | undefined): Sample | null | Error {
  return samples instanceof Error ? samples : (samples?.at(-1) ?? null);
}

function asNumber(sample: Sample | null | Error): Sample | null | Error {
  if (sample === null || sample instanceof Error) return sample;
  const value = toExactNumber(sample.value);
  return value === null ? null : { ...sample, value };
}
