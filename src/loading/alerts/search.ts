/**
 * Searches of alert records, newest first. Which operation is asked follows from state, edition and filter:
 * - ACTIVE: event-service searchActiveAlerts, the only one without a time window, so that no open alert vanishes.
 * - HISTORY, edition 2.3: alert-service searchAlerts, one window after the other.
 * - HISTORY, edition 2.1, or with conditions that alert-service lacks: event-service searchHistoryAlerts.
 */
import { operationIn } from '../../enos/editions.js';
import type { Slice, Window } from '../common.js';
import { localError, type EnosCall } from '../enos-call.js';
import type { LoadContext } from '../load-context.js';
import { readWindow, type Page } from '../page-window.js';
import {
  alertServiceExpression,
  eventServiceExpression,
  needsEventService,
  type Expression,
} from './conditions.js';
import { fromAlertService, fromEventService } from './normalize.js';
import type { AlertFilter, AlertRecord, AlertState } from './types.js';
import { historyWindows, recentWindow, recovery, secondText, seconds, type TimeWindow } from './windows.js';

export const SEARCH_ACTIVE = 'alert.searchActiveAlerts';
export const SEARCH_RECENT = 'alert.searchHistoryAlerts';
export const SEARCH_HISTORY = 'alert.searchAlerts';

/** No maximum is documented for records; definitions have this one. */
export const PAGE_RULES = { maxPageSize: 1000 };

/** A question for alert records. */
export interface AlertQuestion {
  orgId: string;
  state: AlertState;
  filter: AlertFilter;
}

/** The part of the reply that callers of a page see, and whose answer it was. */
interface AlertPage extends Page<AlertRecord> {
  requestId: string | null;
}

type FetchPage = (pagination: { pageNo: number; pageSize: number }) => Promise<AlertPage>;

/** What feeds a question, for explain. */
export function searchOperation(
  { state, filter }: AlertQuestion,
  context: LoadContext,
): typeof SEARCH_ACTIVE | typeof SEARCH_RECENT | typeof SEARCH_HISTORY {
  if (state === 'ACTIVE') return SEARCH_ACTIVE;
  // Kept for what alert-service cannot be asked, in editions that have it too.
  return needsEventService(filter) ? SEARCH_RECENT : operationIn(context.settings.edition, SEARCH_RECENT);
}

/** Records of a window of the whole answer, with the exact total. Rejects with `EnosError`, `InputError`. */
export async function searchAlerts(
  question: AlertQuestion,
  window: Window,
  call: EnosCall,
  context: LoadContext,
): Promise<Slice<AlertRecord> & { requestId: string | null }> {
  let requestId: string | null = null;
  const noted =
    (fetchPage: FetchPage): FetchPage =>
    async (pagination) => {
      const page = await fetchPage(pagination);
      requestId = page.requestId ?? requestId;
      return page;
    };
  const sources = sourcesOf(question, call, context).map(noted);
  const [only, ...others] = sources;
  const slice =
    only && others.length === 0
      ? await readWindow(window, PAGE_RULES, only)
      : await readInTurn(window, sources);
  const { items, offset, totalCount } = slice;
  return { items, offset, totalCount, requestId };
}

/** Checks a question without asking it. Throws `InputError`. */
export function checkQuestion(question: AlertQuestion, context: LoadContext): void {
  sourcesOf(question, ASKS_NOTHING, context);
}

const ASKS_NOTHING: EnosCall = Object.assign(
  () => {
    throw new Error('checking asks nothing');
  },
  { until: () => 0 },
);

/** One way of paging per time window, newest window first; none where nothing can match. */
function sourcesOf(question: AlertQuestion, call: EnosCall, context: LoadContext): FetchPage[] {
  const { orgId, state, filter } = question;
  const now = context.now();
  switch (searchOperation(question, context)) {
    case SEARCH_ACTIVE:
      return activePages(orgId, filter, call);
    case SEARCH_RECENT: {
      const occurred = recentWindow(filter, now);
      const expression = eventServiceExpression(filter, state);
      if (expression === null) return [];
      return [
        async (pagination) => {
          const recovered = recovery(filter, occurred, now);
          const reply = await call(SEARCH_RECENT, {
            query: { orgId },
            body: {
              ...occurredBody(occurred),
              recoverStartTime: secondText(recovered.from),
              recoverEndTime: secondText(recovered.to),
              ...expressionBody(expression),
              ...scopeBody(filter),
              pagination,
            },
          });
          const items = listOf(SEARCH_RECENT, reply.data).map((alert) => fromEventService(alert, state));
          return { items, info: reply.body.pagination, requestId: reply.requestId };
        },
      ];
    }
    case SEARCH_HISTORY: {
      const expression = alertServiceExpression(filter);
      if (expression === null) return [];
      return historyWindows(filter, now).map((occurred) => async (pagination) => {
        const recovered = recovery(filter, occurred, now);
        const reply = await call(SEARCH_HISTORY, {
          query: { orgId },
          body: {
            ...occurredBody(occurred),
            startRecoverTime: secondText(recovered.from),
            endRecoverTime: secondText(recovered.to),
            active: false,
            ...expressionBody(expression),
            pagination,
          },
        });
        const items = listOf(SEARCH_HISTORY, reply.data).map((alert) => fromAlertService(alert, orgId));
        return { items, info: reply.body.pagination, requestId: reply.requestId };
      });
    }
  }
}

