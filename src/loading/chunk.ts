/** Parts of at most `size` items, in order. No part for no items. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

/** Items by a key of theirs, in the order of first appearance. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Items that are alike, in the order of first appearance: for few groups that no single member tells apart. */
export function groupAlike<T>(items: readonly T[], isAlike: (a: T, b: T) => boolean): T[][] {
  const groups: T[][] = [];
  const holds = (group: readonly T[] | undefined, item: T): boolean =>
    group?.[0] !== undefined && isAlike(group[0], item);
  let last: T[] | undefined;
  for (const item of items) {
    // Mostly it is like the one before.
    if (!holds(last, item)) {
      last = groups.find((group) => holds(group, item));
      if (last === undefined) groups.push((last = []));
    }
    last?.push(item);
  }
  return groups;
}

/**
 * Answers for all keys from one call per part: parts go out together, and what a failing part throws becomes the error
 * of its own keys only.
 */
export async function fetchInParts<Key, Value>(
  parts: readonly (readonly Key[])[],
  fetchPart: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value | Error>>,
): Promise<ReadonlyMap<Key, Value | Error>> {
  const fetched = await Promise.all(
    parts.map(async (keys): Promise<ReadonlyMap<Key, Value | Error>> => {
      try {
        return await fetchPart(keys);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        return new Map(keys.map((key) => [key, error]));
      }
    }),
  );
  const [only] = fetched;
  if (only !== undefined && fetched.length === 1) return only;
  const answers = new Map<Key, Value | Error>();
  for (const part of fetched) for (const [key, answer] of part) answers.set(key, answer);
  return answers;
}
