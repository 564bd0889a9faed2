/**
 * The world that the simulator serves: what one EnOS organization holds, in memory. A folder describes it (see
 * docs/worlds.md); `loadWorld` reads the folder. The services read this structure only, never the files.
 */

import type { PartStates } from './part-states.js';

/** Text in several languages, as EnOS's StringI18n. */
export interface I18nText {
  defaultValue: string;
  /** Text per locale, e.g. `en_US`, `zh_CN`. */
  i18nValue: Record<string, string>;
}

/** Data types of EnOS values. */
export type DataType =
  | 'ARRAY'
  | 'BOOL'
  | 'DATE'
  | 'DOUBLE'
  | 'ENUM'
  | 'FILE'
  | 'FLOAT'
  | 'INT'
  | 'STRING'
  | 'STRUCT'
  | 'TIMESTAMP';

/** A model feature exactly as the Model Service returns it; the loader fills every field. */
export interface ModelFeature extends Record<string, unknown> {
  identifier: string;
  name: I18nText;
  tags: Record<string, string>;
}

/** A measurement point, with the kinds of storage that the organization's policies give it. */
export interface ModelMeasurepoint extends ModelFeature {
  dataType: DataType;
  hasQuality: boolean;
  signalType: 'Generic' | 'AI' | 'PI' | 'DI';
}

/** A thing model. The four feature maps hold inherited features too, as EnOS returns them. */
export interface WorldModel {
  modelId: string;
  /** `/root/parent/model`. */
  modelIdPath: string;
  /** Organization that made the model; another one for a public model. */
  orgId: string;
  name: I18nText;
  desc: string | null;
  category: string | null;
  tags: Record<string, string>;
  attributes: Record<string, ModelFeature>;
  measurepoints: Record<string, ModelMeasurepoint>;
  services: Record<string, ModelFeature>;
  events: Record<string, ModelFeature>;
  /**
   * Kinds of storage per point id: AI_RAW, AI_NORMALIZED, DI, PI, GENERIC, and LAST_CHANGED for the Last Changed
   * Record policy (which getMeasurementPointTsdbMetadata does not report). A point without an entry is unformatted.
   */
  storage: Record<string, string[]>;
}

/** An asset: a device or a logical asset. */
export interface WorldAsset {
  assetId: string;
  orgId: string;
  modelId: string;
  name: I18nText;
  description: string | null;
  /** UTC offset such as `+08:00`, or an IANA zone. */
  timezone: string;
  /** `0` device asset, `1` logical asset. */
  label: '0' | '1';
  inValid: boolean;
  attributes: Record<string, unknown>;
  tags: Record<string, string>;
  /** Unix milliseconds. */
  createTime: number;
  productKey: string | null;
  deviceKey: string | null;
  /** False: the service account may not read it (99403, 80401); searches leave it out. */
  readable: boolean;
}

/** A node of a tree; children stand in the order they were bound. */
export interface WorldTreeNode {
  assetId: string;
  parent: WorldTreeNode | null;
  children: WorldTreeNode[];
}

/** An asset tree; an asset sits at most once in it. */
export interface WorldTree {
  treeId: string;
  orgId: string;
  name: I18nText;
  tags: Record<string, string>;
  root: WorldTreeNode;
  /** Every node by asset id. */
  nodes: Map<string, WorldTreeNode>;
}

/** A severity, type, content or rule of alerts. */
export interface WorldSeverity {
  severityId: string;
  orgId: string;
  severityDesc: I18nText;
  tags: Record<string, string>;
  updatePerson: string;
  updateTime: number;
}
export interface WorldAlertType {
  typeId: string;
  orgId: string;
  parentTypeId: string | null;
  typeDesc: I18nText;
  tags: Record<string, string>;
  updatePerson: string;
  updateTime: number;
}
export interface WorldAlertContent {
  contentId: string;
  orgId: string;
  contentDesc: I18nText;
  modelId: string;
  alertTypeId: string;
  subAlertTypeId: string | null;
  tags: Record<string, string>;
  updatePerson: string;
  updateTime: number;
}
export interface WorldAlertRule {
  ruleId: string;
  orgId: string;
  ruleDesc: I18nText;
  modelId: string;
  measurepointId: string | null;
  deviceStatus: string | null;
  condition: string | null;
  isEnabled: boolean;
  severityId: string;
  contentId: string;
  tags: Record<string, string>;
  isRoot: boolean;
  scope: { treeId: string; assetId: string }[];
  triggeringDelayTimer: number;
  updateTime: number;
}

/** An alert record, active while `recoverTime` is null. Texts are copied from the definitions when served. */
export interface WorldAlert {
  /** 40 characters: UTC date of occurTime (yyyyMMdd) and 32 hex digits. */
  alertId: string;
  orgId: string;
  assetId: string;
  measurepointId: string | null;
  deviceStatus: string | null;
  ruleId: string | null;
  severityId: string | null;
  /** Top-level type and, below it, the sub-type. */
  typeId: string | null;
  subTypeId: string | null;
  contentId: string | null;
  value: string;
  occurTime: number;
  recoverTime: number | null;
  recoverReason: string | null;
  /** As event-service numbers them: 0 recovered by rule, 1 by rule and active, 2 recovered over the API, 3 inserted. */
  eventType: number;
  tags: Record<string, string>;
  /** `treeId:alertId` of the root alerts that mask this one. */
  maskedBy: string[] | null;
  inhibited: boolean;
  /** Of an alert that came over the API. */
  sent?: SentWithAlert;
  /** When an alert that came over the API was stored, Unix milliseconds. */
  createTime?: number;
  /** When it was last changed over the API, Unix milliseconds. */
  updateTime?: number;
}

