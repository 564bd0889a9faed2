/**
 * A limit of another kind than the static server: four of the workloads written out by hand. The same calls as the others
 * make, signed and parsed, and just the code that makes these answers of them: no GraphQL, no checks, no time-outs, no errors.
 */
import { createServer } from 'node:http';
import { createApi, createBatches, createClient } from './shared/enos.mjs';
import { textIn } from './shared/schema.mjs';

const api = createApi(createClient('undici'));
const batches = createBatches(api);
const timeOf = (milliseconds) => new Date(milliseconds).toISOString();

function latestByAsset(items) {
  const found = new Map();
  for (const item of items) {
    const { assetId, timestamp } = item;
    let ofAsset = found.get(assetId);
    if (!ofAsset) found.set(assetId, (ofAsset = {}));
    for (const name in item) {
      if (name === 'assetId' || name === 'timestamp' || name === 'localtime') continue;
      ofAsset[name] = { time: timeOf(timestamp), value: item[name] };
    }
  }
  return found;
}

const alertOf = ({ eventId, occurTime, severityId, severityDesc, contentId, contentDesc }) => ({
  alertId: eventId,
  occurredAt: timeOf(occurTime),
  severity: severityId ? { severityId, name: textIn(severityDesc) } : null,
  content: contentId ? { name: textIn(contentDesc) } : null,
});

async function screen({ site, tree, points }) {
  const [asset, children] = await Promise.all([api.asset(site), api.children(tree, site, 50, 0)]);
  const { items, total } = children;
  const ids = items.map(({ assetId }) => assetId);
  const [models, latest, alerts] = await Promise.all([
    batches.models(items.map(({ modelId }) => modelId)),
    api.latest(ids, points).then(latestByAsset),
    batches.alerts(ids),
  ]);
  const nodes = items.map(({ assetId, name }, index) => ({
    assetId,
    name: textIn(name),
    model: { modelId: models[index].modelId, name: textIn(models[index].name) },
    points: points.map((pointId) => ({ pointId, latest: latest.get(assetId)?.[pointId] ?? null })),
    alerts: { totalCount: alerts[index].length, nodes: alerts[index].slice(0, 5).map(alertOf) },
  }));
  return {
    asset: { name: textIn(asset.name), timezone: asset.timezone, children: { totalCount: total, nodes } },
  };
}

async function parents({ offset }) {
  const { items } = await api.assets(100, offset);
  const models = await batches.models(items.map(({ modelId }) => modelId));
  const nodes = items.map(({ assetId, name }, index) => {
    const { modelId, category } = models[index];
    return {
      assetId,
      name: textIn(name),
      model: { modelId, name: textIn(models[index].name), category: category ?? null },
    };
  });
  return { assets: { nodes } };
}

async function parentsWithLatest({ offset }) {
  const { items } = await api.assets(100, offset);
  const ids = items.map(({ assetId }) => assetId);
  const latest = latestByAsset(await api.latest(ids, ['activePower']));
  const nodes = items.map(({ assetId, name }) => ({
    assetId,
    name: textIn(name),
    point: { latest: latest.get(assetId)?.activePower ?? null },
  }));
  return { assets: { nodes } };
}

async function tree({ assetId, treeId }) {
  const below = async (id, levels) => {
    const { items } = await api.children(treeId, id, 4, 0);
    const nodes = items.map(async (item) => ({
      assetId: item.assetId,
      name: textIn(item.name),
      ...(levels > 1 ? { children: await below(item.assetId, levels - 1) } : {}),
    }));
    return { nodes: await Promise.all(nodes) };
  };
  const root = await api.asset(assetId);
  return { asset: { assetId, name: textIn(root.name), children: await below(assetId, 3) } };
}

/** By the variables, or the name, that only that workload has; without any for whoever asks whether it is there. */
function answerTo({ query, variables }) {
  if (!variables) return { __typename: 'Query' };
  if ('site' in variables) return screen(variables);
  if ('treeId' in variables) return tree(variables);
  return query.includes('ParentsWithLatest') ? parentsWithLatest(variables) : parents(variables);
}

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const data = await answerTo(JSON.parse(Buffer.concat(chunks)));
    const body = Buffer.from(JSON.stringify({ data }));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
}).listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
