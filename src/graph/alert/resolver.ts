/** Links from alerts to everything around them. */
import { GraphQLID } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import { asset, type AssetRecord } from '../../loading/entities/asset.js';
import type { MaybePromise } from '../../loading/maybe.js';
import type { TreeRecord } from '../../loading/trees/types.js';
import { Asset } from '../entities/asset.js';
import type { GraphContext } from '../context.js';
import { Ctx, Extensions, FieldResolver, Resolver, Root } from '../decorators.js';
import { SHORT_LIST } from '../lists/limits.js';
import { modelAt } from '../model/load.js';
import { ThingModel } from '../entities/thing-model.js';
import { GLOBAL_ID } from '../nodes/node.js';
import { toGlobalId } from '../nodes/node.js';
import { BigIntScalar, DateTime } from '../scalars/scalars.js';
import { AssetPoint } from '../series/types.js';
import { Tag, toTags } from '../names.js';
import { AssetTree } from '../tree/types.js';
import { AlertOrigin } from './enums.js';
import {
  Alert,
  AlertCount,
  AlertPath,
  AlertRuleScope,
  MaskingAlert,
  toMaskingAlerts,
  toPaths,
} from './types.js';

@Resolver(() => Alert)
class AlertResolver {
  @FieldResolver(() => GraphQLID, GLOBAL_ID)
  id(@Root() { orgId, alertId }: AlertRecord): string {
    return toGlobalId('Alert', orgId, alertId);
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'Its asset (searchAssetNode). An alert may name one that does not exist.',
  })
  asset(
    @Root() { orgId, assetId }: AlertRecord,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetRecord> {
    return loaders.of(asset).load({ orgId, id: assetId });
  }

  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'Thing model of its asset (searchThingModel).',
  })
  model(
    @Root() { orgId, modelId }: AlertRecord,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<ModelRecord> | null {
    return modelId ? modelAt({ loaders }, { orgId, modelId }) : null;
  }

  @FieldResolver(() => AssetPoint, {
    nullable: true,
    description: 'Measurement point that it is about; null for a device status.',
  })
  point(@Root() { orgId, assetId, pointId, modelId }: AlertRecord): AssetPoint | null {
    return pointId ? new AssetPoint(orgId, assetId, pointId, { modelId }) : null;
  }

  @FieldResolver(() => DateTime, { description: 'When it began.' })
  occurredAt(@Root() { occurTime }: AlertRecord): number {
    return occurTime;
  }

  @FieldResolver(() => BigIntScalar, { description: 'The same in Unix milliseconds.' })
  occurredTimestamp(@Root() { occurTime }: AlertRecord): number {
    return occurTime;
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When it ended; null for an open alert.' })
  recoveredAt(@Root() { recoverTime }: AlertRecord): number | null {
    return recoverTime;
  }

  @FieldResolver(() => AlertOrigin, { nullable: true, description: 'How it came about, or ended.' })
  origin(@Root() { eventType }: AlertRecord): number | null {
    return Object.values<number>(AlertOrigin).includes(eventType) ? eventType : null;
  }

  @FieldResolver(() => [Tag], { description: 'Tags of the alert.' })
  tags(@Root() { tags }: AlertRecord): Tag[] {
    return toTags(tags);
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [AlertPath], {
    description: 'Its places in the trees that its rule watches. Empty where EnOS names none.',
  })
  paths(@Root() alert: AlertRecord): AlertPath[] {
    return toPaths(alert);
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [MaskingAlert], {
    description: 'Root alerts that explain it. Empty for an alert on its own.',
  })
  maskedBy(@Root() alert: AlertRecord): MaskingAlert[] {
    return toMaskingAlerts(alert);
  }
}

@Resolver(() => AlertPath)
class AlertPathResolver {
  @FieldResolver(() => AssetTree, { nullable: true, description: 'The tree (getAssetTree).' })
  tree(@Root() { orgId, treeId }: AlertPath, @Ctx() { loaders }: GraphContext): MaybePromise<TreeRecord> {
    return loaders.trees.byId({ orgId, treeId });
  }

  @Extensions({ listSize: SHORT_LIST })
  @FieldResolver(() => [Asset], {
    nullable: 'itemsAndList',
    description: 'The assets from the root down to that of the alert (searchAssetNode).',
  })
  assets(
    @Root() { orgId, assetIds }: AlertPath,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetRecord>[] {
    return assetIds.map((assetId) => loaders.of(asset).load({ orgId, id: assetId }));
  }
}

@Resolver(() => MaskingAlert)
class MaskingAlertResolver {
  @FieldResolver(() => Alert, {
    nullable: true,
    description: 'The masking alert (searchActiveAlerts, searchHistoryAlerts).',
  })
  alert(
    @Root() { orgId, alertId }: MaskingAlert,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AlertRecord> {
    return loaders.alerts.byId(orgId, alertId);
  }
}

@Resolver(() => AlertRuleScope)
class AlertRuleScopeResolver {
  @FieldResolver(() => AssetTree, { nullable: true, description: 'The tree (getAssetTree).' })
  tree(
    @Root() { orgId, treeId }: AlertRuleScope,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<TreeRecord> {
    return loaders.trees.byId({ orgId, treeId });
  }

  @FieldResolver(() => Asset, {
    nullable: true,
    description: 'The asset at the top of the watched part (searchAssetNode).',
  })
  asset(
    @Root() { orgId, assetId }: AlertRuleScope,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetRecord> {
    return loaders.of(asset).load({ orgId, id: assetId });
  }
}

@Resolver(() => AlertCount)
class AlertCountResolver {
  @FieldResolver(() => Asset, { nullable: true, description: 'The asset, where counted by asset.' })
  asset(
    @Root() { orgId, grouping, value }: AlertCount,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<AssetRecord> | null {
    return grouping === 'assetId' && value !== '' ? loaders.of(asset).load({ orgId, id: value }) : null;
  }

  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'The thing model, where counted by model.',
  })
  model(
    @Root() { orgId, grouping, value }: AlertCount,
    @Ctx() context: GraphContext,
  ): MaybePromise<ModelRecord> | null {
    return grouping === 'modelId' && value !== '' ? modelAt(context, { orgId, modelId: value }) : null;
  }
}

/** Resolvers of alerts. */
export const alertResolvers = [
  AlertResolver,
  AlertPathResolver,
  MaskingAlertResolver,
  AlertRuleScopeResolver,
  AlertCountResolver,
];
