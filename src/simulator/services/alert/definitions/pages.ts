/**
 * What the searches of alert definitions share: sorting by the fields that the contract names, and pages.
 */
import { getOperation } from '../../../contract/contract.js';
import type { OperationReply, OperationRequest } from '../../../operation.js';
import { pageInfo, pageOf, readPage } from '../../../paging.js';
import type { Sorter } from '../../../paging.js';
import { invalidArgument } from '../../../refusals.js';

/** One page of definitions, sorted as asked or by the newest change. */
export function searchDefinitions<T extends { updateTime: number }>(
  request: OperationRequest,
  rows: readonly T[],
  view: (row: T) => Record<string, unknown>,
  timeField = 'updateTime',
): OperationReply {
  const page = readPage(request.operationId, request.body);
  const keys = page.sorters.map((sorter) => sortKey(request.operationId, sorter));
  const sorted = [...rows].sort((a, b) => {
    for (const { field, order } of keys) {
      const result = compare(valueAt(a, field), valueAt(b, field));
      if (result !== 0) return order === 'DESC' ? -result : result;
    }
    return b.updateTime - a.updateTime;
  });
  const sortedBy: Sorter[] = page.sorters.length > 0 ? page.sorters : [{ field: timeField, order: 'DESC' }];
  return { data: pageOf(sorted, page).map(view), beside: pageInfo(page, rows.length, sortedBy) };
}

/** The samples write severityID for severityId, so case does not count. */
function sortKey(operationId: string, sorter: Sorter): Sorter {
  const { sortable } = getOperation(operationId).pagination;
  const field = sortable.find((name) => name.toLowerCase() === sorter.field.toLowerCase());
  if (field === undefined) throw invalidArgument('pagination.sorters', `cannot sort by ${sorter.field}`);
  return { field, order: sorter.order };
}

function valueAt(row: object, field: string): string {
  const value = (row as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
