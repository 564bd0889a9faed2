/**
 * Reads stored records of many pairs to the end of their time ranges, page by page: the TSDB has neither page numbers nor
 * cursors, so a pair whose page came back full is asked again from its last record on. Whether it was full is decided by
 * the records that came: a null and a repeated instant fill a page like any other record.
 */
import { type EnosCall, localError } from '../../enos-call.js';
import { groupBy } from '../../chunk.js';
import type { PairPage } from '../pairs/items.js';
import { PairMap } from '../pairs/pair-map.js';
import { isTooLarge, MAX_PRODUCT, MAX_RECORDS, readPairs, type Denials } from '../pairs/read-pairs.js';
import {
  fetchPage,
  RECORD_OPERATIONS,
  type RecordSource,
  Progress,
  type AskedRecords,
  type RecordsWanted,
} from './progress.js';
import { planCalls, repeatsOf, type PlannedRead } from './plan.js';
import { ReplySizes } from './reply-sizes.js';
import type { Rectangle } from '../packing/rectangles.js';

export { RECORD_OPERATIONS, type RecordSource } from './progress.js';
export type { RecordsWanted } from './progress.js';

/** Largest page of one pair that the estimate of calls assumes: some 10 MB. */
const LARGEST_PAGE = 100_000;
/** Estimated calls for a number of records of each pair of one time range, by the contract's limits. */
export function pagesOf(records: number, pairs: number): number {
  const calls = Math.ceil(pairs / MAX_PRODUCT);
  const size = Math.min(LARGEST_PAGE, Math.floor(MAX_RECORDS / Math.min(pairs, MAX_PRODUCT)));
  return calls * Math.max(1, Math.ceil(records / size));
}

/** Reads all wanted records. Answers with the errors of those that failed; the others have taken what there is. */
export async function readRecords(
  wanted: readonly RecordsWanted[],
  call: EnosCall,
  denials: Denials,
): Promise<Map<RecordsWanted, Error>> {
  const errors = new Map<RecordsWanted, Error>();
  const sizes = new ReplySizes(call.maxReplyBytes);
  const ranges = groupBy(wanted, ({ orgId, source, from, to }) => JSON.stringify([orgId, source, from, to]));
  await Promise.all(
    [...ranges.values()].map(async (group) => {
      const [first] = group;
      if (first) await new RangeRead(first, { sizes, call, denials, errors }).run(group);
    }),
  );
  return errors;
}

/** What the reads of one call share. */
interface ReadFacts {
  sizes: ReplySizes;
  call: EnosCall;
  denials: Denials;
  errors: Map<RecordsWanted, Error>;
}

/** What is wanted of each pair of a call. */
interface PageWanted {
  start: number;
  /** Most records, and the fewest that are of any use. */
  most: number;
  least: number;
  /** Records that are expected of the pair that has most. */
  expected: number;
  withQuality: boolean;
}

/** The reading of one time range of series that one operation has. */
class RangeRead {
  /** Records a millisecond, of each pair that came in a rectangle; 0 where nothing did. */
  private readonly densities = new PairMap<number>();

  /** Most points in one call. */
  private maxPoints: number;

  constructor(
    private readonly first: RecordsWanted,
    private readonly facts: ReadFacts,
  ) {
    this.maxPoints = first.source === 'unformatted' ? 1 : Infinity;
  }

  /**
   * First all pairs in as few calls as the contract allows, with pages that one reply can hold: how many records there
   * are is not known before. What came tells how many more are to be expected, and the calls that follow are planned by that.
   */
  async run(group: readonly RecordsWanted[]): Promise<void> {
    const { sizes, errors } = this.facts;
    const { from, to } = this.first;
    const densityOf = (assetId: string, pointId: string): number =>
      this.densities.get(assetId, pointId) ?? Infinity;
    let open = group.map((wanted) => new Progress(wanted));
    let calls: PlannedRead<Progress>[] = [{ pairs: open, start: from }];
    while (calls.length > 0) {
      await Promise.all(calls.map((planned) => this.ask(planned)));
      open = open.filter(({ more, wanted }) => more && !errors.has(wanted));
      calls = planCalls(open, { maxPoints: this.maxPoints, to, sizes, densityOf });
    }
  }

