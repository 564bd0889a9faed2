/** Bounds of lists, and what they count for in the cost of an operation. */

/** Items of a connection where the query names no number. */
export const DEFAULT_PAGE_SIZE = 50;

/** Most items of one list: of a page, of a list of ids, of the values of a filter. */
export const MAX_LIST_SIZE = 1000;

/** Items of a list without a size argument, guessed for the cost of an operation: trees of an asset, tags, parents. */
export const SHORT_LIST = 10;

/** Points or features of a model, guessed for the cost of an operation. */
export const FEATURE_LIST = 50;

/** Values of a series, guessed for the cost of an operation where neither `limit` nor `maxPoints` is given. */
export const SERIES_LENGTH = 200;

/** Items that a connection may hold by its arguments; read by the server's cost estimate (`extensions.listSize`). */
export function pageSizeOf(args: Readonly<Record<string, unknown>>): number {
  const asked = args['first'] ?? args['last'];
  return typeof asked === 'number' ? asked : DEFAULT_PAGE_SIZE;
}

/** Items of a list that is asked for by ids, or `otherwise`; read by the server's cost estimate. */
export function idCountOf(argument: string, otherwise: number) {
  return (args: Readonly<Record<string, unknown>>): number => {
    const ids = args[argument];
    return Array.isArray(ids) ? ids.length : otherwise;
  };
}
