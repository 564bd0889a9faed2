/**
 * Writes the data of the stub: sites, trees and series in any number, each a copy of a recorded one under ids of its own, so
 * that requests for different sites share nothing.
 */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { shapeAlerts, shapeAsset, shapeChildren, shapeModel, shapePoints } from './shaped.mjs';

const fixtures = JSON.parse(await readFile(new URL('./fixtures.json', import.meta.url), 'utf8'));

/** What was recorded: organization, tree, time range of the series. */
export const { orgId, treeId, stretch } = fixtures;
/** Models among the children of one site. */
export const MODELS_PER_SITE = 5;
/** Children of an inner node, and levels below the root, in the trees. */
export const TREE_BRANCHES = 4;
export const TREE_LEVELS = 3;
/** Sites whose first assets have series, and how many of each. */
export const SERIES_SITES = 64;
export const SERIES_ASSETS = 4;

const number = (value, digits) => String(value).padStart(digits, '0');
/** Ids of the world's parts, by their place. */
export const ids = {
  site: (site) => `Site${number(site, 4)}`,
  child: (site, index) => `s${number(site, 3)}c${number(index, 5)}`,
  growth: (size) => `Grow${number(size, 5)}`,
  treeRoot: (tree) => `Tree${number(tree, 4)}`,
};
const GROWTH_SITE = 900;

/**
 * Writes the data file. `sites` and `children` make the sites of most workloads, `trees` the deep trees, `growth` lists
 * the sizes of further sites, whose children are the same assets.
 */
export async function renderWorld(file, { sites, children, trees, growth }) {
  const stream = createWriteStream(file);
  const put = async (kind, id, text) => {
    const room = stream.write(`${kind} ${id} ${Buffer.byteLength(text)}\n${text}\n`);
    if (!room) await once(stream, 'drain');
  };
  const all = [];
  for (let site = 0; site < sites; site += 1) {
    const own = await putSite(put, site, children);
    await put('a', ids.site(site), fixtures.site.replaceAll(fixtures.siteId, ids.site(site)));
    await put('c', ids.site(site), own.join(' '));
    await put('A', ids.site(site), shapeAsset(fixtures.site, ids.site(site)));
    await put('C', ids.site(site), shapeChildren(own.map((id, index) => childOf(site, id, index))));
    all.push(...own);
  }
  await put('c', '*', all.join(' '));
  const largest = Math.max(0, ...growth);
  if (largest > 0) {
    const own = await putSite(put, GROWTH_SITE, largest);
    for (const size of growth) {
      await put('a', ids.growth(size), fixtures.site.replaceAll(fixtures.siteId, ids.growth(size)));
      await put('c', ids.growth(size), own.slice(0, size).join(' '));
    }
  }
  for (let tree = 0; tree < trees; tree += 1) await putTree(put, ids.treeRoot(tree), TREE_LEVELS);
  await put('x', '*', stretch.startTime);
  const token = { accessToken: 'benchmark-token', expire: 7_200 };
  await put('t', '*', JSON.stringify({ status: 0, msg: 'SUCCESS', business: null, data: token }));
  stream.end();
  await once(stream, 'close');
}

/** The children of a site with their models; returns their ids. */
async function putSite(put, site, count) {
  for (let index = 0; index < MODELS_PER_SITE; index += 1) {
    const modelId = modelOf(site, index);
    await put('m', modelId, fixtures.model.replaceAll(fixtures.modelId, modelId));
    await put('k', modelId, fixtures.storage.replaceAll(fixtures.modelId, modelId));
    await put('M', modelId, shapeModel(fixtures.model, modelId));
  }
  const own = Array.from({ length: count }, (_, index) => ids.child(site, index));
  for (const [index, id] of own.entries()) {
    await putAsset(put, id, index, modelOf(site, index));
    if (site < SERIES_SITES && index < SERIES_ASSETS) await putSeries(put, id);
  }
  return own;
}

/** What lists of children tell of one, in the shape of the answer. */
function childOf(site, id, index) {
  const { name } = JSON.parse(fixtures.nodes[index % fixtures.nodes.length].w);
  return { assetId: id, name, modelId: modelOf(site, index) };
}

function modelOf(site, index) {
  return `Model_${number(site, 3)}_${index % MODELS_PER_SITE}`;
}

async function putAsset(put, id, index, modelId) {
  const from = fixtures.nodes[index % fixtures.nodes.length];
  const own = (text) => text.replaceAll(from.id, id).replaceAll(fixtures.modelId, modelId);
  for (const kind of ['a', 'w', '0', '1', '2', '3']) await put(kind, id, own(from[kind]));
  for (const [point, text] of Object.entries(from.latest)) await put('l', `${id},${point}`, own(text));
  const alerts = from.alerts.map((text) => own(text).replace('"eventId":"', `"eventId":"${id}-`));
  await put('e', id, `${alerts.length} ${alerts.join(',')}`);
  const latest = Object.values(from.latest).map((text) => JSON.parse(text));
  const points = shapePoints(id, latest);
  await put('P', id, points);
  await put('Q', id, `{"assetId":"${id}","points":[${points}]}`);
  await put(
    'E',
    id,
    shapeAlerts(
      id,
      alerts.map((text) => JSON.parse(text)),
    ),
  );
}

/** One value a minute, as `raw` answers in item format 0. */
async function putSeries(put, id) {
  for (const [point, { timestamp, localtime, values }] of Object.entries(fixtures.series)) {
    const localStart = Date.parse(`${localtime.replace(' ', 'T')}Z`);
    const items = values.map((value, minute) => {
      const local = new Date(localStart + minute * 60_000).toISOString().slice(0, 19).replace('T', ' ');
      return `{"assetId":"${id}","timestamp":${timestamp + minute * 60_000},"localtime":"${local}","${point}":${value}}`;
    });
    await put('s', `${id},${point}`, items.join(','));
  }
}

async function putTree(put, id, levels) {
  await putAsset(put, id, levels, modelOf(0, 0));
  if (levels === 0) return;
  const own = Array.from({ length: TREE_BRANCHES }, (_, index) => `${id}${index}`);
  await put('c', id, own.join(' '));
  for (const child of own) await putTree(put, child, levels - 1);
}
