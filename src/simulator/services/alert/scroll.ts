/**
 * Reading alerts slice by slice: the token carries the query, the moment it was first asked and the last record of
 * the slice before, so that slices neither overlap nor miss records.
 */
import { readToken, writeToken } from '../../paging.js';
import { invalidArgument } from '../../refusals.js';
import type { AlertRecord } from './records.js';

/** A scroll under way. */
export interface ScrollState {
  /** Body of the first call. */
  body: Record<string, unknown>;
  /** Unix milliseconds of the first call, to which default windows stay tied. */
  now: number;
  pageSize: number;
  /** Id of the last alert that was returned; null at the start. */
  last: string | null;
}

/** Reads `scroll` of a body: a token goes on with its own query, a page size begins with the body's. */
export function readScroll(
  operationId: string,
  body: Readonly<Record<string, unknown>>,
  now: number,
): ScrollState {
  const { pageSize, pageToken } = (body.scroll ?? {}) as { pageSize?: number; pageToken?: string | null };
  if (typeof pageToken === 'string' && pageToken !== '') {
    const state = readToken(pageToken);
    if (state.operationId !== operationId)
      throw invalidArgument('scroll.pageToken', 'is not of this operation');
    return state as unknown as ScrollState;
  }
  if (pageSize === undefined || pageSize <= 0) throw invalidArgument('scroll.pageSize', 'must be above 0');
  const query = Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'scroll'));
  return { body: query, now, pageSize, last: null };
}

/** The next slice of sorted records as `data`; no token comes with the last one. */
export function scrollReply(
  operationId: string,
  state: ScrollState,
  records: readonly AlertRecord[],
  view: (record: AlertRecord) => Record<string, unknown>,
): Record<string, unknown> {
  const start = state.last === null ? 0 : records.findIndex(({ alert }) => alert.alertId === state.last) + 1;
  const slice = records.slice(start, start + state.pageSize);
  const last = slice.at(-1)?.alert.alertId ?? null;
  const more = start + slice.length < records.length;
  return {
    ...(more ? { pageToken: writeToken({ operationId, ...state, last }) } : {}),
    pageSize: state.pageSize,
    sortedBy: [{ field: 'occurTime', order: 'DESC' }],
    items: slice.map(view),
  };
}
