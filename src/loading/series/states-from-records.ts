/**
 * Changes of state out of stored records. `di` answers ten pairs a call; `raw` answers three thousand, and its records hold
 * the same changes where nothing but states is stored of a point. Two reads replace any number of `di` calls: the
 * records of the time range, and the last one before it.
 */
import type { EnosCall } from '../enos-call.js';
import type { MaybePromise } from '../maybe.js';
import { itemFormatFor, namedIn, readPages, toNumber, type PairPage } from './pairs/items.js';
import { PairMap, type ReadonlyPairMap } from './pairs/pair-map.js';
import { readRecords, RECORD_OPERATIONS, type RecordsWanted } from './records/raw-records.js';
import { MAX_PRODUCT, MAX_RECORDS, readPairs, STATE_PRODUCT, type Denials } from './pairs/read-pairs.js';
import { packRectangles, type Rectangle } from './packing/rectangles.js';
import { ReplySizes } from './records/reply-sizes.js';
import { utcText } from './times.js';
import type { PointKey, Sample } from './types.js';

/** How far back `di` looks for the state at the start. */
const LOOK_BACK = 30 * 86_400_000;
/** Most records before the start that one page asks for, and the factor by which each page is larger than the last. */
const MAX_LOOK_BACK = 4_096;
const LOOK_BACK_GROWTH = 64;
/** Calls besides the two reads: how the points are stored must be asked too, unless it is known. */
const STORAGE_CALLS = 1;

/** A point whose states are wanted, with how to learn how it is stored. */
export interface StatesWanted extends PointKey {
  /** Kinds of storage of the point; asked only where the answer can spare calls. */
  kinds?: () => MaybePromise<readonly string[]>;
}

/** The pairs whose states are read from records, because that needs fewer calls and is certain to be the same. */
export async function readableAsRecords<Key extends StatesWanted>(keys: readonly Key[]): Promise<Key[]> {
  const known = keys.filter((key) => key.kinds !== undefined);
  // What cannot be known is no hindrance: the operation of states answers, too.
  const kindsOf = async ({ kinds }: Key): Promise<readonly string[]> => {
    try {
      return (await kinds?.()) ?? [];
    } catch {
      return [];
    }
  };
  const asStates = packRectangles(known, { maxProduct: STATE_PRODUCT }).length;
  const asRecords = 2 * packRectangles(known, { maxProduct: MAX_PRODUCT }).length + STORAGE_CALLS;
  if (asStates <= asRecords) return [];
  const kinds = await Promise.all(known.map(kindsOf));
  // Of a point under several policies `raw` might return more than its states.
  const readable = known.filter((_, index) => kinds[index]?.every(isState) && kinds[index].length > 0);
  const others = packRectangles(
    known.filter((key) => !readable.includes(key)),
    { maxProduct: STATE_PRODUCT },
  ).length;
  return asStates - others > asRecords - STORAGE_CALLS ? readable : [];
}

/** LAST_CHANGED is a copy of the latest value; it has no history. */
function isState(kind: string): boolean {
  return kind === 'DI' || kind === 'LAST_CHANGED';
}

/**
 * Changes by pair, with the state that held at `from` where the 30 days before know one. A pair is absent that has
 * more records than a page, or a page of records without a value before `from`: it is asked by `di`.
 */
export async function statesFromRecords(
  keys: readonly StatesWanted[],
  from: number,
  to: number,
  call: EnosCall,
  denials: Denials,
): Promise<PairMap<Sample[] | Error>> {
  const orgId = keys[0]?.orgId ?? '';
  const most = Math.max(1, Math.floor(MAX_RECORDS / Math.min(keys.length, MAX_PRODUCT)));
  const read = new Map<RecordsWanted, Sample[]>();
  for (const { assetId, pointId } of keys) {
    const samples: Sample[] = [];
    const take = (sample: Sample): boolean => samples.push(sample) < most;
    read.set({ orgId, assetId, pointId, source: 'raw', from, to, withQuality: false, most, take }, samples);
  }
  const [errors, before] = await Promise.all([
    readRecords([...read.keys()], call, denials),
    lastBefore(keys, orgId, from, call, denials),
  ]);
  const answers = new PairMap<Sample[] | Error>();
  for (const [wanted, samples] of read) {
    const { assetId, pointId } = wanted;
    const earlier = before.get(assetId, pointId);
    const error = errors.get(wanted) ?? (earlier instanceof Error ? earlier : undefined);
    if (error) answers.set(assetId, pointId, error);
    else if (samples.length < most && earlier !== undefined) {
      answers.set(assetId, pointId, changes(earlier, samples, from));
    }
  }
  return answers;
}

