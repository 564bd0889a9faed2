/** Assets in the graph, and links between them and their models. Their fields that need code stand in `../asset`. */
import { asset, type AssetRecord } from '../../loading/entities/asset.js';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import type { AssetFilter } from '../../loading/trees/types.js';
import { defineFields } from '../entity/define-field.js';
import { toListQuery, type GivenFilter } from '../entity/filter-input.js';
import { entityGraph } from '../entity/graph.js';
import { linkMany, linkOne, refuseSecond } from '../entity/links.js';
import { id, json, named, tags, text } from '../entity/record-type.js';
import { modelGraph } from './thing-model.js';

/** Assets, for what links to them. */
export const assetGraph = entityGraph(
  asset,
  'An asset: a site, a device, a part, or anything else that has a thing model. From getAsset, searchAssetNode and the searches of asset trees.',
  {
    assetId: id('Id of the asset in EnOS.'),
    modelId: id('Id of its thing model, without a call for the model itself.'),
    modelIdPath: text('Ids of its model and of those it inherits from, as `/root/parent/model`.'),
    name: named,
    description: text('What the asset is.'),
    timezone: text(
      'Time zone: UTC offset such as `+08:00`, or a zone such as `America/Denver`. Days of its series follow it.',
    ),
    attributes: json(
      'Static attributes by attribute id, as EnOS keeps them. Fetched with the asset where selected.',
    ),
    tags: { ...tags, description: 'Tags of the asset. Fetched with the asset where selected.' },
  },
  { attributes: ['attribute', 'attributeValues'] },
);

/** The type, its page and its conditions, for fields that lead to it. */
export const Asset = assetGraph.type;
export const AssetConnection = assetGraph.connection;
export const AssetFilterInput = assetGraph.filter!;

/** Conditions on assets of a field that is about one tree already. Throws BAD_USER_INPUT for another tree. */
export function treeAssetFilter(given: GivenFilter): AssetFilter {
  const { filter } = toListQuery(asset, given, undefined);
  refuseSecond(filter, 'treeId');
  return filter;
}

/** Resolvers of assets, `Asset.model` and `ThingModel.assets`. */
export const assetResolvers = [
  ...assetGraph.resolvers,
  ...defineFields([
    linkOne(
      { of: () => Asset, name: 'model', description: 'Its thing model (searchThingModel).' },
      modelGraph,
      ({ modelId }: AssetRecord) => modelId,
    ),
    linkMany(
      {
        of: () => modelGraph.type,
        name: 'assets',
        description: 'Assets of the model, not of its heirs (searchAssetNode).',
      },
      assetGraph,
      'modelIds',
      ({ modelId }: ModelRecord) => modelId,
    ),
  ]),
];
