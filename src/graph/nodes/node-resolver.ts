/** `node` and `nodes`: anything by its global id. */
import { GraphQLID } from 'graphql';
import { asset } from '../../loading/entities/asset.js';
import { ENTITIES, SPECIAL } from '../../loading/entities/index.js';
import type { GraphContext } from '../context.js';
import { Arg, Ctx, Extensions, Query, Resolver } from '../decorators.js';
import { notFound } from '../errors/raise.js';
import { checkLength } from '../lists/filters.js';
import { idCountOf } from '../lists/limits.js';
import { fromGlobalId } from './node.js';
import { Node } from './node.js';
import { AssetPoint } from '../series/types.js';
import { AssetTreeNode } from '../tree/types.js';

@Resolver()
export class NodeQueries {
  @Query(() => Node, {
    nullable: true,
    description:
      'Anything by its global id, by the operation of its type. Null and NOT_FOUND where it no longer exists.',
  })
  async node(
    @Arg('id', () => GraphQLID, { description: 'Global id, from an `id` field.' }) id: string,
    @Ctx() context: GraphContext,
  ): Promise<object> {
    return load(id, 'id', context);
  }

  @Extensions({ listSize: idCountOf('ids', 1) })
  @Query(() => [Node], {
    nullable: 'items',
    description:
      'Many by their global ids, in the order of the ids. Null and an error at one that cannot be had, the others whole.',
  })
  nodes(
    @Arg('ids', () => [GraphQLID], { description: 'Global ids, at most 1000.' }) ids: string[],
    @Ctx() context: GraphContext,
  ): Promise<object>[] {
    return checkLength(ids, 'ids').map((id, index) => load(id, `ids[${index}]`, context));
  }
}

async function load(globalId: string, argument: string, { loaders }: GraphContext): Promise<object> {
  const { type, orgId, ids } = fromGlobalId(globalId, argument);
  const [id, inside = ''] = ids;
  switch (type) {
    case 'AssetTree':
      return loaders.trees.byId({ orgId, treeId: id });
    case 'AssetPoint': {
      // Whether its model has the point is told by its fields, which read the model: it is not read for this alone.
      return new AssetPoint(orgId, id, inside, { asset: await loaders.of(asset).load({ orgId, id }) });
    }
    case 'AssetTreeNode': {
      const key = { orgId, treeId: id };
      const [tree, path] = await Promise.all([
        loaders.trees.byId(key),
        loaders.trees.path({ ...key, assetId: inside }),
      ]);
      const record = path.at(-1);
      if (!record) throw notFound(`Asset "${inside}" is not in tree "${id}".`);
      return new AssetTreeNode(tree, record);
    }
    default: {
      const special = SPECIAL.find((described) => described.type === type);
      if (special?.load) return special.load(loaders[special.reads] as never, { orgId, id });
      const entity = ENTITIES.find((described) => described.type === type);
      if (entity === undefined) throw new TypeError(`No description is called ${type}`);
      return loaders.of(entity).load({ orgId, id });
    }
  }
}