/** A text of an alert as it was sent. */
export type SentAlertText = {
  defaultValue?: string | null;
  i18nValue?: Record<string, string | null> | null;
} | null;

/** What an alert over the API says of itself: stored as sent, whether or not the world has it. */
export interface SentWithAlert {
  modelId?: string;
  modelIdPath?: string;
  localOccurTime?: string;
  localRecoverTime?: string;
  severityDesc?: SentAlertText;
  typeDesc?: SentAlertText;
  subTypeDesc?: SentAlertText;
  contentDesc?: SentAlertText;
  ruleDesc?: SentAlertText;
  ruleTags?: Record<string, string>;
  metricTags?: Record<string, string>;
  assetPaths?: string[];
}

/** A storage policy with the points under it. */
export interface WorldPolicy {
  policyId: string;
  policyName: string;
  policyType: string;
  retention: string;
  models: { modelId: string; points: { pointId: string; sdt: object | null; db: object | null }[] }[];
}

/** A job that deletes history. */
export interface WorldDeletionJob {
  /** 18 digits. */
  id: string;
  /** 0 submitted, 1 running, 2 done, 3 paused, 4 cancelled, 5 failed. */
  status: 0 | 1 | 2 | 3 | 4 | 5;
  modelId: string;
  assetIds: string[];
  /** Null for all points of the model. */
  pointId: string | null;
  /** Unix milliseconds, both included. */
  from: number;
  to: number;
  /** Unix milliseconds. */
  launchTime: number | null;
  finishTime: number | null;
  operator: string;
}

/** One stored record of a series. */
export interface WorldSample {
  /** Unix milliseconds. */
  time: number;
  value: number | string | boolean;
  quality: number | null;
}

/**
 * Where series come from. Implementations compute or look up; none holds more than its source file.
 */
export interface SeriesSource {
  /** Records with `from <= time < to`, ascending. Empty for an unknown pair. */
  read(assetId: string, pointId: string, from: number, to: number): Iterable<WorldSample>;
  /** The newest record with `time <= at` and `time > after`, or null. */
  latest(assetId: string, pointId: string, at: number, after?: number): WorldSample | null;
}

/** Series of a world that lives. */
export interface WritableSeries extends SeriesSource {
  /** Adds a record; one of the same time gives way. `isOffline`: part of the history, never a latest value. */
  write(assetId: string, pointId: string, sample: WorldSample & { isOffline?: boolean }): void;
  /** Deletes the records with `from <= time < to`. */
  erase(assetId: string, pointId: string, from: number, to: number): void;
}

/** Somebody who may sign in to the Application Portal. */
export interface WorldUser {
  userId: string;
  /** The account that he signs in with. */
  name: string;
  password: string;
  /** A session that is there from the start. */
  token: string | null;
  nickName: string;
  description: string;
  email: string;
  phoneArea: string;
  phone: string;
  company?: string | undefined;
  department?: string | undefined;
  position?: string | undefined;
  createTime: number;
  /** The world's own first. */
  organizationIds: string[];
  roleIds: string[];
  /** Identifiers of permission points. */
  permissions: string[];
  /** Assets of the world's organization that he may access. */
  assetIds: string[];
}

/** What the Application Portal knows. */
export interface WorldPortal {
  /** Names by id; the world's own organization first. */
  organizations: Map<string, string>;
  roles: Map<string, string>;
  /** Permission points of the one application, by identifier. */
  permissions: Map<string, { id: string; name: string }>;
  users: Map<string, WorldUser>;
}

/** How much of a kind an organization may have. */
export interface WorldLimits {
  assets: number;
  trees: number;
}

/** Everything that one organization holds. */
export interface World {
  /** Short name of the world, for logs. */
  name: string;
  orgId: string;
  limits: WorldLimits;
  models: Map<string, WorldModel>;
  assets: Map<string, WorldAsset>;
  trees: Map<string, WorldTree>;
  severities: Map<string, WorldSeverity>;
  alertTypes: Map<string, WorldAlertType>;
  alertContents: Map<string, WorldAlertContent>;
  alertRules: Map<string, WorldAlertRule>;
  alerts: Map<string, WorldAlert>;
  policies: Map<string, WorldPolicy>;
  unformattedPolicy: { policyId: string; retention: string; updateTime: string };
  deletionJobs: Map<string, WorldDeletionJob>;
  /** Time of the newest record whose latest value was deleted, by `latestKey`. */
  deletedLatest: Map<string, number>;
  /** When points were removed from the database's schema, by `metadataKey`. */
  deletedMetadata: Map<string, number>;
  series: SeriesSource;
  /** What the files of `parts` describe. */
  parts: PartStates;
  /** Absent: nobody can sign in. */
  portal?: WorldPortal;
  /**
   * The world as it was loaded, with what happened before now counting back from another now; absent where everything
   * stands at fixed times.
   */
  rebase?(now: number): World;
}
