/**
 * event-service, active alerts: searchActiveAlerts and aggregateActiveAlerts.
 */
import { compileExpression } from '../../expression/select.js';
import type { OperationHandler, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import { readTimeBound } from '../../times.js';
import type { World } from '../../world/world.js';
import { activeView, eventFields, eventFilter } from './event-records.js';
import { eventRecords, within } from './records.js';
import type { AlertRecord } from './records.js';

const searchActiveAlerts: OperationHandler = ({ operationId, body }, { world }) => {
  const filter = eventFilter(operationId, body, world);
  const page = readPage(operationId, body);
  const found = activeInWindow(body, world).filter(filter);
  return {
    data: pageOf(found, page).map((record) => activeView(record, world)),
    beside: pageInfo(page, found.length, [
      { field: 'occurTime', order: 'DESC' },
      { field: 'eventId', order: 'DESC' },
    ]),
  };
};

/** Counts per value of one field; a value without alerts is absent. */
const aggregateActiveAlerts: OperationHandler = ({ operationId, body }, { world }) => {
  const test = compileExpression(operationId, body.expression);
  const data: Record<string, number> = {};
  for (const record of activeInWindow(body, world)) {
    const read = eventFields(record);
    const [value] = read(String(body.groupByField));
    if (typeof value === 'string' && test(read)) data[value] = (data[value] ?? 0) + 1;
  }
  return { data };
};

function activeInWindow(body: Readonly<Record<string, unknown>>, world: World): AlertRecord[] {
  const window = {
    from: readTimeBound('startOccurTime', body.startOccurTime),
    to: readTimeBound('endOccurTime', body.endOccurTime),
  };
  return eventRecords(world).filter(
    (record) => record.alert.recoverTime === null && within(record, record.alert.occurTime, window),
  );
}

/** Handlers of active alerts. */
export const activeHandlers: ServiceHandlers = { searchActiveAlerts, aggregateActiveAlerts };
