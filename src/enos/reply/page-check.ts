/** Whether a page of a list agrees with the total in the same reply. */
import type { ReplyPage } from '../operation.js';

type Members = Readonly<Record<string, unknown>>;

/** What a call asked for, as far as the check reads it. */
export interface AskedPage {
  readonly body?: unknown;
  readonly query?: unknown;
}

/**
 * What is wrong with a page; null where nothing is. A page contradicts its total where it holds records beyond it, or none
 * although the total lies beyond its start. A page behind the end is empty, and one that is shorter than asked is taken:
 * EnOS may leave out of a page what it counted, such as what may not be read. Without a total nothing is said, unless there
 * is no list either.
 */
export function faultOfPage(page: ReplyPage, reply: Members, asked: AskedPage): string | null {
  const items = memberAt(reply, page.items);
  if (items != null && !Array.isArray(items)) return null; // in another shape, which some editions have
  const count = items?.length ?? 0;
  const total = totalOf(page, reply);
  if (total === null) return items == null ? 'The reply of EnOS has no list' : null;
  const start = startOf(page, asked);
  const says = `EnOS counts ${total} in all`;
  if (count > 0 && start + count > total) return `${says} but sent ${count} from ${start} on`;
  if (count === 0 && start < total) return `${says} but sent none from ${start} on`;
  return null;
}

/**
 * The data of a page that came without any, where the contract allows null and the total in the same reply says that
 * nothing lies there; undefined where that is not so. The total alone tells an empty list from one that was lost.
 */
export function emptyPage(page: ReplyPage, reply: Members, asked: AskedPage): object | undefined {
  if (!page.nullable) return undefined;
  const total = totalOf(page, reply);
  if (total === null || startOf(page, asked) < total) return undefined;
  return page.items.length === 1 ? [] : {};
}

function totalOf({ total, names }: ReplyPage, reply: Members): number | null {
  const holder = memberAt(reply, total);
  if (!isMembers(holder)) return null;
  for (const name of names) {
    const value = holder[name];
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  }
  return null;
}

/** Index of the first record that was asked for. */
function startOf({ first }: ReplyPage, { body, query }: AskedPage): number {
  const places = [isMembers(body) ? body['pagination'] : undefined, body, query].filter(isMembers);
  const { pageNo, pageSize } = places.find((place) => place['pageNo'] !== undefined) ?? {};
  // Without a size the page lies where EnOS's own default puts it; only of the first page is that known.
  if (typeof pageNo !== 'number' || typeof pageSize !== 'number') return 0;
  return Math.max(0, (pageNo - first) * pageSize);
}

function memberAt(reply: Members, path: readonly string[]): unknown {
  let value: unknown = reply;
  for (const name of path) value = isMembers(value) ? value[name] : undefined;
  return value;
}

function isMembers(value: unknown): value is Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
