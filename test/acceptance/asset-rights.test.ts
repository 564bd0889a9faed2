/**
 * Rights by asset, on every path to an object. The walk takes each field of the schema that leads to an asset, a tree node,
 * an alert or a point, asks for it as a user of one site, and finds nothing of any other site in the answer; a field that is
 * added later is walked too, or the test says what it must be taught.
 */
import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { toGlobalId } from '../../src/graph/nodes/node.js';
import { buildGraph } from '../../src/graph/schema.js';
import { bundledWorldFolder, loadWorld } from '../../src/simulator/world/load.js';
import type { World } from '../../src/simulator/world/world.js';
import { ask, callsOf, resetCalls, type Answer } from '../support/graphql-client.js';
import { DEMO_CREDENTIALS, startServer, startSimulator, type Running } from '../support/processes.js';

const ORG = DEMO_CREDENTIALS.ENOS_ORG_ID;
const ANNA = 'APP_PORTAL_S_DemoAnnaAdministratorToken000001';
const OTTO = 'APP_PORTAL_S_DemoOttoSiteOperatorToken0000002';
const VERA = 'APP_PORTAL_S_DemoVeraSolarViewerToken00000003';
/** Otto's site with its first turbine, a site that is not his, and the root of the trees. */
const OWN = { site: 'Rk3vTq8M', turbine: 'tB4nX9wL' };
const FOREIGN = { site: 'Hx2wGs6C', root: 'Es7aTe0R' };
const TREE = 'Wf7kQ2Zx';

const { schema } = buildGraph();
const OBJECTS = new Set(['Asset', 'AssetTreeNode', 'Alert', 'AssetPoint', 'Node']);

/** Ways to an object of each type that has such a field: the levels of a query, outermost first. */
const routesOf = (): Record<string, string[][]> => ({
  Query: [[]],
  Viewer: [['viewer']],
  Asset: [OWN.site, FOREIGN.root, FOREIGN.site, alerted].map((id) => [`asset(assetId: "${id}")`]),
  AssetPoint: [OWN.turbine, FOREIGN.site].map((id) => [
    `asset(assetId: "${id}")`,
    'point(pointId: "activePower")',
  ]),
  ThingModel: [['thingModel(modelId: "DF_Turbine")'], ['thingModel(modelId: "PV_Inverter")']],
  AssetTree: [[`assetTree(treeId: "${TREE}")`]],
  AssetTreeNode: [OWN.site, FOREIGN.site].flatMap((id) => [
    [`assetTree(treeId: "${TREE}")`, `node(assetId: "${id}")`],
    [`assetTree(treeId: "${TREE}")`, 'root'],
  ]),
  Alert: [
    ['alerts(first: 200)', 'nodes'],
    ['alerts(state: HISTORY, first: 500)', 'nodes'],
  ],
  AlertPath: [['alerts(first: 200)', 'nodes', 'paths']],
  MaskingAlert: [['alerts(first: 200)', 'nodes', 'maskedBy']],
  AlertRuleScope: [['alerts(first: 200)', 'nodes', 'rule', 'scope']],
  AlertSeverity: [['alertSeverities', 'nodes']],
  AlertType: [['alertTypes', 'nodes']],
  AlertContent: [['alertContents', 'nodes']],
  AlertRule: [['alertRules(first: 4)', 'nodes']],
  AlertCount: [['alertSummary(groupBy: ASSET)']],
});

/** In the bundled world all alerts that mask others are of Otto's own site. */
const NOTHING_FOREIGN = new Set(['MaskingAlert.alert']);

let world: World;
let foreignAlerts: string[];
/** A foreign asset that has an alert. */
let alerted: string;
let simulator: Running;
let server: Running;
beforeAll(async () => {
  [world, simulator] = await Promise.all([
    loadWorld(bundledWorldFolder, { now: Date.now }),
    startSimulator(),
  ]);
  server = await startServer(simulator.url, {
    AUTH_MODES: 'portal',
    ASSET_RIGHTS: 'portal',
    MAX_COST: '10000000',
    // The walk asks of every path that there is.
    RATE_LIMIT_REQUESTS: '0',
    RATE_LIMIT_COST: '0',
  });
  const found = await as<{ alerts: { nodes: { alertId: string; assetId: string }[] } }>(
    ANNA,
    '{ alerts(first: 500) { nodes { alertId assetId } } }',
  );
  const foreign = (found.data?.alerts.nodes ?? []).filter(
    ({ assetId }) => !ownIds().has(assetId) && world.assets.has(assetId),
  );
  foreignAlerts = foreign.map(({ alertId }) => alertId);
  alerted = foreign[0]?.assetId ?? '';
}, 90_000);
afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

const as = <T = Record<string, unknown>>(token: string, query: string, variables = {}): Promise<Answer<T>> =>
  ask<T>(server.url, query, variables, { authorization: `Bearer ${token}` });

const ownIds = (): Set<string> => new Set(world.portal?.users.get('u15724268424902')?.assetIds);

