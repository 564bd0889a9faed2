/** Quirks of the gateway, of envelopes, and of JSON as such. */
import { LosslessNumber } from 'lossless-json';
import {
  eachObject,
  isObject,
  isSuccess,
  mapObjects,
  quirkOf,
  rowsOf,
  shuffle,
  withoutOrder,
} from './quirk.js';
import type { Json, Quirk, Reply } from './quirk.js';

const TREE_OPERATIONS = [
  'getAssetTree',
  'searchAssetTree',
  'getAssetTrees',
  'searchAssetNode',
  'searchRelatedAssetNode',
  'searchAssetPath',
];
const DEFINITIONS = ['searchAlertSeverity', 'searchAlertType', 'searchAlertContent', 'searchAlertRule'];
const PAGED = [
  ...DEFINITIONS,
  'searchAssetTree',
  'searchAssetNode',
  'searchRelatedAssetNode',
  'searchAssetPath',
  'searchThingModel',
  'searchActiveAlerts',
  'searchHistoryAlerts',
  'searchAlerts',
];
/** Members by which a row of a reply is known; what has none of them may be a map, whose keys mean something. */
const ROW_IDS = [
  'assetId',
  'modelId',
  'treeId',
  'eventId',
  'alertId',
  'identifier',
  'severityId',
  'typeId',
  'contentId',
  'ruleId',
];

/** Whether the rows were asked for by id, so that their order is open and others do not belong to them. */
export function isIdLookup({ operationId, request }: Reply): boolean {
  const { expression } = request;
  const field = {
    searchAssetNode: 'assetIds',
    searchThingModel: 'modelId',
    searchAssetTree: 'treeId',
    searchAlertSeverity: 'severityId',
    searchAlertType: 'typeId',
    searchAlertContent: 'contentId',
    searchAlertRule: 'ruleId',
  }[operationId];
  return (
    field !== undefined &&
    typeof expression === 'string' &&
    new RegExp(`^${field} in ?\\([^)]*\\)$`).test(expression)
  );
}

const LOOKUPS = ['searchAssetNode', 'searchThingModel', 'searchAssetTree', ...DEFINITIONS];

/** A quirk of every reply but those of the token service. */
function everywhere(name: string, rewrite: (reply: Reply) => void, more: Partial<Quirk> = {}): Quirk {
  return {
    name,
    rewrite: (reply) => {
      if (!/AccessToken$/.test(reply.operationId)) rewrite(reply);
    },
    ...more,
  };
}

/** Places of an asset in its trees, whatever an operation calls them: a list of objects that each name a tree. */
const isOfTrees = (name: string, value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  (name === 'trees' || value.every((item) => isObject(item) && (isObject(item['tree']) || 'treeId' in item)));

const sortedTrees = (answer: unknown): unknown =>
  mapObjects(answer, (object) =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [
        name,
        isOfTrees(name, value) ? withoutOrder(value) : value,
      ]),
    ),
  );

const page = (reply: Reply): Json | undefined => {
  const { pagination } = reply.envelope;
  return isObject(pagination) ? pagination : undefined;
};

