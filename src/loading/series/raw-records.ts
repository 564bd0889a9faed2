/**
 * Reads stored records of many pairs to the end of their stretches, page by page: the TSDB has neither page numbers nor
 * cursors, so a pair whose page came back full is asked again from its last record on.
 */
import type { EnosCall } from '../enos-call.js';
import { localError } from '../enos-call.js';
import { groupBy } from '../chunk.js';
import { itemFormatFor, readItems, type SamplesByPair } from './items.js';
import { PairMap } from './pair-map.js';
import { MAX_PRODUCT, MAX_RECORDS, readPairs, type Denials } from './read-pairs.js';
import type { Rectangle } from './rectangles.js';
import { utcText } from './times.js';
import type { Sample } from './types.js';

/** Operations that return stored records. */
export type RecordSource = 'raw' | 'unformatted' | 'ai-normalized' | 'electric-power';

/** Id of the operation behind a source. */
export const RECORD_OPERATIONS = {
  raw: 'tsdb-data.getAssetRawDataByTimeRange',
  unformatted: 'tsdb-data.getAssetUnformattedData',
  'ai-normalized': 'tsdb-data.getAssetAiDataWithAggregationLogic',
  'electric-power': 'tsdb-data.getAssetElectricPowerData',
} as const;

/** Largest page of one pair: some 10 MB. */
const LARGEST_PAGE = 100_000;

/** The records that one series wants. */
export interface RecordsWanted {
  orgId: string;
  assetId: string;
  pointId: string;
  source: RecordSource;
  /** Unix milliseconds, inclusive. */
  from: number;
  /** Unix milliseconds, exclusive. */
  to: number;
  withQuality: boolean;
  /** How many records are wanted at most; decides the page size. */
  most: number;
  /** Takes the records in order of time; false when it wants no more. */
  take(sample: Sample): boolean;
}

/** Calls that so many records of each of so many pairs of one stretch cost. */
export function pagesOf(records: number, pairs: number): number {
  const calls = Math.ceil(pairs / MAX_PRODUCT);
  const size = Math.min(LARGEST_PAGE, Math.floor(MAX_RECORDS / Math.min(pairs, MAX_PRODUCT)));
  return calls * Math.max(1, Math.ceil(records / size));
}

interface Progress {
  wanted: RecordsWanted;
  /** Time of the first record still missing. */
  next: number;
  taken: number;
  more: boolean;
}

/** Reads all wanted records. Answers with the errors of those that failed; the others have taken what there is. */
export async function readRecords(
  wanted: readonly RecordsWanted[],
  call: EnosCall,
  denials: Denials,
): Promise<Map<RecordsWanted, Error>> {
  const errors = new Map<RecordsWanted, Error>();
  const stretches = groupBy(wanted, ({ orgId, source, from, to }) =>
    JSON.stringify([orgId, source, from, to]),
  );
  await Promise.all(
    [...stretches.values()].map(async (group) => {
      let open = group.map((item): Progress => ({ wanted: item, next: item.from, taken: 0, more: true }));
      while (open.length > 0) {
        await readPage(open, call, denials, errors);
        open = open.filter((pair) => pair.more && !errors.has(pair.wanted));
      }
    }),
  );
  return errors;
}

/**
 * One page of every open pair of a stretch, as many pairs a call as the contract takes: how many records come is not known
 * before, and the fewest calls are those that share their pages among most pairs. All start where the hindmost stands: records that a pair has already are
 * dropped, which costs less than a call for each pair.
 */
async function readPage(
  open: readonly Progress[],
  call: EnosCall,
  denials: Denials,
  errors: Map<RecordsWanted, Error>,
): Promise<void> {
  const first = open[0]?.wanted;
  if (!first) return;
  const { orgId, source, to } = first;
  const start = open.reduce((least, pair) => Math.min(least, pair.next), to);
  const left = open.reduce((most, { wanted, taken }) => Math.max(most, wanted.most - taken), 1);
  const limits = {
    maxProduct: MAX_PRODUCT,
    ...(source === 'unformatted' ? { maxPoints: 1 } : {}),
  };
  const withQuality = open.some((pair) => pair.wanted.withQuality);
  const answers = await readPairs<Page>({
    orgId,
    pairs: open.map((pair) => pair.wanted),
    limits,
    denials,
    fetch: async (rectangle, share) => {
      const product = rectangle.assets.length * rectangle.points.length;
      const most = Math.floor(share * Math.min(LARGEST_PAGE, MAX_RECORDS / product));
      const pageSize = Math.max(1, Math.min(left, most));
      const found = await fetchPage(call, { orgId, source, rectangle, start, to, pageSize, withQuality });
      const pages = new PairMap<Page>();
      found.forEach((samples, assetId, pointId) =>
        pages.set(assetId, pointId, { samples, full: samples.length >= pageSize }),
      );
      return pages;
    },
  });
  let progress = false;
  for (const pair of open) {
    const { wanted } = pair;
    const page = answers.get(wanted.assetId, wanted.pointId);
    if (page instanceof Error) {
      errors.set(wanted, page);
      continue;
    }
    const before = pair.next;
    if (page) takePage(pair, page.samples);
    pair.more &&= page?.full === true && pair.next < to;
    progress ||= pair.next > before || !pair.more;
  }
  if (!progress) {
    const error = localError(
      RECORD_OPERATIONS[source],
      'invalid-response',
      'EnOS sent the same records again when asked for later ones',
    );
    for (const pair of open) if (!errors.has(pair.wanted)) errors.set(pair.wanted, error);
  }
}

interface Page {
  samples: Sample[];
  full: boolean;
}

function takePage(pair: Progress, samples: readonly Sample[]): void {
  const { wanted } = pair;
  for (const sample of samples) {
    if (sample.time < pair.next || sample.time >= wanted.to) continue;
    pair.next = sample.time + 1;
    pair.taken += 1;
    if (!wanted.take(wanted.withQuality || sample.quality === null ? sample : { ...sample, quality: null })) {
      pair.more = false;
      return;
    }
  }
}

interface PageRequest {
  orgId: string;
  source: RecordSource;
  rectangle: Rectangle;
  start: number;
  to: number;
  pageSize: number;
  withQuality: boolean;
}

async function fetchPage(call: EnosCall, page: PageRequest): Promise<SamplesByPair> {
  const { rectangle, source, pageSize } = page;
  const query = { orgId: page.orgId };
  const points = rectangle.points.join(',');
  const common = {
    assetIds: rectangle.assets.join(','),
    startTime: utcText(page.start),
    endTime: utcText(page.to),
    pageSize,
    itemFormat: itemFormatFor(rectangle),
  };
  const quality = page.withQuality ? { withQuality: true } : {};
  const operation = RECORD_OPERATIONS[source];
  switch (source) {
    case 'raw': {
      const body = { ...common, pointIds: points, ...quality };
      return readItems(operation, (await call(RECORD_OPERATIONS.raw, { query, body })).data, rectangle);
    }
    case 'unformatted': {
      const body = { ...common, pointIds: points };
      return readItems(
        operation,
        (await call(RECORD_OPERATIONS.unformatted, { query, body })).data,
        rectangle,
      );
    }
    case 'ai-normalized':
    case 'electric-power': {
      const body = { ...common, pointIdsWithLogic: points, interval: 0 };
      return readItems(operation, (await call(RECORD_OPERATIONS[source], { query, body })).data, rectangle);
    }
  }
}
