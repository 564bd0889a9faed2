/**
 * What each code of EnOS is to a caller of the graph, per service, one line per code. Every code of every operation of the
 * contracts stands here on purpose; test/graph/errors/code-table.test.ts fails for one that does not.
 */
import type { PublicCode } from './codes.js';

type Codes = Readonly<Record<number, PublicCode>>;

/** Codes that the services share. */
const COMMON: Codes = {
  99400: 'BAD_USER_INPUT',
  99403: 'FORBIDDEN',
  99404: 'NOT_FOUND',
  99500: 'UPSTREAM_ERROR',
};

const alert: Codes = {
  ...COMMON,
  // Partly done: each entry carries its own code, and the reply counts as a success. As an error it says nothing more.
  99206: 'UPSTREAM_ERROR',
};

const appPortal: Codes = {
  31400: 'BAD_USER_INPUT',
  31401: 'UNAUTHENTICATED',
  31403: 'FORBIDDEN',
  31404: 'NOT_FOUND',
  31408: 'CONFLICT',
  31409: 'CONFLICT',
  // What expires here is a token or an account's session: the user has to sign in again.
  31410: 'UNAUTHENTICATED',
  31415: 'BAD_USER_INPUT',
  31429: 'RATE_LIMITED',
  31432: 'CONFLICT',
  31500: 'UPSTREAM_ERROR',
  31504: 'UPSTREAM_TIMEOUT',
  31512: 'CONFLICT',
  31520: 'FORBIDDEN',
  31530: 'CONFLICT',
  31531: 'NOT_FOUND',
};

const asset: Codes = {
  ...COMMON,
  12404: 'NOT_FOUND',
  12958: 'BAD_USER_INPUT',
  17404: 'NOT_FOUND',
  17946: 'RATE_LIMITED',
  17958: 'BAD_USER_INPUT',
  17986: 'BAD_USER_INPUT',
};

const assetTree: Codes = {
  ...COMMON,
  400: 'NOT_FOUND',
  17404: 'NOT_FOUND',
  17558: 'CONFLICT',
  17752: 'NOT_FOUND',
  17758: 'CONFLICT',
  17762: 'CONFLICT',
  17764: 'CONFLICT',
  17766: 'CONFLICT',
  17768: 'CONFLICT',
  17770: 'CONFLICT',
  17772: 'RATE_LIMITED',
  17777: 'BAD_USER_INPUT',
  17800: 'CONFLICT',
};

const batchProcessing: Codes = {
  62101: 'BAD_USER_INPUT',
  62102: 'BAD_USER_INPUT',
  62103: 'FORBIDDEN',
  62104: 'CONFLICT',
  62105: 'FORBIDDEN',
  62109: 'UPSTREAM_ERROR',
};

const connection: Codes = {
  ...COMMON,
  11404: 'NOT_FOUND',
  11611: 'NOT_FOUND',
  11619: 'CONFLICT',
  11699: 'NOT_FOUND',
  11702: 'CONFLICT',
  11704: 'CONFLICT',
  // No key could be made: nobody's mistake, and worth another try.
  11714: 'UPSTREAM_ERROR',
  11738: 'BAD_USER_INPUT',
  11739: 'RATE_LIMITED',
  11794: 'CONFLICT',
  11795: 'BAD_USER_INPUT',
  11810: 'BAD_USER_INPUT',
  11833: 'CONFLICT',
  11888: 'CONFLICT',
  11900: 'CONFLICT',
  11902: 'RATE_LIMITED',
  11904: 'UPSTREAM_TIMEOUT',
  11915: 'UPSTREAM_TIMEOUT',
  24404: 'NOT_FOUND',
  24500: 'UPSTREAM_ERROR',
  24601: 'CONFLICT',
  24602: 'CONFLICT',
  24603: 'RATE_LIMITED',
  24604: 'CONFLICT',
  24615: 'CONFLICT',
  24616: 'CONFLICT',
  24617: 'CONFLICT',
  24618: 'CONFLICT',
  24620: 'CONFLICT',
  24621: 'CONFLICT',
};

const dataFederation: Codes = {
  81400: 'BAD_USER_INPUT',
  81404: 'NOT_FOUND',
  81500: 'UPSTREAM_ERROR',
};

const iam: Codes = {
  30400: 'BAD_USER_INPUT',
  30401: 'UNAUTHENTICATED',
  30404: 'NOT_FOUND',
  30410: 'UNAUTHENTICATED',
  30429: 'RATE_LIMITED',
  30511: 'FORBIDDEN',
};

const prediction: Codes = {
  61951: 'BAD_USER_INPUT',
  61952: 'NOT_FOUND',
  61953: 'CONFLICT',
  61954: 'UPSTREAM_ERROR',
};

const streamProcessing: Codes = {
  61100: 'BAD_USER_INPUT',
  61102: 'BAD_USER_INPUT',
  61105: 'BAD_USER_INPUT',
  // "Wrong pipelineId or OU has no privilege": EnOS does not tell which.
  61106: 'NOT_FOUND',
  61107: 'BAD_USER_INPUT',
  61108: 'NOT_FOUND',
  61112: 'UPSTREAM_ERROR',
  61115: 'UPSTREAM_ERROR',
  61121: 'CONFLICT',
  61122: 'UPSTREAM_ERROR',
  61128: 'RATE_LIMITED',
  61152: 'CONFLICT',
  61165: 'CONFLICT',
  61168: 'UPSTREAM_ERROR',
  61169: 'CONFLICT',
  61176: 'BAD_USER_INPUT',
  61199: 'UPSTREAM_ERROR',
  99000: 'UPSTREAM_ERROR',
};

/** The application's own credentials or clock: never the caller's doing. */
const token: Codes = {
  1001: 'UPSTREAM_ERROR',
  1002: 'UPSTREAM_ERROR',
  1003: 'UPSTREAM_ERROR',
  1004: 'UPSTREAM_ERROR',
  1005: 'UPSTREAM_ERROR',
  1202: 'UPSTREAM_ERROR',
  1203: 'UPSTREAM_ERROR',
  1204: 'UPSTREAM_ERROR',
};

const tsdbData: Codes = {
  80400: 'BAD_USER_INPUT',
  // "Asset unauthorized": the service account may not read the asset. Not about the caller's own token.
  80401: 'FORBIDDEN',
  80500: 'UPSTREAM_ERROR',
};

const tsdbPolicy: Codes = {
  500: 'UPSTREAM_ERROR',
  80500: 'UPSTREAM_ERROR',
};

/** Public code by service (contract name) and EnOS code. */
export const CODE_TABLE: Readonly<Record<string, Codes>> = {
  alert,
  'app-portal': appPortal,
  asset,
  'asset-tree': assetTree,
  'batch-processing': batchProcessing,
  connection,
  'data-federation': dataFederation,
  iam,
  model: COMMON,
  prediction,
  'stream-processing': streamProcessing,
  token,
  'tsdb-data': tsdbData,
  'tsdb-policy': tsdbPolicy,
};

/** Codes that any service behind the gateway may send, also where its contract does not list them. */
const ANYWHERE: Codes = { ...COMMON, 31401: 'UNAUTHENTICATED', 80400: 'BAD_USER_INPUT', 80401: 'FORBIDDEN' };

/** What a code of a service is to a caller; UPSTREAM_ERROR for one that no contract knows. */
export function publicCodeOf(service: string, code: number): PublicCode {
  return CODE_TABLE[service]?.[code] ?? ANYWHERE[code] ?? 'UPSTREAM_ERROR';
}
