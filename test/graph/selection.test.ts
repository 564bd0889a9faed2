import type { ListQuery } from '../../src/loading/entity/query.js';
import { ask, asset, at } from './fake-loaders.js';

/** Parts that the resolver asked for, as the loader got them. */
async function partsOf(query: string, variables: Record<string, unknown> = {}): Promise<string[]> {
  const { calls, errors } = await ask(query, { variables });
  expect(errors).toEqual([]);
  const { name, args } = calls.find((call) => ['Asset.list', 'trees.children'].includes(call.name))!;
  const parts = name === 'Asset.list' ? (args[1] as ListQuery).parts : (args.at(-1) as Set<string>);
  return [...parts!].sort();
}

test.each<[string, string, string[]]>([
  ['plain fields', '{ assets { nodes { name model { name } } } }', []],
  ['tags below nodes', '{ assets { nodes { tags { key } } } }', ['tags']],
  ['attributes below edges', '{ assets { edges { node { attributes } } } }', ['attributes']],
  ['one attribute', '{ assets { nodes { attribute(attributeId: "rated") { value } } } }', ['attributes']],
  ['attribute values', '{ assets { nodes { attributeValues { value } } } }', ['attributes']],
  ['under aliases', '{ assets { n: nodes { t: tags { key } a: attributes } } }', ['attributes', 'tags']],
  [
    'in a named fragment',
    '{ assets { ...P } } fragment P on AssetConnection { nodes { ...T } } fragment T on Asset { tags { key } }',
    ['tags'],
  ],
  [
    'in an inline fragment',
    '{ assets { ... { nodes { ... on Node { ... on Asset { tags { key } } } } } } }',
    ['tags'],
  ],
  ['skipped', '{ assets { nodes { name tags @skip(if: true) { key } } } }', []],
  ['not included', '{ assets { nodes { name ... @include(if: false) { tags { key } } } } }', []],
  [
    'through the asset of a node',
    '{ assetTree(treeId: "t1") { root { children { nodes { asset { tags { key } } } } } } }',
    ['tags'],
  ],
])('heavy parts: %s', async (_name, query, expected) => {
  expect(await partsOf(query)).toEqual(expected);
});

test('variables decide anew with each request', async () => {
  const query = 'query ($on: Boolean!) { assets { nodes { name tags @include(if: $on) { key } } } }';
  expect(await partsOf(query, { on: true })).toEqual(['tags']);
  expect(await partsOf(query, { on: false })).toEqual([]);
});

test('an asset whose list left parts out gets them on its own', async () => {
  const bare = asset('a1', { attributes: undefined, tags: undefined });
  const overrides = { trees: { path: async () => [bare] } };
  const { data, errors, names } = await ask(
    '{ assetTree(treeId: "t1") { node(assetId: "a1") { asset { tags { key value } attributes } } } }',
    { overrides },
  );
  expect(errors).toEqual([]);
  expect(at(data, 'assetTree.node.asset.tags')).toEqual([{ key: 'vendor', value: 'acme' }]);
  expect(at(data, 'assetTree.node.asset.attributes.serial')).toBe('9007199254740993');
  expect(names).toEqual(['trees.byId', 'trees.path', 'Asset.load', 'Asset.load']);
});

test('latest values without their type load no model', async () => {
  const { names } = await ask(
    '{ asset(assetId: "a1") { point(pointId: "power") { latest { time timestamp quality } } } }',
  );
  expect(names).toEqual(['Asset.load', 'series.latest']);
});

test('quality is asked for only where it is selected', async () => {
  const query = (fields: string): string =>
    `{ asset(assetId: "a1") { point(pointId: "power") { series(from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z") { ${fields} } } } }`;
  const flag = async (fields: string): Promise<unknown> => {
    const { calls } = await ask(query(fields));
    return (calls.find(({ name }) => name === 'series.history')?.args[0] as { withQuality: boolean })
      .withQuality;
  };
  expect(await flag('values { value }')).toBe(false);
  expect(await flag('values { quality }')).toBe(true);
  expect(await flag('statistics { last { quality } }')).toBe(true);
});
