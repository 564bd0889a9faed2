import { fromGlobalId, toGlobalId } from '../../src/graph/nodes/node.js';
import { ORG, ask, missing, at } from './fake-loaders.js';

test('round trip, with any characters in ids', () => {
  for (const id of ['a', 'x:y', 'ü/"\\', '["a"]']) {
    expect(fromGlobalId(toGlobalId('Asset', 'o:1', id), 'id')).toEqual({
      type: 'Asset',
      orgId: 'o:1',
      ids: [id],
    });
  }
  expect(toGlobalId('Asset', 'o1', 'a')).not.toContain('=');
});

test('no part of an id can be taken for another', () => {
  expect(toGlobalId('AssetTreeNode', 'o', 'a:b', 'c')).not.toBe(toGlobalId('AssetTreeNode', 'o', 'a', 'b:c'));
  expect(toGlobalId('AssetTreeNode', 'o', 'a","b', 'c')).not.toBe(
    toGlobalId('AssetTreeNode', 'o', 'a', 'b","c'),
  );
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  [''],
  ['tB4nX9wL'],
  ['!!!'],
  [encode(['Asset', 'o1'])],
  [encode(['Asset', 'o1', 'a', 'b'])],
  [encode(['AssetTreeNode', 'o1', 't'])],
  [encode(['Query', 'o1', 'a'])],
  [encode(['toString', 'o1', 'a'])],
  [encode(['Asset', 1, 'a'])],
  [encode(['Asset', 'o1', ''])],
  [encode({ type: 'Asset' })],
  ['A'.repeat(5000)],
])('refuses %.60s', async (id) => {
  const { data, errors } = await ask('query ($id: ID!) { node(id: $id) { id } }', { variables: { id } });
  expect(data).toEqual({ node: null });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', path: ['node'], extensions: { argument: 'id' } });
  expect(errors[0]?.message).toContain('Argument "id"');
});

test('every type is found again by its id', async () => {
  const ids = [
    toGlobalId('Asset', ORG, 'a1'),
    toGlobalId('ThingModel', ORG, 'Turbine'),
    toGlobalId('AssetTree', ORG, 't1'),
    toGlobalId('AssetTreeNode', ORG, 't1', 'a2'),
    toGlobalId('Alert', ORG, 'x1'),
  ];
  const { data, errors } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
    variables: { ids },
  });
  expect(errors).toEqual([]);
  expect(at(data, 'nodes')).toEqual(
    ['Asset', 'ThingModel', 'AssetTree', 'AssetTreeNode', 'Alert'].map((type, index) => ({
      __typename: type,
      id: ids[index],
    })),
  );
});

test('nodes: null and an error at each that cannot be had, the others whole', async () => {
  const ids = [toGlobalId('Asset', ORG, 'gone'), 'bad', toGlobalId('Asset', ORG, 'a1')];
  const { data, errors } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    variables: { ids },
  });
  expect(at(data, 'nodes')).toEqual([null, null, { id: ids[2] }]);
  expect(errors.map(({ path, code }) => [path, code])).toEqual(
    expect.arrayContaining([
      [['nodes', 0], 'NOT_FOUND'],
      [['nodes', 1], 'BAD_USER_INPUT'],
    ]),
  );
  expect(errors.find(({ code }) => code === 'BAD_USER_INPUT')?.extensions['argument']).toBe('ids[1]');
});

test('a shared model keeps the organization that asked for it in its id', async () => {
  const { data } = await ask('{ thingModel(modelId: "Turbine") { id orgId } }');
  expect(at(data, 'thingModel')).toEqual({ id: toGlobalId('ThingModel', ORG, 'Turbine'), orgId: 'oMaker' });
});

test('a place in a tree that is gone is NOT_FOUND', async () => {
  const overrides = { trees: { path: () => Promise.reject(missing('asset-tree', 'searchAssetPath')) } };
  const { errors } = await ask('query ($id: ID!) { node(id: $id) { id } }', {
    overrides,
    variables: { id: toGlobalId('AssetTreeNode', ORG, 't1', 'zz') },
  });
  expect(errors[0]).toMatchObject({ code: 'NOT_FOUND', path: ['node'] });
});
