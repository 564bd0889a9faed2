/** Everything that refers to something links to it: walked from each type to each of its neighbours and back. */
import { toGlobalId } from '../../src/graph/nodes/node.js';
import { ORG, alert, ask, missing, at } from './fake-loaders.js';

async function clean(query: string, options: Parameters<typeof ask>[1] = {}) {
  const answer = await ask(query, options);
  expect(answer.errors).toEqual([]);
  return answer;
}

test('asset: model, attributes, tags, points, trees, nodes, children, alerts', async () => {
  const { data } = await clean(`{ asset(assetId: "a1") {
    id assetId orgId modelId description timezone attributes tags { key value }
    model { modelId } attribute(attributeId: "rated") { value typed { ... on FloatValue { float } } unit { unitId multiplier symbol } definition { attributeId isRequired } }
    serial: attribute(attributeId: "serial") { value typed { ... on IntValue { int } } }
    mode: attribute(attributeId: "mode") { typed { ... on EnumValue { key name } } }
    none: attribute(attributeId: "toString") { value }
    attributeValues(attributeIds: ["rated", "zz"]) { attributeId }
    point(pointId: "power") { pointId asset { assetId } definition { name } }
    points { pointId } some: points(pointIds: ["state"]) { pointId }
    trees { treeId } nodes { tree { treeId } asset { assetId } }
    children(treeId: "t1", first: 2) { nodes { assetId } totalCount }
    alerts { nodes { alertId asset { assetId } } }
  } }`);
  expect(at(data, 'asset')).toEqual({
    id: toGlobalId('Asset', ORG, 'a1'),
    assetId: 'a1',
    orgId: ORG,
    modelId: 'Turbine',
    description: null,
    timezone: '+01:00',
    attributes: { rated: 2500, serial: '9007199254740993', mode: 1 },
    tags: [{ key: 'vendor', value: 'acme' }],
    model: { modelId: 'Turbine' },
    attribute: {
      value: 2500,
      typed: { float: 2500 },
      unit: { unitId: 'W', multiplier: 'KILO', symbol: 'kW' },
      definition: { attributeId: 'rated', isRequired: true },
    },
    serial: { value: '9007199254740993', typed: { int: '9007199254740993' } },
    mode: { typed: { key: '1', name: 'Run' } },
    none: null,
    attributeValues: [{ attributeId: 'rated' }],
    point: { pointId: 'power', asset: { assetId: 'a1' }, definition: { name: 'Power' } },
    points: [{ pointId: 'power' }, { pointId: 'energy' }, { pointId: 'state' }, { pointId: 'note' }],
    some: [{ pointId: 'state' }],
    trees: [{ treeId: 't1' }],
    nodes: [{ tree: { treeId: 't1' }, asset: { assetId: 'a1' } }],
    children: { nodes: [{ assetId: 'a1' }, { assetId: 'a2' }], totalCount: 3 },
    alerts: { nodes: [{ alertId: 'x1', asset: { assetId: 'a1' } }] },
  });
});

test('thing model: features, parents, children, assets, alerts', async () => {
  const { data, calls } = await clean(`{ thingModel(modelId: "Turbine") {
    name modelIdPath parent { modelId } parents { modelId } children { modelId } tags { key }
    attribute(attributeId: "mode") { dataType dataDefinition { enumValues { value name } json } }
    noAttribute: attribute(attributeId: "constructor") { attributeId }
    measurepoint(pointId: "power") { signalType hasQuality storage model { modelId } unit { symbol } }
    measurepoints(pointIds: ["note", "nope"]) { pointId signalType name }
    services { serviceId name inputs { identifier dataType name } outputs { identifier } }
    events { eventId level outputs { identifier } }
    assets(first: 1, filter: { modelIds: ["Turbine", "Other"] }) { nodes { assetId model { modelId } } }
    alerts(first: 1) { nodes { alertId } }
    none: assets(filter: { modelIds: ["Other"] }) { totalCount }
  } device: thingModel(modelId: "Device") { children { modelId } parents { modelId } parent { modelId } } }`);
  expect(at(data, 'thingModel')).toEqual({
    name: 'Turbine',
    modelIdPath: '/Device/Turbine',
    parent: { modelId: 'Device' },
    parents: [{ modelId: 'Device' }],
    children: [],
    tags: [{ key: 'domain' }],
    attribute: {
      dataType: 'ENUM',
      dataDefinition: {
        enumValues: [
          { value: '1', name: 'Run' },
          { value: '3', name: 'Fault' },
        ],
        json: expect.objectContaining({ enumType: 'INT' }) as unknown,
      },
    },
    noAttribute: null,
    measurepoint: {
      signalType: 'AI',
      hasQuality: true,
      storage: ['AI_RAW', 'AI_NORMALIZED'],
      model: { modelId: 'Turbine' },
      unit: { symbol: 'kW' },
    },
    measurepoints: [{ pointId: 'note', signalType: 'GENERIC', name: 'note' }],
    services: [
      {
        serviceId: 'stop',
        name: 'Stop',
        inputs: [{ identifier: 'how', dataType: 'STRING', name: 'how' }],
        outputs: [],
      },
    ],
    events: [{ eventId: 'fault', level: 'ERROR', outputs: [{ identifier: 'code' }] }],
    assets: { nodes: [{ assetId: 'a1', model: { modelId: 'Turbine' } }] },
    alerts: { nodes: [{ alertId: 'x1' }] },
    none: { totalCount: 0 },
  });
  expect(at(data, 'device')).toEqual({ children: [{ modelId: 'Turbine' }], parents: [], parent: null });
  expect(calls.find(({ name }) => name === 'Asset.list')?.args[1]).toMatchObject({
    filter: { modelIds: ['Turbine'] },
  });
  expect(calls.filter(({ name }) => name === 'Asset.list')).toHaveLength(1);
  expect(calls.find(({ name }) => name === 'alerts.search')?.args[2]).toEqual({ modelIds: ['Turbine'] });
});

