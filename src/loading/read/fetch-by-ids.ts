import type { OrgKey } from './batch-loader.js';
import { chunk, fetchInParts, groupBy } from '../chunk.js';
import { expressionOf, isIn, isQuotable, type ExpressionField } from '../expression.js';

/** A kind of thing that EnOS gives by id one by one, and many at once by a search. */
export interface IdLookup<Key extends OrgKey, Value> {
  idOf(key: Key): string;
  /** Most ids of one search. */
  maxIds: number;
  /** Whole things by id; an id that was not found is absent. All ids differ. */
  search(orgId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Value | Error>>;
  /** One thing, or the refusal that says why there is none. Absent where EnOS has no operation for one alone. */
  get?: ((key: Key) => Promise<Value>) | undefined;
  /** Whether what a search does not return does not exist, so that it need not be asked for alone. */
  isComplete?: boolean;
  /** Why there is none, where no operation has said so. */
  missing?: (key: Key) => Error;
}

/** Body of a search for what has one of these ids, all on one page. */
export function searchForIds(
  of: ExpressionField,
  ids: readonly string[],
): { expression?: string; pagination: { pageNo: number; pageSize: number } } {
  const expression = expressionOf(isIn(of, ids)) ?? undefined;
  return { expression, pagination: { pageNo: 1, pageSize: ids.length } };
}

/**
 * Answers for all keys in as few calls as can be: one alone by `get`, several of one organization by `search`. An id
 * that a search does not return is confirmed by `get` unless the search covers everything that exists. A search that fails
 * is the answer to its own keys only, and is not followed by confirmations.
 */
export function fetchByIds<Key extends OrgKey, Value>(
  keys: readonly Key[],
  lookup: IdLookup<Key, Value>,
): Promise<ReadonlyMap<Key, Value | Error>> {
  // An id that the expression language cannot write can still be asked for alone.
  const searchable = keys.filter((key) => isQuotable(lookup.idOf(key)));
  const single = keys.filter((key) => !isQuotable(lookup.idOf(key)));
  const parts = [...groupBy(searchable, (key) => key.orgId).values()].flatMap((ofOrg) =>
    chunk(ofOrg, lookup.maxIds),
  );
  return fetchInParts([...parts, ...chunk(single, 1)], (part) =>
    part.length === 1 && lookup.get ? getEach(part, lookup.get) : searchAndConfirm(part, lookup),
  );
}

/** All keys of one organization. */
async function searchAndConfirm<Key extends OrgKey, Value>(
  keys: readonly Key[],
  lookup: IdLookup<Key, Value>,
): Promise<Map<Key, Value | Error>> {
  const found = await lookup.search(
    keys[0]?.orgId ?? '',
    keys.map((key) => lookup.idOf(key)),
  );
  const answers = new Map<Key, Value | Error>();
  const unconfirmed: Key[] = [];
  for (const key of keys) {
    const answer = found.get(lookup.idOf(key));
    if (answer === undefined) unconfirmed.push(key);
    else answers.set(key, answer);
  }
  const { get, isComplete = false, missing } = lookup;
  if (missing && (isComplete || !get)) for (const key of unconfirmed) answers.set(key, missing(key));
  else if (get && unconfirmed.length > 0)
    for (const [key, answer] of await getEach(unconfirmed, get)) answers.set(key, answer);
  return answers;
}

function getEach<Key extends OrgKey, Value>(
  keys: readonly Key[],
  get: (key: Key) => Promise<Value>,
): Promise<ReadonlyMap<Key, Value | Error>> {
  return fetchInParts(chunk(keys, 1), async (part) => {
    const answers = new Map<Key, Value>();
    for (const key of part) answers.set(key, await get(key));
    return answers;
  });
}
