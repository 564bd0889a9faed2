/**
 * Fewer values for the same picture. The stretch is cut into buckets of equally many values, and each gives its smallest and
 * its greatest: a peak of a minute survives a year's chart, which averages and strides would lose. First and last value stay.
 */

/** Values in order, read through `numberAt`; null for one that is no number. */
export function downsample<T>(
  items: readonly T[],
  most: number,
  numberOf: (item: T) => number | null,
): readonly T[] {
  const [first] = items;
  const last = items.at(-1);
  if (items.length <= most || first === undefined || last === undefined) return items;
  if (most <= 1) return [last];
  if (most === 2) return [first, last];
  const inner = items.length - 2;
  // A bucket gives two values; with an odd number left, the last bucket gives one.
  const buckets = Math.ceil((most - 2) / 2);
  const result: T[] = [first];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor((bucket * inner) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    const room = Math.min(2, most - 1 - result.length);
    result.push(...extremes(items.slice(start, end), room, numberOf));
  }
  result.push(last);
  return result;
}

/** Smallest and greatest of a bucket in their order; of a bucket without numbers its first item, so that the gap shows. */
function extremes<T>(items: readonly T[], room: number, numberOf: (item: T) => number | null): T[] {
  let low = -1;
  let high = -1;
  let lowest = Infinity;
  let highest = -Infinity;
  items.forEach((item, index) => {
    const value = numberOf(item);
    if (value === null) return;
    if (value < lowest) [low, lowest] = [index, value];
    if (value > highest) [high, highest] = [index, value];
  });
  const chosen = low < 0 ? [0] : [...new Set([low, high])];
  // Room for one: the greatest, which is what alarms are about.
  const kept = room < 2 ? chosen.slice(-1) : chosen;
  return items.filter((_item, index) => kept.includes(index));
}
