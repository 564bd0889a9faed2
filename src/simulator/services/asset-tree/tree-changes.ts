/**
 * Asset Tree Service, trees: created with a new root or with one that is there, updated, deleted.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler, ServiceHandlers, SimulatorContext } from '../../operation.js';
import { invalidArgument } from '../../refusals.js';
import { checkTags } from '../../tags.js';
import { addLogicalAsset, toText } from '../asset/changes.js';
import type { SentText } from '../asset/changes.js';
import { assetNamed, nameIn, treeOf } from './changes.js';
import { requireTree } from './view.js';

interface SentTree {
  name: SentText;
  tags?: Record<string, string>;
}

const createAssetTree: OperationHandler = ({ body }, context) => {
  requireRoom(context);
  const rootId = addLogicalAsset(body.asset as Parameters<typeof addLogicalAsset>[0], context, (detail) =>
    invalidArgument('asset', detail),
  );
  return { data: addTree(context, rootId, body.tree as SentTree | undefined) };
};

const createAssetTreeAndAssociateAsset: OperationHandler = (request, context) => {
  requireRoom(context);
  const { assetId } = assetNamed(context.world, nameIn(request));
  return { data: addTree(context, assetId, request.body.tree as SentTree | undefined) };
};

function requireRoom({ world }: SimulatorContext): void {
  if (world.trees.size >= world.limits.trees)
    throw new ServiceError(17772, 'The quota of tree reaches ceiling');
}

/** What name EnOS gives a tree that is told none is not documented: here it takes that of its root. */
function addTree({ world, ids }: SimulatorContext, rootId: string, sent: SentTree | undefined): string {
  const { name, tags = {} } = sent ?? { name: world.assets.get(rootId)?.name ?? { defaultValue: rootId } };
  checkTags('tree.tags', tags);
  const treeId = ids.short(world.trees);
  world.trees.set(treeId, treeOf({ treeId, orgId: world.orgId, name: toText(name), tags }, rootId));
  return treeId;
}

/** updateAssetTree: name and tags, each as a whole. A missing tree answers 400, unlike in the service's other operations. */
const updateAssetTree: OperationHandler = ({ body }, { world }) => {
  const { treeId, name, tags } = body.treeUpdateInfo as Partial<SentTree> & { treeId: string };
  const tree = world.trees.get(treeId);
  if (tree === undefined) throw new ServiceError(400, `There is no tree ${treeId}`);
  if (name === undefined && tags === undefined)
    throw invalidArgument('treeUpdateInfo', 'has neither name nor tags');
  if (name !== undefined && typeof name.defaultValue !== 'string')
    throw invalidArgument('treeUpdateInfo.name.defaultValue', 'is required');
  checkTags('treeUpdateInfo.tags', tags ?? {});
  world.trees.set(treeId, {
    ...tree,
    ...(name === undefined ? {} : { name: toText(name) }),
    ...(tags === undefined ? {} : { tags }),
  });
  return { data: null };
};

const deleteAssetTree: OperationHandler = ({ query }, { world }) => {
  const tree = requireTree(world, query.treeId);
  if (tree.root.children.length > 0) throw new ServiceError(17800, 'Query it has sub nodes when delete node');
  world.trees.delete(tree.treeId);
  return { data: null };
};

/** Handlers of changes of trees. */
export const treeChangeHandlers: ServiceHandlers = {
  createAssetTree,
  createAssetTreeAndAssociateAsset,
  updateAssetTree,
  deleteAssetTree,
};