/** Ids and names of foreign assets, and ids of their alerts, that stand in an answer's data. */
function foreignIn(answer: Answer<unknown>): string[] {
  const text = JSON.stringify(answer.data);
  const own = ownIds();
  const foreign = [...world.assets.values()].filter(({ assetId }) => !own.has(assetId));
  const isShared = (name: string): boolean =>
    [...own].some((id) => world.assets.get(id)?.name.defaultValue === name);
  const signs = foreign.flatMap(({ assetId, name }) =>
    isShared(name.defaultValue) ? [assetId] : [assetId, `"${name.defaultValue}"`],
  );
  return [...signs, ...foreignAlerts].filter((sign) => text.includes(sign));
}

/** Values of arguments: those that must be given, and those that widen what is found. */
function argumentsOf(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string {
  const node = toGlobalId('AssetTreeNode', ORG, TREE, FOREIGN.site);
  const globals = [
    toGlobalId('Asset', ORG, FOREIGN.site),
    node,
    toGlobalId('Alert', ORG, foreignAlerts[0] ?? ''),
  ];
  const known: Record<string, unknown> = {
    assetId: FOREIGN.site,
    assetIds: [OWN.site, FOREIGN.site, FOREIGN.root],
    treeId: TREE,
    pointId: 'activePower',
    id: globals[0],
    ids: globals,
    first: 300,
  };
  const given = field.args.flatMap(({ name, type: argument, defaultValue }) => {
    if (name in known) return [`${name}: ${JSON.stringify(known[name])}`];
    if (isNonNullType(argument) && defaultValue === undefined)
      throw new Error(`Teach the walk a value for the argument ${type.name}.${field.name}(${name})`);
    return [];
  });
  return given.length === 0 ? '' : `(${given.join(', ')})`;
}

/** Everything of a type that needs no argument and no further object. */
function leavesOf(type: GraphQLObjectType): string {
  const leaves = Object.values(type.getFields()).filter(({ type: leaf, args }) => {
    const named = getNamedType(leaf);
    return (
      (isScalarType(named) || isEnumType(named)) &&
      args.every(({ type: argument }) => !isNonNullType(argument))
    );
  });
  return leaves.map(({ name }) => name).join(' ');
}

function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(field.type);
  if (isAbstractType(named))
    return `{ __typename id ${schema
      .getPossibleTypes(named)
      .map((type) => `... on ${type.name} ${inner(type)}`)
      .join(' ')} }`;
  if (!isObjectType(named)) throw new Error(`${field.name} leads to no object`);
  const nodes = named.name.endsWith('Connection') ? named.getFields()['nodes'] : undefined;
  if (!nodes) return inner(named);
  return `{ totalCount nodes ${selectionOf(nodes)} edges { cursor node ${selectionOf(nodes)} } }`;
}

function inner(type: GraphQLObjectType): string {
  // Names conflict between types of one interface where one is non-null and the other is not.
  const alias = type.name === 'Asset' ? '' : `asset${type.name}: `;
  const asset = type.getFields()['asset'] ? `${alias}asset { ${leavesOf(assetType)} }` : '';
  const text = leavesOf(type)
    .split(' ')
    .map((name) => `${type.name}_${name}: ${name}`)
    .join(' ');
  return `{ ${text} ${asset} }`;
}
const assetType = schema.getType('Asset') as GraphQLObjectType;

interface Walked {
  path: string;
  queries: () => string[];
}

const walks: Walked[] = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!isObjectType(type) || /^__|(Connection|Edge)$/.test(type.name)) return [];
  return Object.values(type.getFields())
    .filter(({ type: target }) => OBJECTS.has(getNamedType(target).name.replace(/Connection$/, '')))
    .map((field) => ({
      path: `${type.name}.${field.name}`,
      queries: () => {
        const routes = routesOf()[type.name];
        if (!routes) throw new Error(`Teach the walk a way to the type ${type.name}`);
        const asked = `${field.name}${argumentsOf(type, field)} ${selectionOf(field)}`;
        return routes.map((route) => `{ ${[...route, asked].join(' { ')}${' }'.repeat(route.length)} }`);
      },
    }));
});

test('the walk knows the schema', () => {
  expect(walks.length).toBeGreaterThanOrEqual(30);
  expect(foreignAlerts.length).toBeGreaterThan(3);
  expect(isListType(schema.getQueryType()?.getFields()['nodes']?.type)).toBe(false);
});

test.each(walks.map((walk) => [walk.path, walk] as const))('%s', async (path, { queries }) => {
  const seen = { everything: 0 };
  for (const query of queries()) {
    const [anna, otto] = [await as(ANNA, query), await as(OTTO, query)];
    expect(
      anna.errors?.filter(({ extensions }) => extensions.code === 'GRAPHQL_VALIDATION_FAILED') ?? [],
    ).toEqual([]);
    seen.everything += foreignIn(anna).length;
    expect([query, foreignIn(otto)]).toEqual([query, []]);
    for (const { extensions } of otto.errors ?? [])
      expect(['NOT_FOUND', 'FORBIDDEN']).toContain(extensions.code);
  }
  // The same questions show other sites to one who may see them: the walk does not pass for want of anything to see.
  expect([path, seen.everything > 0]).toEqual([path, !NOTHING_FOREIGN.has(path)]);
});