test('tree and node: root, node, parent, ancestors, path, children, descendants, assets, alerts', async () => {
  const { data, calls } =
    await clean(`{ assetTree(treeId: "t1") { id name tags { key } root { id asset { assetId } tree { treeId } parent { id } ancestors { id } path { asset { assetId } } }
    node(assetId: "a2") { asset { assetId } parent { asset { assetId } } ancestors { asset { assetId } } path { asset { assetId } }
      children(first: 1) { nodes { asset { assetId } tree { treeId } } } descendants(filter: { modelIds: ["Turbine"] }) { totalCount }
      alerts { totalCount } }
    assets(first: 1) { nodes { assetId } } alerts(filter: { severityIds: ["major"] }) { totalCount } }
    assetTrees { nodes { treeId } } }`);
  expect(at(data, 'assetTree')).toEqual({
    id: toGlobalId('AssetTree', ORG, 't1'),
    name: 'Tree',
    tags: [{ key: 'use' }],
    root: {
      id: toGlobalId('AssetTreeNode', ORG, 't1', 'root'),
      asset: { assetId: 'root' },
      tree: { treeId: 't1' },
      parent: null,
      ancestors: [],
      path: [{ asset: { assetId: 'root' } }],
    },
    node: {
      asset: { assetId: 'a2' },
      parent: { asset: { assetId: 'root' } },
      ancestors: [{ asset: { assetId: 'root' } }],
      path: [{ asset: { assetId: 'root' } }, { asset: { assetId: 'a2' } }],
      children: { nodes: [{ asset: { assetId: 'a1' }, tree: { treeId: 't1' } }] },
      descendants: { totalCount: 3 },
      alerts: { totalCount: 2 },
    },
    assets: { nodes: [{ assetId: 'a1' }] },
    alerts: { totalCount: 2 },
  });
  const filters = calls.filter(({ name }) => name === 'alerts.search').map(({ args }) => args[2]);
  expect(filters).toEqual(
    expect.arrayContaining([
      { scope: { treeId: 't1', fromAssetId: 'a2' } },
      { severityIds: ['major'], scope: { treeId: 't1' } },
    ]),
  );
  expect(calls.find(({ name }) => name === 'Asset.list')?.args[1]).toMatchObject({
    filter: { treeId: 't1' },
  });
});

const ALERT_LINKS = `id alertId state origin value occurredAt occurredTimestamp recoveredAt tags { key }
  asset { assetId } model { modelId } point { pointId definition { pointId } asset { assetId } }
  paths { treeId assetIds tree { treeId } assets { assetId } } maskedBy { alertId alert { alertId } }`;

test('alert: asset, model, point, severity, type, content, rule, paths, masking alerts', async () => {
  const { data } = await clean(`{ alerts(first: 1) { nodes { ${ALERT_LINKS}
    severity { severityId name tags { key } updatedAt } type { typeId name tags { key } parent { typeId name tags { key } parent { typeId } } }
    content { contentId name type { typeId } subType { typeId } model { modelId } }
    rule { ruleId name condition isEnabled triggeringDelay model { modelId } point { pointId } severity { name } content { name } scope { tree { treeId } asset { assetId } } } } } }`);
  const tags = [{ key: 'rank' }];
  expect(at(data, 'alerts.nodes.0')).toEqual({
    id: toGlobalId('Alert', ORG, 'x1'),
    alertId: 'x1',
    state: 'ACTIVE',
    origin: 'TRIGGERED_BY_RULE',
    value: 97.4,
    occurredAt: '2024-03-10T07:00:00.000Z',
    occurredTimestamp: '1710054000000',
    recoveredAt: null,
    tags: [{ key: 'ack' }],
    asset: { assetId: 'a1' },
    model: { modelId: 'Turbine' },
    point: { pointId: 'power', definition: { pointId: 'power' }, asset: { assetId: 'a1' } },
    paths: [
      {
        treeId: 't1',
        assetIds: ['root', 'a1'],
        tree: { treeId: 't1' },
        assets: [{ assetId: 'root' }, { assetId: 'a1' }],
      },
    ],
    maskedBy: [{ alertId: 'grid1', alert: { alertId: 'grid1' } }],
    severity: { severityId: 'major', name: 'Major', tags, updatedAt: '1970-01-01T00:00:00.005Z' },
    type: { typeId: 'sub', name: 'sub', tags, parent: { typeId: 'top', name: 'top', tags, parent: null } },
    content: {
      contentId: 'hot',
      name: 'Hot',
      type: { typeId: 'top' },
      subType: { typeId: 'sub' },
      model: { modelId: 'Turbine' },
    },
    rule: {
      ruleId: 'rule1',
      name: 'Rule',
      condition: '${power} > 1',
      isEnabled: true,
      triggeringDelay: 300,
      model: { modelId: 'Turbine' },
      point: { pointId: 'power' },
      severity: { name: 'Major' },
      content: { name: 'Hot' },
      scope: [{ tree: { treeId: 't1' }, asset: { assetId: 'root' } }],
    },
  });
});