  private async ask({ pairs, start }: PlannedRead<Progress>): Promise<void> {
    const { orgId, source } = this.first;
    const { denials, errors } = this.facts;
    const { maxPoints } = this;
    const page: PageWanted = { start, most: 1, least: 1, expected: 1, withQuality: false };
    for (const pair of pairs) {
      const again = Math.ceil(repeatsOf(pair, start));
      page.most = Math.max(page.most, pair.left + again);
      page.expected = Math.max(page.expected, pair.expected + again);
      page.withQuality ||= pair.wanted.withQuality;
      // What fills a page with one instant gets a call of its own in the end.
      if (pairs.length === 1) page.least = pair.needed;
    }
    const answers = await readPairs<AskedRecords>({
      orgId,
      pairs,
      limits: { maxProduct: MAX_PRODUCT, maxPoints },
      denials,
      operation: RECORD_OPERATIONS[source],
      fetch: (rectangle) => this.fetch(rectangle, page),
    });
    for (const pair of pairs) {
      const page = answers.get(pair.assetId, pair.pointId);
      if (page instanceof Error) errors.set(pair.wanted, page);
      else if (!pair.takePage(page, start)) errors.set(pair.wanted, sentAgain(source));
    }
  }

  /** A page of what is wanted of each pair, or of what a reply can hold. */
  private async fetch(rectangle: Rectangle, page: PageWanted): Promise<PairMap<AskedRecords>> {
    const { orgId, source, to } = this.first;
    const { sizes, call } = this.facts;
    const { start, most, least, expected, withQuality } = page;
    const product = rectangle.assets.length * rectangle.points.length;
    const largest = Math.min(most, Math.max(1, Math.floor(MAX_RECORDS / product)));
    let size = Math.min(largest, Math.max(least, sizes.pageSize(rectangle)));
    for (;;) {
      const { state } = sizes;
      try {
        const request = { orgId, source, rectangle, start, to, pageSize: size, withQuality };
        const { pages, isClear, bytes } = await fetchPage(call, request);
        sizes.learn(pages, bytes);
        if (!isClear) return await this.fetchApart(rectangle, page);
        return this.asked(pages, rectangle, start, { size, isLargest: product === 1 && size < least });
      } catch (error) {
        if (!isTooLarge(error) || size === 1) throw error;
        const likely = Math.min(size, expected);
        if (size <= sizes.pageSize(rectangle)) sizes.tooLarge(state, likely * sizes.bytesOf(rectangle));
        const smaller = Math.max(1, Math.min(Math.floor(likely / 2), sizes.pageSize(rectangle)));
        // Fewer than are of any use only where these are too many.
        size = size > least ? Math.max(smaller, least) : smaller;
      }
    }
  }

  /** Each point in a call of its own, as all that follows: where records do not name their point, the call has to. */
  private async fetchApart({ assets, points }: Rectangle, page: PageWanted): Promise<PairMap<AskedRecords>> {
    this.maxPoints = 1;
    const all = new PairMap<AskedRecords>();
    const ofPoints = points.map((point) => this.fetch({ assets, points: [point] }, page));
    for (const pages of await Promise.all(ofPoints)) all.add(pages);
    return all;
  }

  private asked(
    pages: PairMap<PairPage>,
    { assets, points }: Rectangle,
    start: number,
    asked: Pick<AskedRecords, 'size' | 'isLargest'>,
  ): PairMap<AskedRecords> {
    const { to } = this.first;
    const found = new PairMap<AskedRecords>();
    for (const assetId of assets) {
      for (const pointId of points) {
        const page = pages.get(assetId, pointId);
        if (page) found.set(assetId, pointId, { ...page, ...asked });
        const end = page && page.came >= asked.size && page.last > start ? Math.min(page.last, to) : to;
        this.densities.set(assetId, pointId, (page?.came ?? 0) / (end - start));
      }
    }
    return found;
  }
}

function sentAgain(source: RecordSource): Error {
  const message = 'EnOS sent the same records again when asked for later ones';
  return localError(RECORD_OPERATIONS[source], 'invalid-response', message);
}
