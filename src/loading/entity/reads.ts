/** The usual shapes of reads, so that a description names only what is special about its own. */
import { OPERATIONS } from '../../enos/generated/operations.js';
import type { Arguments, OperationId } from '../../enos/operation.js';
import type { Reply } from '../../enos/client.js';
import type { PageInfo } from '../page-window.js';
import type { EntityKey, GetRead, PageRequest, SearchRead } from './description.js';

/** Page size where the contract states no maximum. */
const DEFAULT_MAX_PAGE = 100;

/** Where the thing stands in the reply of an operation that gives one. */
type OneOf<Id extends OperationId> = (reply: Reply<Id>) => unknown;

/** One thing by its key; it is the reply's `data` unless `one` finds it elsewhere. */
export function getBy<Id extends OperationId>(
  operation: Id,
  args: (key: EntityKey) => Arguments<Id>,
  { one = ({ data }) => data, defer }: { one?: OneOf<Id>; defer?: readonly string[] } = {},
): GetRead {
  return { operation, args, one, ...(defer ? { defer } : {}) } as GetRead;
}

/** What differs from the usual search. */
interface SearchOptions<Id extends OperationId> {
  args?: (request: PageRequest) => Arguments<Id>;
  page?: (reply: Reply<Id>) => ReturnType<SearchRead['page']>;
  /** Where no maximum is documented, or less is wise. */
  maxPageSize?: number;
  isComplete?: boolean;
  keysSince?: SearchRead['keysSince'];
  defer?: SearchRead['defer'];
}

/**
 * A search by expression and page in the body, with its organization in the query: things in `data`, their number in
 * `pagination.totalSize`.
 */
export function searchBy<Id extends OperationId>(
  operation: Id,
  { args, page, maxPageSize, isComplete = false, ...others }: SearchOptions<Id> = {},
): SearchRead {
  const read = {
    operation,
    args: args ?? usualArguments,
    page: page ?? usualPage,
    maxPageSize: maxPageSize ?? OPERATIONS[operation].pagination?.maxPageSize ?? DEFAULT_MAX_PAGE,
    isComplete,
    ...others,
  };
  return read as unknown as SearchRead;
}

function usualArguments({ orgId, expression, pagination, projection }: PageRequest): unknown {
  return { query: { orgId }, body: { expression, pagination, ...(projection ? { projection } : {}) } };
}

function usualPage({ data, body }: { data: unknown; body: unknown }): ReturnType<SearchRead['page']> {
  const { pagination } = body as { pagination?: PageInfo | null };
  return { items: Array.isArray(data) ? data : [], total: pagination?.totalSize ?? pagination?.totalSzie };
}
