/** When the number of children that came with a node answers a field, and when it would be another number. */
import { buildSchema, graphqlSync, type GraphQLResolveInfo } from 'graphql';
import { childCountOf, countedChildren, totalAlone } from '../../../src/graph/tree/child-count.js';
import type { GraphContext } from '../../../src/graph/context.js';
import type { NodeRecord } from '../../../src/loading/trees/types.js';

const node = { counted: { treeId: 'tree', children: 7 } } as NodeRecord;
const schema = buildSchema(`
  type Query { children: Children }
  type Children { totalCount: Int nodes: [Int] pageInfo: Int }`);

/** What answers a field with this selection without a call. */
function alone(selection: string, filter: object = {}, treeId = 'tree'): ReturnType<typeof totalAlone> {
  let info: GraphQLResolveInfo | undefined;
  const rootValue = {
    children: (_args: unknown, _context: unknown, given: GraphQLResolveInfo) => {
      info = given;
      return null;
    },
  };
  const { errors } = graphqlSync({ schema, source: `{ children { ${selection} } }`, rootValue });
  expect(errors).toBeUndefined();
  return totalAlone(node, treeId, filter, info!);
}

test('a total that is asked for alone is the number that came with the node', () => {
  expect(alone('totalCount')).toEqual({ items: [], offset: 0, totalCount: 7 });
  expect(alone('__typename totalCount', { modelIds: undefined })?.totalCount).toBe(7);
});

test.each<[string, string, object, string]>([
  ['of a filter', 'totalCount', { modelIds: ['m1'] }, 'tree'],
  ['of nodes that are wanted as well', 'totalCount nodes', {}, 'tree'],
  ['of a page that is asked about', 'totalCount pageInfo', {}, 'tree'],
  ['of another tree', 'totalCount', {}, 'other'],
])('because %s a call is made', (_why, selection, filter, treeId) => {
  expect(alone(selection, filter, treeId)).toBeUndefined();
});

test('the number of one tree is not that of another, which is asked for', async () => {
  expect(countedChildren(node, 'tree')).toBe(7);
  expect(countedChildren(node, 'other')).toBeUndefined();
  const asked: string[] = [];
  const children = ({ treeId }: { treeId: string }) => {
    asked.push(treeId);
    return { items: [], offset: 0, totalCount: 3 };
  };
  const context = { loaders: { trees: { children } } } as unknown as GraphContext;
  const count = (treeId: string) => childCountOf(node, { orgId: 'o1', treeId, assetId: 'a1' }, context);
  expect([await count('tree'), await count('other')]).toEqual([7, 3]);
  expect(asked).toEqual(['other']);
});
