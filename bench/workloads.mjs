/** What is asked: each workload is a set of requests that a load asks in turn. */
import { readFileSync } from 'node:fs';
import { ids, SERIES_ASSETS, SERIES_SITES, stretch, TREE_BRANCHES, treeId } from './upstream/render.mjs';

/** Different requests of a workload: twice as many as connections, so that those in flight at once share nothing. */
const VARIANTS = 64;
/** Sites and trees of the world that is rendered. */
export const SITES = 128;
export const TREES = VARIANTS;
const PARENTS = 100;

const operations = new URL('../schema/operations/', import.meta.url);
const screenQuery = readFileSync(new URL('screen.graphql', operations), 'utf8');
const screenVariables = JSON.parse(readFileSync(new URL('screen.json', operations), 'utf8'));
const BUNDLED_SITE = 'Rk3vTq8M';
if (!Object.values(screenVariables).includes(BUNDLED_SITE))
  throw new Error('the screen query asks for another site');

/** The screen query for a site of ours. */
export function screenOf(siteId) {
  const entries = Object.entries(screenVariables).map(([name, value]) => [
    name,
    value === BUNDLED_SITE ? siteId : value,
  ]);
  return { query: screenQuery, variables: Object.fromEntries(entries) };
}

const parentsQuery = `query Parents($offset: Int!) {
  assets(first: ${PARENTS}, offset: $offset) { nodes { assetId name model { modelId name category } } }
}`;

const latestQuery = `query ParentsWithLatest($offset: Int!) {
  assets(first: ${PARENTS}, offset: $offset) { nodes { assetId name point(pointId: "activePower") { latest { time value } } } }
}`;

const seriesQuery = `query Series($assetIds: [ID!]!, $from: DateTime!, $to: DateTime!) {
  assetsById(assetIds: $assetIds) {
    assetId
    power: point(pointId: "activePower") { series(from: $from, to: $to) { values { time value } } }
    wind: point(pointId: "windSpeed") { series(from: $from, to: $to) { values { time value } } }
  }
}`;

const level = (inner) =>
  `children(treeId: $treeId, first: ${TREE_BRANCHES}) { nodes { assetId name ${inner} } }`;
const treeQuery = `query Tree($assetId: ID!, $treeId: ID!) { asset(assetId: $assetId) { assetId name ${level(level(level('')))} } }`;

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));

/** Workloads by name. `setting` says what the load shares. */
export const WORKLOADS = {
  screen: {
    title: `Screen: 50 assets with model, 4 latest values and alerts; ${VARIANTS} sites in turn`,
    requests: times(VARIANTS, (site) => screenOf(ids.site(site))),
    contestants: [
      'reference',
      'mercurius',
      'yoga',
      'yoga-jit',
      'tailcall',
      'hive',
      'cold',
      'warm',
      'redis',
      'redis-only',
      'default',
      'by-hand',
    ],
  },
  one: {
    title: 'Screen, one site: every connection sends the same request',
    requests: [screenOf(ids.site(0))],
    contestants: ['reference', 'tailcall', 'cold', 'shared', 'warm', 'redis-only', 'default', 'static'],
  },
  n1: {
    title: `N+1: ${PARENTS} assets, each with its model`,
    requests: times(VARIANTS, (page) => ({ query: parentsQuery, variables: { offset: page * PARENTS } })),
    contestants: ['reference', 'mercurius', 'yoga-jit', 'cold', 'by-hand'],
  },
  'n1-latest': {
    title: `N+1: ${PARENTS} assets, each with the latest value of one point`,
    requests: times(VARIANTS, (page) => ({ query: latestQuery, variables: { offset: page * PARENTS } })),
    contestants: ['reference', 'mercurius', 'yoga-jit', 'cold', 'models', 'by-hand'],
  },
  typename: {
    title: '{ __typename }',
    requests: [{ query: '{ __typename }' }],
    contestants: ['reference', 'mercurius', 'yoga', 'yoga-jit', 'warm', 'default', 'static'],
  },
  series: {
    title: `Large series: ${SERIES_ASSETS} assets x 2 points x 1,440 values as stored`,
    requests: times(SERIES_SITES, (site) => ({
      query: seriesQuery,
      variables: {
        assetIds: times(SERIES_ASSETS, (index) => ids.child(site, index)),
        from: stretch.startTime,
        to: stretch.endTime,
      },
    })),
    contestants: ['reference', 'mercurius', 'cold', 'warm', 'default'],
  },
  tree: {
    title: 'Deep tree: three levels below the root, 84 nodes',
    requests: times(TREES, (tree) => ({
      query: treeQuery,
      variables: { assetId: ids.treeRoot(tree), treeId },
    })),
    contestants: ['reference', 'mercurius', 'cold', 'warm', 'default', 'by-hand'],
  },
};
