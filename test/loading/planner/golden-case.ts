/** What golden operations are written with: hard limits, and the parts that many of them share. */
import type { Edition, Golden } from './golden-harness.js';

// Hard limits: of the contract, but for the two that are ours and say so.
export const IDS_PER_SEARCH = 1000;
export const PAGE = 1000;
export const TREES_OF_ASSETS = 100;
export const PATHS = 1000;
export const PAIRS = 3000;
export const STATE_PAIRS = 10;
export const RECORDS = 640_000;
/** Records that are known to come in one reply: ours, from the client's cap of a reply. */
export const REPLY_RECORDS = 128_000;
/** Models of one search: ours, since models are heavy and no maximum is documented. */
export const MODELS_PER_SEARCH = 100;

export const per = (count: number, limit: number): number => Math.ceil(count / limit);

export interface Case {
  name: string;
  query: string;
  variables?: (golden: Golden) => Record<string, unknown>;
  edition?: Edition;
  calls: Record<string, number>;
}

export const DAY = 'from: "2024-03-10T00:00:00Z", to: "2024-03-11T00:00:00Z"';
export const HOUR = 'from: "2024-03-10T08:00:00Z", to: "2024-03-10T09:00:00Z"';
export const of =
  (count: number, ids: 'turbines' | 'boxes' = 'turbines') =>
  (golden: Golden) => ({
    ids: golden[ids].slice(0, count),
  });
export const assets = (fields: string): string =>
  `query ($ids: [ID!]!) { assetsById(assetIds: $ids) { ${fields} } }`;
export const VALUES = '{ values { timestamp value } }';

/** What reading points of many assets of one model costs before the values: the assets, their model, and how it is stored. */
export const ASSETS_AND_MODEL = { searchAssetNode: 1, getThingModel: 1 };
export const BEFORE_SERIES = { ...ASSETS_AND_MODEL, getMeasurementPointTsdbMetadata: 1 };
