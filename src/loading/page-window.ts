/** EnOS pages, which hold what a window asks for. */
import type { Slice, Window } from './common.js';

/** Page rules of an operation. */
export interface PageRules {
  /** Largest page it accepts, or that is advised where no maximum is documented. */
  maxPageSize: number;
  /** Number of the first page: 1, but 0 in the Application Portal. */
  firstPage?: 0 | 1;
}

/** Pages of one size that cover a window. */
export interface PageCover {
  pageSize: number;
  /** Page numbers in order. */
  pages: number[];
  /** How many records before the window the first page holds. */
  skip: number;
}

/**
 * The fewest pages that cover the window and, among those, the ones with the fewest records beyond it. A window of
 * no items is one page of one record, which brings the total.
 */
export function coverWindow({ offset, limit }: Window, rules: PageRules): PageCover {
  const firstPage = rules.firstPage ?? 1;
  if (limit === 0) return { pageSize: 1, pages: [firstPage], skip: 0 };
  // Most windows are a page of their own.
  if (limit <= rules.maxPageSize && offset % limit === 0)
    return { pageSize: limit, pages: [offset / limit + firstPage], skip: 0 };
  const pagesAt = (size: number): number =>
    Math.floor((offset + limit - 1) / size) - Math.floor(offset / size) + 1;
  // The number of pages does not fall steadily with their size: it depends on where the borders come to lie.
  let pageSize = rules.maxPageSize;
  for (let size = rules.maxPageSize - 1; size >= 1; size -= 1) {
    const difference = pagesAt(size) - pagesAt(pageSize);
    if (difference < 0 || (difference === 0 && size < pageSize)) pageSize = size;
  }
  const first = Math.floor(offset / pageSize);
  const pages = Array.from({ length: pagesAt(pageSize) }, (_, index) => first + index + firstPage);
  return { pageSize, pages, skip: offset - first * pageSize };
}

/** What stands next to a page; `totalSzie` is a misspelling that one operation sends. */
export interface PageInfo {
  totalSize?: number | null;
  totalSzie?: number | null;
}

/** One page as EnOS sent it. */
export interface Page<T> {
  items: readonly T[];
  info: PageInfo | null | undefined;
}

/** Reads a window page by page, all pages at once. Rejects with what `fetchPage` rejects with. */
export async function readWindow<T>(
  window: Window,
  rules: PageRules,
  fetchPage: (pagination: { pageNo: number; pageSize: number }) => Promise<Page<T>>,
): Promise<Slice<T>> {
  const { pageSize, pages, skip } = coverWindow(window, rules);
  const [only] = pages;
  if (only !== undefined && pages.length === 1 && skip === 0 && window.limit > 0) {
    const { items, info } = await fetchPage({ pageNo: only, pageSize });
    const totalCount = totalOf(info) ?? window.offset + items.length;
    return { items: items.slice(0, window.limit), offset: window.offset, totalCount };
  }
  const replies = await Promise.all(pages.map((pageNo) => fetchPage({ pageNo, pageSize })));
  const start = window.limit === 0 ? 0 : window.offset - skip;
  const records = replies.flatMap((page) => page.items);
  const items = window.limit === 0 ? [] : records.slice(skip, skip + window.limit);
  const total = replies.map(({ info }) => totalOf(info)).find((size) => size !== undefined);
  return { items, offset: window.offset, totalCount: total ?? start + records.length };
}

function totalOf(info: PageInfo | null | undefined): number | undefined {
  const total = info?.totalSize ?? info?.totalSzie;
  return typeof total === 'number' ? total : undefined;
}

/**
 * Reads a whole list: the first page tells how many there are, the rest is fetched at once. Rejects with what
 * `fetchPage` rejects with.
 */
export async function readAll<T>(
  rules: PageRules,
  fetchPage: (pagination: { pageNo: number; pageSize: number }) => Promise<Page<T>>,
): Promise<Slice<T>> {
  const pageSize = rules.maxPageSize;
  const first = await readWindow({ offset: 0, limit: pageSize }, rules, fetchPage);
  if (first.totalCount <= pageSize) return first;
  const pages = Math.ceil(first.totalCount / pageSize) - 1;
  const firstPage = rules.firstPage ?? 1;
  const replies = await Promise.all(
    Array.from({ length: pages }, (_, index) => fetchPage({ pageNo: firstPage + 1 + index, pageSize })),
  );
  return { ...first, items: [...first.items, ...replies.flatMap((page) => page.items)] };
}

/** How explain shows a window, e.g. `[20, 30)`. */
export function windowLabel({ offset, limit }: Window): string {
  return `[${offset}, ${offset + limit})`;
}
