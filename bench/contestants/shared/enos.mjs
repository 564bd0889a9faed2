/**
 * What a team would write by hand over EnOS: a signed client, one function per REST operation, a DataLoader per kind of
 * thing. Each call is the one that the product makes for the same data, so that all contestants move the same bytes.
 */
import { createHash } from 'node:crypto';
import DataLoader from 'dataloader';
import { Pool } from 'undici';

const { ENOS_URL, ENOS_ORG_ID: orgId, ENOS_ACCESS_KEY, ENOS_SECRET_KEY } = process.env;
const LIGHT = ['assetId', 'modelId', 'modelIdPath', 'name', 'timezone', 'description'];
const MAX_PAGE = 1_000;
const MAX_PAIRS = 3_000;
const MAX_ALERT_ASSETS = 500;
const MAX_MODELS = 100;

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

async function sendByFetch(method, target, headers, body) {
  const response = await fetch(ENOS_URL + target, { method, headers, body });
  if (response.status !== 200) throw new Error(`EnOS answered ${response.status}`);
  return response.json();
}

function sendByUndici() {
  const pool = new Pool(ENOS_URL, { connections: 64 });
  return async (method, path, headers, body) => {
    const response = await pool.request({ method, path, headers, body });
    if (response.statusCode !== 200) throw new Error(`EnOS answered ${response.statusCode}`);
    return response.body.json();
  };
}

/** A client that signs: `kind` is `fetch` or `undici`. */
export function createClient(kind) {
  const send = kind === 'undici' ? sendByUndici() : sendByFetch;
  let token = null;
  const takeToken = async () => {
    const timestamp = Date.now();
    const encryption = sha256(`${ENOS_ACCESS_KEY}${timestamp}${ENOS_SECRET_KEY}`);
    const body = JSON.stringify({ appKey: ENOS_ACCESS_KEY, encryption, timestamp });
    const headers = { 'content-type': 'application/json' };
    return (await send('POST', '/apim-token-service/v2.0/token/get', headers, body)).data.accessToken;
  };
  return async (method, path, query, content) => {
    token ??= takeToken();
    const accessToken = await token;
    const timestamp = String(Date.now());
    const body = content === undefined ? undefined : JSON.stringify(content);
    const parameters = Object.keys(query)
      .sort()
      .map((name) => name + query[name])
      .join('');
    const headers = {
      accept: 'application/json',
      'apim-accesstoken': accessToken,
      'apim-timestamp': timestamp,
      'apim-signature': sha256(accessToken + parameters + (body ?? '') + timestamp + ENOS_SECRET_KEY),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const reply = await send(method, `${path}?${new URLSearchParams(query)}`, headers, body);
    if ((reply.code ?? reply.status) !== 0) throw new Error(`EnOS refused: ${reply.msg}`);
    return reply;
  };
}

const isIn = (field, values) => `${field} in (${values.map((value) => `'${value}'`).join(', ')})`;
const unique = (values) => [...new Set(values)];
const chunk = (list, size) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
/** One call per part, all at once; the lists one after another. */
const inParts = async (list, size, read) => (await Promise.all(chunk(list, size).map(read))).flat();

/** The REST operations that the workloads need. */
export function createApi(call) {
  const pages = async (window, read) => {
    const count = Math.max(1, Math.ceil(window.limit / MAX_PAGE));
    const pageSize = Math.ceil(window.limit / count);
    const first = Math.floor(window.offset / pageSize) + 1;
    const replies = await Promise.all(
      Array.from({ length: count }, (_, index) => read({ pageNo: first + index, pageSize })),
    );
    return {
      items: replies.flatMap(({ data }) => data),
      total: replies[0].pagination.totalSize,
      offset: window.offset,
    };
  };
  const nodes = '/asset-tree-service/v2.1/asset-nodes';
  return {
    asset: async (assetId) =>
      (await call('GET', '/asset-service/v2.1/assets', { action: 'get', orgId, assetId })).data,
    assets: (limit, offset) =>
      pages({ limit, offset }, (pagination) =>
        call('POST', nodes, { action: 'searchAsset', orgId }, { pagination, projection: LIGHT }),
      ),
    assetsById: (assetIds) =>
      inParts(unique(assetIds), MAX_PAGE, async (ids) => {
        const pagination = { pageNo: 1, pageSize: ids.length };
        const body = { expression: isIn('assetIds', ids), pagination };
        return (await call('POST', nodes, { action: 'searchAsset', orgId }, body)).data;
      }),
    children: (treeId, assetId, limit, offset) =>
      pages({ limit, offset }, (pagination) =>
        call(
          'POST',
          nodes,
          { action: 'searchRelatedAsset', orgId, treeId },
          { filter: { isChildOfAssetId: assetId }, pagination, projection: LIGHT },
        ),
      ),
    models: (modelIds) =>
      inParts(unique(modelIds), MAX_MODELS, async (ids) => {
        const pagination = { pageNo: 1, pageSize: ids.length };
        const body = { expression: isIn('modelId', ids), pagination };
        return (await call('POST', '/model-service/v2.1/thing-models', { action: 'search', orgId }, body))
          .data;
      }),
    latest: (assetIds, pointIds) =>
      inParts(unique(assetIds), Math.floor(MAX_PAIRS / pointIds.length), async (ids) => {
        const body = { assetIds: ids.join(','), pointIds: pointIds.join(','), itemFormat: 0 };
        return (await call('POST', '/tsdb-service/v2.1/latest', { orgId }, body)).data.items;
      }),
    alerts: (assetIds) =>
      inParts(unique(assetIds), MAX_ALERT_ASSETS, async (ids) => {
        const body = { expression: isIn('assetId', ids), pagination: { pageNo: 1, pageSize: MAX_PAGE } };
        return (await call('POST', '/event-service/v2.1/active-alerts', { action: 'search', orgId }, body))
          .data;
      }),
    raw: async (assetIds, pointIds, from, to) => {
      const text = (milliseconds) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
      const body = {
        assetIds: assetIds.join(','),
        pointIds: pointIds.join(','),
        startTime: text(from),
        endTime: text(to),
        pageSize: Math.floor(80_000 / (assetIds.length * pointIds.length)),
        itemFormat: 0,
      };
      return (await call('POST', '/tsdb-service/v2.1/raw', { orgId }, body)).data.items;
    },
  };
}

/** Items of format 0 by asset and point, each with `timestamp` and `value`. */
function byPair(items) {
  const found = new Map();
  for (const item of items) {
    for (const name in item) {
      if (name === 'assetId' || name === 'timestamp' || name === 'localtime') continue;
      const key = `${item.assetId},${name}`;
      const entry = { timestamp: item.timestamp, value: item[name] };
      const list = found.get(key);
      if (list) list.push(entry);
      else found.set(key, [entry]);
    }
  }
  return found;
}
const groupBy = (rows, field) => {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[field]);
    if (group) group.push(row);
    else groups.set(row[field], [row]);
  }
  return groups;
};