/**
 * The newest value before an instant of each pair, null where there is none. One record a pair, the newest first; where
 * it holds nothing, more of them. A pair of which even a large page holds nothing is absent.
 */
async function lastBefore(
  pairs: readonly PointKey[],
  orgId: string,
  from: number,
  call: EnosCall,
  denials: Denials,
): Promise<ReadonlyPairMap<Sample | null | Error>> {
  const found = new PairMap<Sample | null | Error>();
  const sizes = new ReplySizes(call.maxReplyBytes);
  let open = pairs;
  for (let most = 1; open.length > 0 && most <= MAX_LOOK_BACK; most *= LOOK_BACK_GROWTH) {
    const pages = await readPairs<Sample | null>({
      orgId,
      pairs: open,
      limits: { maxProduct: MAX_PRODUCT },
      denials,
      operation: RECORD_OPERATIONS.raw,
      fetch: async (rectangle) => {
        const product = rectangle.assets.length * rectangle.points.length;
        const largest = Math.min(Math.floor(MAX_RECORDS / product), sizes.pageSize(rectangle));
        const pageSize = Math.min(most, largest);
        const reply = await call(RECORD_OPERATIONS.raw, {
          query: { orgId },
          body: {
            ...namedIn(rectangle),
            startTime: utcText(from - LOOK_BACK),
            endTime: utcText(from),
            pageSize,
            orderBy: 'timestamp desc',
            itemFormat: itemFormatFor(rectangle),
          },
        });
        const { pages: found } = readPages(RECORD_OPERATIONS.raw, reply.data, rectangle, true);
        return newestOf(found, rectangle, from, pageSize);
      },
    });
    open = open.filter(({ assetId, pointId }) => {
      const newest = pages.get(assetId, pointId);
      if (newest !== undefined) found.set(assetId, pointId, newest);
      return newest === undefined;
    });
  }
  return found;
}

/** The newest value of each pair, null where there is none; absent where there may be one behind the page. */
function newestOf(
  pages: ReadonlyPairMap<PairPage>,
  { assets, points }: Rectangle,
  from: number,
  pageSize: number,
): PairMap<Sample | null> {
  const newest = new PairMap<Sample | null>();
  for (const assetId of assets) {
    for (const pointId of points) {
      const page = pages.get(assetId, pointId);
      const sample = page?.samples.findLast(({ time }) => time < from);
      if (sample) newest.set(assetId, pointId, sample);
      else if (page === undefined || page.came < pageSize) newest.set(assetId, pointId, null);
    }
  }
  return newest;
}

/** Of consecutive equal states the first, starting with the one that held at `from`. */
function changes(before: Sample | Error | null, samples: readonly Sample[], from: number): Sample[] {
  const found: Sample[] = [];
  const add = (time: number, sample: Sample): void => {
    const value = stateOf(sample.value);
    if (found.at(-1)?.value !== value) found.push({ time, value, quality: sample.quality });
  };
  if (before && !(before instanceof Error) && samples[0]?.time !== from) add(from, before);
  for (const sample of samples) add(sample.time, sample);
  return found;
}

/** States are integers; a boolean point's are 0 and 1. */
function stateOf(value: unknown): unknown {
  if (value === true || value === 'true') return 1;
  if (value === false || value === 'false') return 0;
  return toNumber(value) ?? value;
}
