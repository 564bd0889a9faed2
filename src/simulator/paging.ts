/**
 * Pages of rows: `pagination` of the request, the pagination block beside `data` of the reply, and the page tokens
 * of the scroll operations.
 */
import { getOperation } from './contract/contract.js';
import { invalidArgument } from './refusals.js';

/** One sort key, as requests and replies write it. */
export interface Sorter {
  field: string;
  order: 'ASC' | 'DESC';
}

/** `pagination` of a request, after validation. */
export interface PageRequest {
  pageNo: number;
  pageSize: number;
  sorters: Sorter[];
}

/** Reads `pagination` of a body with the operation's default and largest page size. */
export function readPage(operationId: string, body: Readonly<Record<string, unknown>>): PageRequest {
  const { defaultPageSize, maxPageSize } = getOperation(operationId).pagination;
  const given = (body.pagination ?? {}) as Partial<PageRequest>;
  const page = { pageNo: given.pageNo ?? 1, pageSize: given.pageSize ?? defaultPageSize };
  if (maxPageSize !== null && page.pageSize > maxPageSize) {
    throw invalidArgument('pagination.pageSize', `must be at most ${maxPageSize}`);
  }
  const sorters = (given.sorters ?? []).map(({ field, order }) => ({ field, order: order ?? 'ASC' }));
  return { ...page, sorters };
}

/** The rows of one page. */
export function pageOf<T>(rows: readonly T[], { pageNo, pageSize }: PageRequest): T[] {
  return rows.slice((pageNo - 1) * pageSize, pageNo * pageSize);
}

/** The pagination block for a page out of `totalSize` rows. */
export function pageInfo(
  { pageNo, pageSize }: PageRequest,
  totalSize: number,
  sortedBy: Sorter[] | null = null,
): Record<string, unknown> {
  return { pagination: { pageNo, pageSize, totalSize, sortedBy } };
}

/** Writes a page token: opaque text that carries the query and the place to go on from. */
export function writeToken(state: object): string {
  return Buffer.from(JSON.stringify(state), 'utf8').toString('base64url');
}

/** Reads a page token; throws 99400 for one that no reply carried. */
export function readToken(token: string): Record<string, unknown> {
  try {
    const state: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof state === 'object' && state !== null && !Array.isArray(state)) return { ...state };
  } catch {
    throw invalidArgument('scroll.pageToken', 'is not a page token');
  }
  throw invalidArgument('scroll.pageToken', 'is not a page token');
}
