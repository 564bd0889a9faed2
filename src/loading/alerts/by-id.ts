/** Single alerts: neither service has a read by id, so ids are searched among the open alerts first, then the past ones. */
import { alert } from '../entities/alert.js';
import { lifetimeOf } from '../entity/loader.js';
import { entitiesTag, entityTag } from '../tags.js';
import { isInEdition } from '../../enos/editions.js';
import { createBatchLoader } from '../read/batch-loader.js';
import { chunk, fetchInParts, groupBy } from '../chunk.js';
import { localError, type EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { attempt } from '../maybe.js';
import {
  checkQuestion,
  PAGE_RULES,
  SEARCH_ACTIVE,
  SEARCH_HISTORY,
  searchAlerts,
  searchOperation,
  type AlertQuestion,
} from './search.js';
import type { AlertFilter, AlertLoaders, AlertRecord } from './types.js';
import { recentSince } from './windows.js';

const DAY = 86_400_000;
/** The first eight digits of an id are the UTC date of its occurrence: observed, not promised. */
const DATED_ID = /^(\d{4})(\d{2})(\d{2})[0-9a-f]{32}$/;
/** Ids of dates this close to one another share a search. */
const SHARED_SPAN = 80 * DAY;
const NOT_FOUND = 99404;

interface AlertKey {
  orgId: string;
  alertId: string;
}

type Answers = Map<AlertKey, AlertRecord | Error>;

/** `byId`: rejects with code 99404 where neither the open nor the past alerts hold the id. */
export function createByIdLoader(context: LoadContext): AlertLoaders['byId'] {
  const loader = createBatchLoader<AlertKey, AlertRecord>({
    context,
    kind: 'alerts.byId',
    operation: SEARCH_ACTIVE,
    keyOf: ({ alertId }) => [alertId],
    lifetime: lifetimeOf(context.settings, alert),
    tags: ({ orgId, alertId }) => [entityTag(alert.type, orgId, alertId), entitiesTag(alert.type, orgId)],
    fetch: (keys, call) => {
      const parts = [...groupBy(keys, ({ orgId }) => orgId).values()].flatMap((group) =>
        chunk(group, PAGE_RULES.maxPageSize),
      );
      return fetchInParts(parts, (part) => readIds(part, call, context));
    },
  });
  return (orgId, alertId) =>
    attempt(() => {
      checkQuestion({ orgId, state: 'ACTIVE', filter: { alertIds: [alertId] } }, context);
      return loader.load({ orgId, alertId });
    });
}

async function readIds(keys: readonly AlertKey[], call: EnosCall, context: LoadContext): Promise<Answers> {
  const answers: Answers = new Map();
  const missing = await ask(keys, 'ACTIVE', {}, call, context, answers);
  const spans = spansOf(missing, context);
  await Promise.all(
    spans.map(async ({ keys: group, filter }) => {
      try {
        await ask(group, 'HISTORY', filter, call, context, answers);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        for (const key of group) answers.set(key, error);
      }
    }),
  );
  return answers;
}

/** Asks one search; returns the keys it did not find, which are answered "not found" until a later search finds them. */
async function ask(
  keys: readonly AlertKey[],
  state: AlertQuestion['state'],
  filter: AlertFilter,
  call: EnosCall,
  context: LoadContext,
  answers: Answers,
): Promise<AlertKey[]> {
  const [first] = keys;
  if (!first) return [];
  const question: AlertQuestion = {
    orgId: first.orgId,
    state,
    filter: { ...filter, alertIds: keys.map(({ alertId }) => alertId) },
  };
  const { items, requestId } = await searchAlerts(question, { offset: 0, limit: keys.length }, call, context);
  const byId = new Map(items.map((record) => [record.alertId, record]));
  const operation = searchOperation(question, context);
  return keys.filter((key) => {
    const record = byId.get(key.alertId);
    const message = `Alert ${key.alertId} does not exist`;
    answers.set(key, record ?? localError(operation, 'refused', message, { code: NOT_FOUND, requestId }));
    return record === undefined;
  });
}

interface Span {
  keys: AlertKey[];
  filter: AlertFilter;
}

/** Searches of past alerts that together cover the ids: around their dates, or the last three months. */
function spansOf(keys: readonly AlertKey[], context: LoadContext): Span[] {
  const undated: AlertKey[] = [];
  const dated: { key: AlertKey; date: number }[] = [];
  for (const key of keys) {
    const date = dateOf(key.alertId);
    if (date === null) undated.push(key);
    else dated.push({ key, date });
  }
  dated.sort((a, b) => a.date - b.date);
  const spans: Span[] = undated.length > 0 ? [{ keys: undated, filter: {} }] : [];
  let open: { first: number; span: Span } | undefined;
  for (const { key, date } of dated) {
    if (!open || date - open.first > SHARED_SPAN) {
      open = { first: date, span: { keys: [], filter: { occurredFrom: date - DAY } } };
      spans.push(open.span);
    }
    open.span.keys.push(key);
    open.span.filter.occurredTo = date + 2 * DAY;
  }
  if (isInEdition(context.settings.edition, SEARCH_HISTORY)) return spans;
  // Edition 2.1 searches the last months only: an older alert counts as not found.
  const since = recentSince(context.now());
  return spans
    .filter(({ filter }) => (filter.occurredTo ?? Infinity) > since)
    .map(({ keys: group, filter }) => ({
      keys: group,
      filter:
        filter.occurredFrom === undefined
          ? filter
          : { ...filter, occurredFrom: Math.max(since, filter.occurredFrom) },
    }));
}

function dateOf(alertId: string): number | null {
  const match = DATED_ID.exec(alertId);
  if (!match) return null;
  const date = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return new Date(date).toISOString().startsWith(`${match[1]}-${match[2]}-${match[3]}`) ? date : null;
}
