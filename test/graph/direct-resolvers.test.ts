/** Resolvers called directly do what type-graphql's own do, and do not wait where there is nothing to wait for. */
import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { AssetTree } from '../../src/graph/tree/types.js';
import { buildGraph } from '../../src/graph/schema.js';

const { schema } = buildGraph();
const info = { fieldNodes: [], fragments: {}, variableValues: {} } as unknown as GraphQLResolveInfo;

function resolverOf(typeName: string, fieldName: string) {
  const type = schema.getType(typeName);
  const resolve = isObjectType(type) ? type.getFields()[fieldName]?.resolve : undefined;
  if (!resolve) throw new Error(`${typeName}.${fieldName} has no resolver`);
  return (source: unknown, args: Record<string, unknown>, context: unknown = {}) =>
    resolve(source, args, context, info);
}

const asset = { orgId: 'o', assetId: 'a', name: { defaultValue: 'Turbine', i18nValue: { de: 'Rad' } } };

test('a field with arguments answers at once', () => {
  const name = resolverOf('Asset', 'name');
  expect(name(asset, {}, { locales: [] })).toBe('Turbine');
  expect(name(asset, { locale: 'de' }, { locales: [] })).toBe('Rad');
  expect(name(asset, { locale: null }, { locales: ['de'] })).toBe('Rad');
  expect(resolverOf('Asset', 'id')(asset, {})).toEqual(expect.any(String));
  expect(resolverOf('Asset', 'point')(asset, { pointId: 'p' })).toMatchObject({ assetId: 'a', pointId: 'p' });
});

test('a list of texts is handed on, an input object is made an instance by type-graphql', async () => {
  const points = resolverOf('Asset', 'points')(asset, { pointIds: ['x', 'y'] });
  expect(await points).toMatchObject([{ pointId: 'x' }, { pointId: 'y' }]);
  const refused = resolverOf('Asset', 'alerts')(
    asset,
    { first: -1, filter: { assetIds: [] } },
    { loaders: {} },
  );
  await expect(Promise.resolve(refused)).rejects.toThrow('Argument "first": -1 is negative.');
});

test('arguments of a class are read, and nothing but them', () => {
  const alerts = resolverOf('Asset', 'alerts');
  const thrown = async () => alerts(asset, { first: 1, last: 2, other: 3 }, { loaders: {} });
  return expect(thrown()).rejects.toThrow('Arguments "first" and "last" exclude each other.');
});

test('types of interfaces are told at once', () => {
  const type = schema.getType('Node');
  if (!isInterfaceType(type)) throw new Error('there is no interface Node');
  expect(type.resolveType?.(new AssetTree(), {}, info, type)).not.toBeInstanceOf(Promise);
});
