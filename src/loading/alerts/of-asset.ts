/**
 * Alerts of assets, asset by asset: assets of one tick with the same conditions share one search, whatever windows they
 * want, and its newest records are handed out to each. Fifty assets with their first five alerts are one call, as long
 * as all their alerts fit a few pages.
 */
import { alert } from '../entities/alert.js';
import { lifetimeOf } from '../entity/loader.js';
import { entitiesTag } from '../tags.js';
import { createBatchLoader } from '../read/batch-loader.js';
import { keyText } from '../read/cache-key.js';
import { chunk, fetchInParts, groupAlike, groupBy } from '../chunk.js';
import type { Slice, Window } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import { isQuotable } from '../expression.js';
import type { LoadContext } from '../load-context.js';
import { rejected } from '../maybe.js';
import { countsByField } from './counts.js';
import { filterParts } from './conditions.js';
import {
  checkQuestion,
  PAGE_RULES,
  SEARCH_ACTIVE,
  searchAlerts,
  unique,
  type AlertQuestion,
} from './search.js';
import type { AlertFilter, AlertLoaders, AlertRecord, AlertState } from './types.js';

/** Assets of one shared search: no maximum is documented, so as many as the largest page has records. */
const MAX_ASSETS = 1000;
/** Pages that a shared search reads before the assets are asked one by one. */
const MAX_PAGES = 5;

interface AssetAlertsKey {
  orgId: string;
  assetId: string;
  state: AlertState;
  filter: AlertFilter;
  /** The filter as text: equal filters have equal texts. */
  filterText: string;
  window: Window;
}

type Answers = ReadonlyMap<AssetAlertsKey, Slice<AlertRecord> | Error>;

/** `ofAsset`. Totals are exact, whichever way they were read. */
export function createOfAssetLoader(
  context: LoadContext,
): Pick<AlertLoaders, 'ofAsset' | 'prefetchOfAssets'> {
  const loader = createBatchLoader<AssetAlertsKey, Slice<AlertRecord>>({
    context,
    kind: 'alerts.ofAsset',
    operation: SEARCH_ACTIVE,
    // What assets of one list have in common comes first: their keys are found faster so.
    keyOf: ({ assetId, state, filterText, window }) => [
      state,
      filterText,
      window.offset,
      window.limit,
      assetId,
    ],
    label: ({ assetId, state }) => `${assetId} ${state}`,
    lifetime: lifetimeOf(context.settings, alert),
    tags: ({ orgId }) => [entitiesTag(alert.type, orgId)],
    fetch: async (keys, call) => {
      const groups = groupAlike(
        keys,
        (a, b) => a.filterText === b.filterText && a.state === b.state && a.orgId === b.orgId,
      );
      const parts = groups.flatMap((group) => {
        const ofAsset = [...groupBy(group, ({ assetId }) => assetId).values()];
        return chunk(ofAsset, MAX_ASSETS).map((assets) => assets.flat());
      });
      return fetchInParts(parts, (part) => readTogether(part, call, context));
    },
  });
  const accepted = acceptance(context);
  const keyOf = (
    { orgId, assetId }: { orgId: string; assetId: string },
    state: AlertState,
    filter: AlertFilter,
    window: Window,
  ): AssetAlertsKey | null => {
    const { assetIds } = filter;
    const { others, filterText } = accepted(orgId, assetId, state, filter);
    if (assetIds && !assetIds.includes(assetId)) return null;
    return { orgId, assetId, state, filter: others, filterText, window };
  };
  return {
    ofAsset: (asset, state, filter, window) => {
      let key;
      try {
        key = keyOf(asset, state, filter, window);
      } catch (thrown) {
        return rejected(thrown);
      }
      return key === null ? { items: [], offset: window.offset, totalCount: 0 } : loader.load(key);
    },
    prefetchOfAssets: (orgId, assetIds, state, filter, window) => {
      const keys = assetIds.map((assetId) => keyOf({ orgId, assetId }, state, filter, window));
      return loader.prefetch(keys.filter((key) => key !== null));
    },
  };
}

/** A filter that was found to be one that can be asked, without its assets. */
interface Accepted {
  state: AlertState;
  others: AlertFilter;
  filterText: string;
}

/**
 * Checks questions about single assets. The assets of a list come with one and the same filter: what can be said of it is
 * said once, and of each further asset only whether its id can be asked for.
 */