export const GENERAL: Quirk[] = [
  quirkOf('rows that were asked for by id come in any order', LOOKUPS, (reply, random) => {
    if (isIdLookup(reply)) shuffle(reply.envelope['data'], random);
  }),
  quirkOf(
    'trees of an asset, paths and storage policies come in any order',
    ['getAssetTrees', 'searchAssetPath', 'getMeasurementPointTsdbMetadata'],
    ({ envelope, operationId }, random) => {
      const data = envelope['data'];
      if (operationId === 'getAssetTrees')
        Object.values(data as Json).forEach((trees) => shuffle(trees, random));
      else shuffle(isObject(data) ? data['assetPaths'] : data, random);
    },
    { comparable: sortedTrees },
  ),
  everywhere(
    'the keys of objects come in another order',
    (reply) => {
      reply.envelope = mapObjects(reply.envelope, (object) =>
        Object.fromEntries(Object.entries(object).reverse()),
      ) as Json;
    },
    // Points, attributes and languages are maps in EnOS: the lists made of them have its order.
    { comparable: withoutOrder },
  ),
  everywhere('members that the contract does not name', ({ envelope, operationId }) => {
    const isSeries = /Data|ElectricPower/.test(operationId);
    eachObject(envelope['data'], (row) => {
      // A record of a series has exactly one member besides the fixed ones.
      const isSample = isSeries && row['timestamp'] !== undefined;
      const isLabels = Object.keys(row).some(
        (key) => key.startsWith('assetTreePath') || key.startsWith('__'),
      );
      if (isSample || isLabels || !ROW_IDS.some((id) => typeof row[id] === 'string')) return;
      Object.assign(row, { source: null, newInLaterEditions: { list: [new LosslessNumber('1')] } });
    });
    if (isObject(envelope['pagination'])) envelope['pagination']['pages'] = new LosslessNumber('1');
    Object.assign(envelope, {
      action: 'echo',
      traceId: 'a-b-c',
      successful: true,
      elapsed: new LosslessNumber('3'),
    });
  }),
  quirkOf('rows that were not asked for', LOOKUPS, (reply) => {
    if (!isIdLookup(reply)) return;
    const rows = reply.envelope['data'];
    const [first] = rowsOf(reply);
    if (!Array.isArray(rows) || first === undefined) return;
    const ids = ['assetId', 'treeId', 'ruleId', 'contentId', 'severityId', 'typeId', 'modelId'];
    const id = ids.find((name) => typeof first[name] === 'string') ?? '';
    rows.unshift({ ...first, [id]: 'nO0tAsk3d' });
    const pagination = page(reply);
    if (pagination) pagination['totalSize'] = new LosslessNumber(String(rows.length));
  }),
  quirkOf(
    'a search finds fewer than it was asked for by id',
    ['searchAssetNode', 'searchThingModel', 'searchAssetTree'],
    (reply) => {
      const rows = reply.envelope['data'];
      if (!isIdLookup(reply) || !Array.isArray(rows)) return;
      rows.shift();
      const pagination = page(reply);
      if (pagination) pagination['totalSize'] = new LosslessNumber(String(rows.length));
    },
  ),
  everywhere('success is told by its code alone', ({ envelope, operationId }) => {
    if (isSuccess(envelope)) envelope['msg'] = TREE_OPERATIONS.includes(operationId) ? 'ok' : '';
  }),
  quirkOf('an empty list is null', PAGED, ({ envelope, operationId }) => {
    const data = envelope['data'];
    if (Array.isArray(data) && data.length === 0) envelope['data'] = null;
    if (
      operationId === 'searchAssetPath' &&
      isObject(data) &&
      (data['assetPaths'] as unknown[]).length === 0
    ) {
      envelope['data'] = null;
    }
  }),
  quirkOf('an empty list is left out', PAGED, ({ envelope, operationId }) => {
    const data = envelope['data'];
    if (Array.isArray(data) && data.length === 0) delete envelope['data'];
    if (
      operationId === 'searchAssetPath' &&
      isObject(data) &&
      (data['assetPaths'] as unknown[]).length === 0
    ) {
      envelope['data'] = {};
    }
  }),
  quirkOf('no sortedBy', PAGED, (reply) => {
    delete page(reply)?.['sortedBy'];
  }),
  {
    name: 'the token service says stauts',
    endedToken: { status: 401, body: { message: 'Invalid authentication credentials' } },
    rewrite: ({ envelope, operationId }) => {
      if (operationId !== 'getAccessToken' && operationId !== 'refreshAccessToken') return;
      envelope['stauts'] = envelope['status'];
      delete envelope['status'];
    },
  },
];

/** How a gateway may say that a token has ended. */
export const ENDED_TOKENS: Quirk[] = (
  [
    ['HTTP 401', 401, { message: 'Invalid authentication credentials' }],
    ['HTTP 403', 403, { message: 'Your IP address is not allowed' }],
    [
      'HTTP 200 with code 1203',
      200,
      { code: 1203, msg: 'The access token has expired', requestId: 'r-1', data: null },
    ],
    ['HTTP 200 with status 1203', 200, { status: 1203, msg: 'The access token has expired', data: null }],
    ['HTTP 401 with code 1203', 401, { code: 1203, msg: 'The access token has expired' }],
  ] as [string, number, Json][]
).map(([name, status, body]) => ({ name: `a token that has ended: ${name}`, endedToken: { status, body } }));

/** What differs below JSON. */
export const TRANSPORT: Quirk[] = [
  { name: 'answers overtake each other', slow: true },
  { name: 'chunked bodies', chunked: true },
  {
    name: 'upper-case header names',
    headers: { 'CONTENT-TYPE': 'APPLICATION/JSON; CHARSET=UTF-8', SERVER: 'x' },
  },
  { name: 'content-type with charset', headers: { 'content-type': 'application/json;charset=UTF-8' } },
  { name: 'content-type text/plain', headers: { 'content-type': 'text/plain' } },
  { name: 'connections are closed after each answer', headers: { connection: 'close' } },
  { name: 'chunked, closed and overtaking', chunked: true, slow: true, headers: { connection: 'close' } },
];