/** Batch reads: values in the order of their keys. */
export function createBatches(api) {
  return {
    models: async (ids) => {
      const found = new Map((await api.models(ids)).map((model) => [model.modelId, model]));
      return ids.map((id) => found.get(id) ?? null);
    },
    alerts: async (ids) => {
      const found = groupBy(await api.alerts(ids), 'assetId');
      return ids.map((id) => found.get(id) ?? []);
    },
    latest: async (keys) => {
      const points = unique(keys.map(({ pointId }) => pointId));
      const assets = keys.map(({ assetId }) => assetId);
      const found = byPair(await api.latest(assets, points));
      return keys.map(({ assetId, pointId }) => found.get(`${assetId},${pointId}`)?.at(-1) ?? null);
    },
    series: async (keys) => {
      const [{ from, to }] = keys;
      const assets = unique(keys.map(({ assetId }) => assetId));
      const points = unique(keys.map(({ pointId }) => pointId));
      const found = byPair(await api.raw(assets, points, from, to));
      return keys.map(({ assetId, pointId }) => ({ values: found.get(`${assetId},${pointId}`) ?? [] }));
    },
  };
}

/** DataLoaders of one request. */
export function createLoaders(api, batches) {
  const pairKey = ({ assetId, pointId, from, to }) => `${assetId},${pointId},${from},${to}`;
  return {
    model: new DataLoader(batches.models),
    alerts: new DataLoader(batches.alerts),
    latest: new DataLoader(batches.latest, { cacheKeyFn: pairKey }),
    series: new DataLoader(batches.series, { cacheKeyFn: pairKey }),
    children: api.children,
  };
}