test('lists, counts and paths are of what may be seen, with right totals', async () => {
  const { data, errors } = await as(
    OTTO,
    `{
      assets(first: 500) { totalCount nodes { assetId } }
      page: assets(first: 2, offset: 54) { nodes { assetId } pageInfo { hasNextPage } }
      viewer { assets(first: 1) { totalCount } }
      assetTree(treeId: "${TREE}") {
        assets { totalCount }
        node(assetId: "${OWN.turbine}") { parent { asset { assetId } } ancestors { asset { assetId } } }
        site: node(assetId: "${OWN.site}") { parent { id } ancestors { id } children(first: 100) { totalCount } descendants { totalCount } }
      }
      none: assetTree(treeId: "${TREE}") { root { id } }
      alerts { totalCount }
      alertSummary(groupBy: ASSET) { value count }
    }`,
  );
  expect(data).toMatchObject({
    assets: { totalCount: 55 },
    page: { nodes: [{}], pageInfo: { hasNextPage: false } },
    viewer: { assets: { totalCount: 55 } },
    assetTree: {
      assets: { totalCount: 55 },
      node: { parent: { asset: { assetId: OWN.site } }, ancestors: [{ asset: { assetId: OWN.site } }] },
      site: { parent: null, ancestors: [], children: { totalCount: 54 }, descendants: { totalCount: 54 } },
    },
    none: null,
  });
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['none', 'root'], 'FORBIDDEN'],
  ]);
  const { alerts, alertSummary } = data as {
    alerts: { totalCount: number };
    alertSummary: { value: string; count: number }[];
  };
  expect(alertSummary.reduce((sum, { count }) => sum + count, 0)).toBe(alerts.totalCount);
  expect(alertSummary.every(({ value }) => ownIds().has(value))).toBe(true);
});

/** Errors by their paths: which comes first says nothing. */
function inOrder(errors: Answer<unknown>['errors']): unknown[] {
  const texts = (errors ?? []).map(({ path, message, extensions }) =>
    JSON.stringify([path, message, extensions]),
  );
  return texts.sort();
}

test('what may not be seen cannot be told from what does not exist', async () => {
  const query = `query ($asset: ID!, $alert: ID!) {
    asset(assetId: $asset) { name }
    nodes(ids: [$alert]) { id }
    assetTree(treeId: "${TREE}") { node(assetId: $asset) { id } }
  }`;
  const alert = (id: string): string => toGlobalId('Alert', ORG, id);
  await resetCalls(simulator.url);
  const foreign = await as(OTTO, query, { asset: FOREIGN.site, alert: alert(foreignAlerts[0] ?? '') });
  const made = `${(foreignAlerts[0] ?? '').slice(0, 8)}${'0'.repeat(32)}`;
  const missing = await as(OTTO, query, { asset: 'N0suchA1', alert: alert(made) });
  const shape = ({ data, errors }: Answer<unknown>, ids: string[]): string =>
    ids.reduce((text, id) => text.replaceAll(id, 'ID'), JSON.stringify([data, inOrder(errors)]));
  expect(shape(foreign, [FOREIGN.site, foreignAlerts[0] ?? ''])).toBe(shape(missing, ['N0suchA1', made]));
  // Nobody asked EnOS about an asset that is not his.
  expect(await callsOf(simulator.url)).not.toHaveProperty('getAsset');
});

test('grants are asked for once per user and kept, and what one has fetched serves the others behind their own rights', async () => {
  const query = `{ asset(assetId: "${OWN.turbine}") { name attributes } }`;
  const answers = await Promise.all([ANNA, OTTO, VERA, ANNA, OTTO, VERA].map((token) => as(token, query)));
  expect(answers.map(({ data }) => data?.['asset'] !== null)).toEqual([true, true, false, true, true, false]);
  await resetCalls(simulator.url);
  const again = await Promise.all([VERA, OTTO, ANNA].map((token) => as(token, query)));
  expect(again.map(({ data }) => data?.['asset'] !== null)).toEqual([false, true, true]);
  expect(await callsOf(simulator.url)).toEqual({});
});

test('with a tree, a grant covers what lies below it', async () => {
  const below = await startServer(simulator.url, {
    AUTH_MODES: 'portal',
    ASSET_RIGHTS: 'portal',
    ASSET_RIGHTS_TREE: TREE,
  });
  try {
    const query =
      '{ assets { totalCount } asset(assetId: "iN3vR8sT") { name } other: asset(assetId: "tB4nX9wL") { name } }';
    const vera = await ask(below.url, query, {}, { authorization: `Bearer ${VERA}` });
    expect(vera.data).toMatchObject({
      assets: { totalCount: 63 },
      asset: { name: expect.any(String) as string },
      other: null,
    });
    expect((await as(VERA, query)).data).toMatchObject({
      assets: { totalCount: 1 },
      asset: null,
      other: null,
    });
  } finally {
    await below.stop();
  }
}, 60_000);
