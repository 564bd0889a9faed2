/** One page of stored records of a rectangle, by whichever operation has them. */
import type { EnosCall } from '../../enos-call.js';
import { itemFormatFor, readPages, type Page } from '../items.js';
import type { PairMap } from '../pair-map.js';
import type { Rectangle } from '../rectangles.js';
import { utcText } from '../times.js';

/** Operations that return stored records. */
export type RecordSource = 'raw' | 'unformatted' | 'ai-normalized' | 'electric-power';

/** Id of the operation behind a source. */
export const RECORD_OPERATIONS = {
  raw: 'tsdb-data.getAssetRawDataByTimeRange',
  unformatted: 'tsdb-data.getAssetUnformattedData',
  'ai-normalized': 'tsdb-data.getAssetAiDataWithAggregationLogic',
  'electric-power': 'tsdb-data.getAssetElectricPowerData',
} as const;

/** What one call asks for. */
export interface PageRequest {
  orgId: string;
  source: RecordSource;
  rectangle: Rectangle;
  /** Unix milliseconds, inclusive and exclusive. */
  start: number;
  to: number;
  /** Most records of each pair. */
  pageSize: number;
  withQuality: boolean;
}

/** What one call brought. */
export interface FetchedPage {
  /** The first records of each pair; a pair without any is absent. */
  pages: PairMap<Page>;
  /** Whether it is certain how much came of which point, as in `readPages`. */
  isClear: boolean;
  /** Size of the reply, where the client says. */
  bytes: number | undefined;
}

/** Asks for a page. Rejects with `EnosError`. */
export async function fetchPage(call: EnosCall, page: PageRequest): Promise<FetchedPage> {
  const { data, bytes } = await send(call, page);
  return { ...readPages(RECORD_OPERATIONS[page.source], data, page.rectangle), bytes };
}

function send(call: EnosCall, page: PageRequest): Promise<{ data: unknown; bytes?: number }> {
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
  switch (source) {
    case 'raw':
      return call(RECORD_OPERATIONS.raw, { query, body: { ...common, pointIds: points, ...quality } });
    case 'unformatted':
      return call(RECORD_OPERATIONS.unformatted, { query, body: { ...common, pointIds: points } });
    case 'ai-normalized':
    case 'electric-power':
      return call(RECORD_OPERATIONS[source], {
        query,
        body: { ...common, pointIdsWithLogic: points, interval: 0 },
      });
  }
}
