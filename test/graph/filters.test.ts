import type { ListQuery } from '../../src/loading/entity/query.js';
import { ask, at } from './fake-loaders.js';

async function filterOf(query: string, method: string, index = 1): Promise<unknown> {
  const { calls, errors } = await ask(query);
  expect(errors).toEqual([]);
  const given = calls.find(({ name }) => name === method)?.args[index];
  return method.endsWith('.list') ? (given as ListQuery | undefined)?.filter : given;
}

test('asset filter: everything goes on, repetitions and nulls do not', async () => {
  const filter = await filterOf(
    `{ assets(filter: { assetIds: ["a", "b", "a"], modelIds: ["m"], rootModelIds: ["r"], name: { contains: "x' or 1", locale: "en_US" }, treeId: "t",
        tags: [{ key: "k", equals: "v" }, { key: "l", in: ["1", "2"] }, { key: "m", contains: "c" }, { key: "n" }, { key: "o", exists: false }],
        attributes: [{ attributeId: "p", equals: 80 }, { attributeId: "q", equals: "x" }, { attributeId: "s", equals: true }] }) { nodes { assetId } } }`,
    'Asset.list',
  );
  expect(filter).toEqual({
    assetIds: ['a', 'b'],
    modelIds: ['m'],
    rootModelIds: ['r'],
    name: { contains: "x' or 1", locale: 'en_US' },
    treeId: 't',
    tags: [
      { key: 'k', equals: 'v' },
      { key: 'l', in: ['1', '2'] },
      { key: 'm', contains: 'c' },
      { key: 'n', exists: true },
      { key: 'o', exists: false },
    ],
    attributes: [
      { attributeId: 'p', equals: 80 },
      { attributeId: 'q', equals: 'x' },
      { attributeId: 's', equals: true },
    ],
  });
});

test('nulls count as absent', async () => {
  expect(
    await filterOf(
      '{ assets(filter: { assetIds: null, name: null, tags: null, treeId: null }) { nodes { assetId } } }',
      'Asset.list',
    ),
  ).toEqual({});
  expect(await filterOf('{ thingModels(filter: null) { nodes { modelId } } }', 'ThingModel.list')).toEqual(
    {},
  );
});

test('model, tree and alert filters', async () => {
  expect(
    await filterOf(
      '{ thingModels(filter: { modelIds: ["m"], scope: ORGANIZATION, tags: [{ key: "a", equals: "b" }], measurepointTags: [{ key: "c" }] }) { totalCount } }',
      'ThingModel.list',
    ),
  ).toEqual({
    modelIds: ['m'],
    scope: 'organization',
    tags: [{ key: 'a', equals: 'b' }],
    measurepointTags: [{ key: 'c', exists: true }],
  });
  expect(
    await filterOf(
      '{ assetTrees(filter: { treeIds: ["t"], name: { contains: "n" } }) { totalCount } }',
      'trees.search',
    ),
  ).toEqual({
    treeIds: ['t'],
    name: { contains: 'n' },
  });
  expect(
    await filterOf(
      '{ alerts(state: HISTORY, filter: { severityIds: ["s"], pointIds: ["p"], occurredFrom: "2024-01-01T00:00:00Z", occurredTo: "2024-01-02T00:00:00Z", scope: { treeId: "t", includeMasked: true } }) { totalCount } }',
      'alerts.search',
      2,
    ),
  ).toEqual({
    severityIds: ['s'],
    pointIds: ['p'],
    occurredFrom: 1704067200000,
    occurredTo: 1704153600000,
    scope: { treeId: 't', includeMasked: true },
  });
});

test.each([
  '{ assets(filter: { assetIds: [] }) { totalCount nodes { assetId } } }',
  '{ assets(filter: { tags: [{ key: "a", in: [] }] }) { totalCount nodes { assetId } } }',
  '{ assets: alerts(filter: { severityIds: [] }) { totalCount nodes { alertId } } }',
  '{ assets: thingModels(filter: { modelIds: [] }) { totalCount nodes { modelId } } }',
  '{ assets: assetTrees(filter: { treeIds: [] }) { totalCount nodes { treeId } } }',
])('an empty list of ids matches nothing, and asks nobody: %s', async (query) => {
  const { data, errors, names } = await ask(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({ assets: { totalCount: 0, nodes: [] } });
  expect(names).toEqual([]);
});

test('alerts of an asset: a filter for other assets matches nothing, one for this is dropped', async () => {
  const { data, calls } = await ask(
    '{ asset(assetId: "a1") { no: alerts(filter: { assetIds: ["a2"] }) { totalCount } yes: alerts(filter: { assetIds: ["a1"] }) { totalCount } } }',
  );
  expect(at(data, 'asset')).toEqual({ no: { totalCount: 0 }, yes: { totalCount: 1 } });
  const asked = calls.filter(({ name }) => name === 'alerts.ofAsset');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.args[2]).toEqual({});
});

const many = JSON.stringify(Array.from({ length: 1001 }, (_, index) => `i${index}`));

test.each([
  ['{ assets(filter: { name: { contains: "" } }) { totalCount } }', 'filter.name.contains'],
  [
    '{ assets(filter: { tags: [{ key: "a", equals: "b", contains: "c" }] }) { totalCount } }',
    'filter.tags[0]',
  ],
  ['{ assets(filter: { tags: [{ key: "" }] }) { totalCount } }', 'filter.tags[0].key'],
  [
    '{ assets(filter: { attributes: [{ attributeId: "a", equals: [1] }] }) { totalCount } }',
    'filter.attributes[0].equals',
  ],
  [`{ assets(filter: { assetIds: ${many} }) { totalCount } }`, 'filter.assetIds'],
  [`{ assets: assetsById(assetIds: ${many}) { assetId } }`, 'assetIds'],
  [`{ assets: nodes(ids: ${many}) { id } }`, 'ids'],
  [
    '{ assets: alerts(filter: { occurredFrom: "2024-01-02T00:00:00Z", occurredTo: "2024-01-01T00:00:00Z" }) { totalCount } }',
    'filter.occurredTo',
  ],
])('%.90s is refused by name', async (query, argument) => {
  const { errors, names } = await ask(query);
  expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { argument } });
  expect(errors[0]?.message).toContain(argument.split('[')[0]);
  expect(names).toEqual([]);
});

test.each([
  [
    'asset(assetId: "a1") { children(treeId: "t1", filter: { treeId: "t2" }) { totalCount } }',
    'filter.treeId',
  ],
  ['assetTree(treeId: "t1") { assets(filter: { treeId: "t2" }) { totalCount } }', 'filter.treeId'],
  ['assetTree(treeId: "t1") { alerts(filter: { scope: { treeId: "t2" } }) { totalCount } }', 'filter.scope'],
])('a field about one tree takes no other: %s', async (fields, argument) => {
  const { errors } = await ask(`{ ${fields} }`);
  expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { argument } });
});