function activePages(orgId: string, filter: AlertFilter, call: EnosCall): FetchPage[] {
  const expression = eventServiceExpression(filter, 'ACTIVE');
  if (expression === null) return [];
  const times = activeTimes(filter);
  return [
    async (pagination) => {
      const reply = await call(SEARCH_ACTIVE, {
        query: { orgId },
        body: { ...times, ...expressionBody(expression), ...scopeBody(filter), pagination },
      });
      const items = listOf(SEARCH_ACTIVE, reply.data).map((alert) => fromEventService(alert, 'ACTIVE'));
      return { items, info: reply.body.pagination, requestId: reply.requestId };
    },
  ];
}

/**
 * A window over several sources that follow one another. Each source's first page is asked at once, which brings the
 * totals and mostly the records too; the rest is read where the window turns out to lie.
 */
async function readInTurn(window: Window, sources: readonly FetchPage[]): Promise<Slice<AlertRecord>> {
  const { offset, limit } = window;
  const pageSize = Math.min(Math.max(1, offset + limit), PAGE_RULES.maxPageSize);
  const firsts = await Promise.all(sources.map((fetchPage) => fetchPage({ pageNo: 1, pageSize })));
  let before = 0;
  const parts: Promise<AlertRecord[]>[] = [];
  firsts.forEach((first, index) => {
    const total = first.info?.totalSize ?? first.items.length;
    const start = Math.max(0, offset - before);
    const end = Math.min(total, offset + limit - before);
    before += total;
    const fetchPage = sources[index];
    if (start >= end || !fetchPage) return;
    if (end <= first.items.length) parts.push(Promise.resolve(first.items.slice(start, end)));
    else {
      const rest = readWindow({ offset: start, limit: end - start }, PAGE_RULES, fetchPage);
      parts.push(rest.then(({ items }) => items));
    }
  });
  return { items: unique((await Promise.all(parts)).flat()), offset, totalCount: before };
}

/** Records without repeats: neighbouring windows both hold an alert of the second in which they meet. */
export function unique(records: readonly AlertRecord[]): AlertRecord[] {
  return [...new Map(records.map((record) => [record.alertId, record])).values()];
}

/** Body fields of the occurrence window of open alerts, which is optional. */
export function activeTimes(filter: AlertFilter): { startOccurTime?: string; endOccurTime?: string } {
  const { occurredFrom, occurredTo } = filter;
  return {
    ...(occurredFrom === undefined ? {} : { startOccurTime: secondText(seconds(occurredFrom, Math.floor)) }),
    ...(occurredTo === undefined ? {} : { endOccurTime: secondText(seconds(occurredTo, Math.ceil)) }),
  };
}

function occurredBody({ from, to }: TimeWindow): { startOccurTime: string; endOccurTime: string } {
  return { startOccurTime: secondText(from), endOccurTime: secondText(to) };
}

function expressionBody(expression: Exclude<Expression, null>): { expression?: string } {
  return expression === undefined ? {} : { expression };
}

function scopeBody({ scope }: AlertFilter): {
  scope?: { treeId: string; fromAssetId?: string; includeDerivative: boolean };
} {
  if (!scope) return {};
  const { treeId, fromAssetId, includeMasked } = scope;
  const from = fromAssetId === undefined ? {} : { fromAssetId };
  return { scope: { treeId, ...from, includeDerivative: includeMasked ?? false } };
}

function listOf<T>(
  operation: typeof SEARCH_ACTIVE | typeof SEARCH_RECENT | typeof SEARCH_HISTORY,
  data: readonly T[],
): readonly T[] {
  if (!(data instanceof Array))
    throw localError(operation, 'invalid-response', 'EnOS sent no list of alerts');
  return data;
}