function acceptance(
  context: LoadContext,
): (orgId: string, assetId: string, state: AlertState, filter: AlertFilter) => Accepted {
  let last: { filter: AlertFilter; accepted: Accepted } | undefined;
  return (orgId, assetId, state, filter) => {
    if (last?.filter === filter && last.accepted.state === state && isQuotable(assetId)) return last.accepted;
    const others = { ...filter };
    delete others.assetIds;
    checkQuestion({ orgId, state, filter: { ...others, assetIds: [assetId] } }, context);
    const accepted = { state, others, filterText: keyText([filterParts(others)]) };
    last = { filter, accepted };
    return accepted;
  };
}

async function readTogether(
  keys: readonly AssetAlertsKey[],
  call: EnosCall,
  context: LoadContext,
): Promise<Answers> {
  const [first, ...others] = keys;
  if (!first) return new Map();
  if (others.length === 0) return readAlone(keys, call, context);
  const { orgId, state, filter } = first;
  const assetIds = [...new Set(keys.map(({ assetId }) => assetId))];
  const question: AlertQuestion = { orgId, state, filter: { ...filter, assetIds } };
  const countable = state === 'ACTIVE' && !filter.scope;
  if (countable && keys.every(({ window }) => window.limit === 0)) return countAll(keys, question, call);

  const size = PAGE_RULES.maxPageSize;
  const page = await searchAlerts(question, { offset: 0, limit: size }, call, context);
  const pages = Math.ceil(page.totalCount / size);
  if (pages <= MAX_PAGES) {
    const further = await Promise.all(
      Array.from({ length: Math.max(0, pages - 1) }, (_, index) =>
        searchAlerts(question, { offset: (index + 1) * size, limit: size }, call, context),
      ),
    );
    const records = unique([...page.items, ...further.flatMap(({ items }) => items)]);
    // Fewer than the total would mean that EnOS makes its pages smaller than asked.
    if (records.length >= page.totalCount) return handOut(keys, records);
  }
  // Not all could be read. Whose window the newest records fill needs no more than its total.
  const totals = countable ? await totalsOf(question, call) : undefined;
  const byAsset = groupBy(page.items, ({ assetId }) => assetId);
  const answers = new Map<AssetAlertsKey, Slice<AlertRecord> | Error>();
  const unfilled: AssetAlertsKey[] = [];
  for (const key of keys) {
    const held = byAsset.get(key.assetId) ?? [];
    const { window } = key;
    const total = totals?.get(key.assetId) ?? (totals ? 0 : undefined);
    if (total !== undefined && held.length >= Math.min(total, window.offset + window.limit)) {
      answers.set(key, sliceOf(held, window, total));
    } else {
      unfilled.push(key);
    }
  }
  for (const [key, answer] of await readAlone(unfilled, call, context)) answers.set(key, answer);
  return answers;
}

/** Each asset by a search of its own. */
function readAlone(keys: readonly AssetAlertsKey[], call: EnosCall, context: LoadContext): Promise<Answers> {
  return fetchInParts(
    keys.map((key) => [key]),
    async (part) => {
      const answers = new Map<AssetAlertsKey, Slice<AlertRecord>>();
      for (const key of part) {
        const { orgId, assetId, state, filter, window } = key;
        const question = { orgId, state, filter: { ...filter, assetIds: [assetId] } };
        const { items, offset, totalCount } = await searchAlerts(question, window, call, context);
        answers.set(key, { items, offset, totalCount });
      }
      return answers;
    },
  );
}

/** Every asset's part of all records. */
function handOut(keys: readonly AssetAlertsKey[], records: readonly AlertRecord[]): Answers {
  const byAsset = groupBy(records, ({ assetId }) => assetId);
  return new Map(
    keys.map((key) => {
      const held = byAsset.get(key.assetId) ?? [];
      return [key, sliceOf(held, key.window, held.length)];
    }),
  );
}

async function countAll(
  keys: readonly AssetAlertsKey[],
  question: AlertQuestion,
  call: EnosCall,
): Promise<Answers> {
  const totals = await totalsOf(question, call);
  return new Map(keys.map((key) => [key, sliceOf([], key.window, totals.get(key.assetId) ?? 0)]));
}

async function totalsOf({ orgId, filter }: AlertQuestion, call: EnosCall): Promise<Map<string, number>> {
  const counts = await countsByField(orgId, 'assetId', filter, call);
  return new Map(counts.map(({ value, count }) => [value, count]));
}

function sliceOf(records: readonly AlertRecord[], window: Window, totalCount: number): Slice<AlertRecord> {
  const { offset, limit } = window;
  return { items: records.slice(offset, offset + limit), offset, totalCount };
}
