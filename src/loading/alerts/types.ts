/** Alerts and their definitions as the graph sees them, whichever of the two alert services they came from. */
import type { I18nText, Slice, TagFilter, Window } from '../common.js';
import type { EntityRecord } from '../entity/description.js';
import type { MaybePromise } from '../maybe.js';

/** Whether an alert is open. */
export type AlertState = 'ACTIVE' | 'HISTORY';

/** An alert record; texts are the copies that the record carries. */
export interface AlertRecord extends EntityRecord {
  readonly __typename: 'Alert';
  /** eventId of event-service, alertId of alert-service. */
  alertId: string;
  state: AlertState;
  assetId: string;
  modelId: string | null;
  pointId: string | null;
  deviceStatus: string | null;
  ruleId: string | null;
  severityId: string | null;
  severityDesc: I18nText | null;
  /** The most specific type: subTypeId where there is one. */
  typeId: string | null;
  typeDesc: I18nText | null;
  parentTypeId: string | null;
  parentTypeDesc: I18nText | null;
  contentId: string | null;
  contentDesc: I18nText | null;
  ruleDesc: I18nText | null;
  value: unknown;
  /** How the record came about, 0 to 5. */
  eventType: number;
  /** Unix milliseconds. */
  occurTime: number;
  recoverTime: number | null;
  recoverReason: string | null;
  tags: Readonly<Record<string, string>>;
  /** `treeId:/assetId/.../assetId`, root first. */
  assetPaths: string[];
  /** `treeId:alertId` of masking root alerts. */
  maskedBy: string[];
}

/** Typed conditions on records, and-ed. */
export interface AlertFilter {
  alertIds?: readonly string[];
  assetIds?: readonly string[];
  modelIds?: readonly string[];
  pointIds?: readonly string[];
  severityIds?: readonly string[];
  typeIds?: readonly string[];
  contentIds?: readonly string[];
  ruleIds?: readonly string[];
  tags?: readonly TagFilter[];
  /** Unix milliseconds, from inclusive, to exclusive. HISTORY without a window: the last 3 months, which is all EnOS searches. */
  occurredFrom?: number;
  occurredTo?: number;
  recoveredFrom?: number;
  recoveredTo?: number;
  /** Only alerts of this tree, or of a node and all below it. ACTIVE and HISTORY of event-service. */
  scope?: { treeId: string; fromAssetId?: string; includeMasked?: boolean };
}

/** Field by which open alerts are counted. */
export type AlertGrouping =
  'contentId' | 'assetId' | 'modelId' | 'measurepointId' | 'severityId' | 'typeId' | 'subTypeId';

/** Reads of alerts. */
export interface AlertLoaders {
  /** Records, newest first. */
  search(
    orgId: string,
    state: AlertState,
    filter: AlertFilter,
    window: Window,
  ): MaybePromise<Slice<AlertRecord>>;
  /**
   * Records of one asset. Assets of one tick with equal state, filter and window share one search (`assetId in`), as long
   * as one page holds what they want; the rest is asked asset by asset.
   */
  ofAsset(
    key: { orgId: string; assetId: string },
    state: AlertState,
    filter: AlertFilter,
    window: Window,
  ): MaybePromise<Slice<AlertRecord>>;
  /** Has `ofAsset` know these assets of one organization, as `BatchLoader.prefetch` says. May reject as `ofAsset` would. */
  prefetchOfAssets(
    orgId: string,
    assetIds: readonly string[],
    state: AlertState,
    filter: AlertFilter,
    window: Window,
  ): Promise<void> | undefined;
  /** One record by id, open or past; many in one search per state. Rejects with NOT_FOUND (kind refused, code 99404). */
  byId(orgId: string, alertId: string): MaybePromise<AlertRecord>;
  /** Number of open alerts per value of a field: aggregateActiveAlerts. Values without alerts are absent. */
  countActive(
    orgId: string,
    groupBy: AlertGrouping,
    filter: AlertFilter,
  ): MaybePromise<{ value: string; count: number }[]>;
}
