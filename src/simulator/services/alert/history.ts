/**
 * event-service, history alerts: searchHistoryAlerts and scrollHistoryAlerts.
 */
import { DateTime } from 'luxon';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { readTimeBound } from '../../times.js';
import type { World } from '../../world/world.js';
import { invalidArgument } from '../../refusals.js';
import { eventFilter, historySearchView, historyView } from './event-records.js';
import { eventRecords, within } from './records.js';
import type { AlertRecord } from './records.js';
import { readScroll, scrollReply } from './scroll.js';

const DAY = 86_400_000;

const searchHistoryAlerts: OperationHandler = ({ operationId, body }, context) => {
  const { world } = context;
  const page = readPage(operationId, body);
  const found = findHistory(operationId, body, world, context.now());
  return {
    data: pageOf(found, page).map((record) => historySearchView(record, world)),
    beside: pageInfo(page, found.length, [
      { field: 'occurTime', order: 'DESC' },
      { field: 'eventId', order: 'DESC' },
    ]),
  };
};

const scrollHistoryAlerts: OperationHandler = ({ operationId, body }, context) => {
  const { world } = context;
  const state = readScroll(operationId, body, context.now());
  const found = findHistory(operationId, state.body, world, state.now);
  return { data: scrollReply(operationId, state, found, (record) => historyView(record, world)) };
};

/**
 * Recovered alerts that occurred in the mandatory window and within the last three months. Without a recovery window
 * only those that recovered in the last seven days are found, however wide the other window is.
 */
function findHistory(
  operationId: string,
  body: Readonly<Record<string, unknown>>,
  world: World,
  now: number,
): AlertRecord[] {
  const from = readTimeBound('startOccurTime', body.startOccurTime);
  const to = readTimeBound('endOccurTime', body.endOccurTime);
  if (from === null) throw invalidArgument('startOccurTime', 'is required');
  if (to === null) throw invalidArgument('endOccurTime', 'is required');
  const recoverFrom = readTimeBound('recoverStartTime', body.recoverStartTime);
  const recoverTo = readTimeBound('recoverEndTime', body.recoverEndTime);
  const recovery =
    recoverFrom === null && recoverTo === null
      ? { from: () => now - 7 * DAY, to: null }
      : { from: recoverFrom, to: recoverTo };
  const oldest = DateTime.fromMillis(now, { zone: 'utc' }).minus({ months: 3 }).toMillis();
  const filter = eventFilter(operationId, body, world);
  return eventRecords(world).filter((record) => {
    const { occurTime, recoverTime } = record.alert;
    return (
      recoverTime !== null &&
      occurTime >= oldest &&
      within(record, occurTime, { from, to }) &&
      within(record, recoverTime, recovery) &&
      filter(record)
    );
  });
}

/** Handlers of history alerts. */
export const historyHandlers: ServiceHandlers = { searchHistoryAlerts, scrollHistoryAlerts };