test('names that an alert carries cost no call', async () => {
  const { data, names } = await clean(`{ alerts(first: 1) { nodes {
    severity { severityId name names { default } } type { typeId name parent { name } } content { name } rule { ruleId name } } } }`);
  expect(at(data, 'alerts.nodes.0')).toEqual({
    severity: { severityId: 'major', name: 'Major (copy)', names: { default: 'Major (copy)' } },
    type: { typeId: 'sub', name: 'Sub (copy)', parent: { name: 'Top (copy)' } },
    content: { name: 'Hot (copy)' },
    rule: { ruleId: 'rule1', name: 'Rule (copy)' },
  });
  expect(names).toEqual(['alerts.search']);
});

test('ids that exist nowhere: the copies stand in, and names fall back to ids', async () => {
  const unknown = async (): Promise<null> => null;
  const overrides = {
    entities: { find: unknown },
    alerts: {
      search: async () => ({ items: [alert('x1', { contentDesc: null })], offset: 0, totalCount: 1 }),
    },
  };
  const { data } = await clean(
    '{ alerts { nodes { severity { name tags { key } } type { name updatedAt } content { name tags { key } } rule { name condition pointId } } } }',
    { overrides },
  );
  expect(at(data, 'alerts.nodes.0')).toEqual({
    severity: { name: 'Major (copy)', tags: [] },
    type: { name: 'Sub (copy)', updatedAt: null },
    content: { name: 'hot', tags: [] },
    rule: { name: 'Rule (copy)', condition: null, pointId: 'power' },
  });
});

test.each<[string, string, Record<string, unknown>]>([
  ['ASSET', 'asset { assetId }', { asset: { assetId: 'a2' } }],
  ['SEVERITY', 'severity { severityId }', { severity: { severityId: 'a2' } }],
  ['TYPE', 'type { typeId }', { type: { typeId: 'a2' } }],
  ['SUB_TYPE', 'type { typeId }', { type: { typeId: 'a2' } }],
  ['CONTENT', 'content { contentId }', { content: { contentId: 'a2' } }],
  ['MEASUREPOINT', 'asset { assetId } model { modelId }', { asset: null, model: null }],
])('alertSummary by %s links to what it counts', async (groupBy, fields, expected) => {
  const { data } = await clean(`{ alertSummary(groupBy: ${groupBy}) { value count ${fields} } }`);
  expect(at(data, 'alertSummary.0')).toEqual({ value: 'a2', count: 5, ...expected });
  expect(at(data, 'alertSummary.1.count')).toBe(1);
});

test('alertSummary by model', async () => {
  const overrides = { alerts: { countActive: async () => [{ value: 'Turbine', count: 2 }] } };
  const { data } = await clean('{ alertSummary(groupBy: MODEL) { model { modelId } } }', { overrides });
  expect(at(data, 'alertSummary')).toEqual([{ model: { modelId: 'Turbine' } }]);
});

test('orgId of the arguments, else of the caller', async () => {
  const { calls } = await ask(
    '{ a: asset(assetId: "a1") { name } b: asset(assetId: "a1", orgId: "o2") { name } alerts(orgId: "o3") { totalCount } }',
  );
  expect(calls.map(({ args }) => args[0])).toEqual([
    { orgId: ORG, id: 'a1' },
    { orgId: 'o2', id: 'a1' },
    'o3',
  ]);
});

test('the masking alert may be gone', async () => {
  const overrides = { alerts: { byId: () => Promise.reject(missing('alert', 'searchActiveAlerts')) } };
  const { data, errors } = await ask(
    '{ alerts(first: 1) { nodes { maskedBy { alertId alert { alertId } } } } }',
    { overrides },
  );
  expect(at(data, 'alerts.nodes.0.maskedBy')).toEqual([{ alertId: 'grid1', alert: null }]);
  expect(errors[0]).toMatchObject({
    code: 'NOT_FOUND',
    path: ['alerts', 'nodes', 0, 'maskedBy', 0, 'alert'],
  });
});
