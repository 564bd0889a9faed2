/** Links from severities, types, contents, rules and counts to everything around them. */
import type { GraphQLResolveInfo } from 'graphql';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import { asset, type AssetRecord } from '../../loading/entities/asset.js';
import { then, type MaybePromise } from '../../loading/maybe.js';
import type { TreeRecord } from '../../loading/trees/types.js';
import { Asset } from '../entities/asset.js';
import type { GraphContext } from '../context.js';
import { Ctx, FieldResolver, Info, Resolver, Root } from '../decorators.js';
import { Measurepoint, pointOf } from '../model/features.js';
import { modelAt } from '../model/load.js';
import { ThingModel } from '../entities/thing-model.js';
import { namedType } from '../names.js';
import { AlertContent, AlertRule, AlertRuleScope, AlertSeverity, AlertType } from './definitions.js';
import { parentOf } from './links.js';
import { loadContent, loadSeverity, loadType } from './load.js';
import { AlertCount } from './types.js';
import { AssetTree } from '../tree/types.js';

@Resolver(() => AlertType)
class AlertTypeResolver {
  @FieldResolver(() => AlertType, {
    nullable: true,
    description: 'Type above it; null at the top (searchAlertType).',
  })
  parent(
    @Root() type: AlertType,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybePromise<AlertType | null> {
    return parentOf(type, context, info);
  }
}

@Resolver(() => AlertContent)
class AlertContentResolver {
  @FieldResolver(() => AlertType, { nullable: true, description: 'Its type at the top (searchAlertType).' })
  type(
    @Root() { orgId, typeId }: AlertContent,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertType | null> | null {
    return typeId ? loadType(context, orgId, typeId) : null;
  }

  @FieldResolver(() => AlertType, {
    nullable: true,
    description: 'Its type below the top (searchAlertType).',
  })
  subType(
    @Root() { orgId, subTypeId }: AlertContent,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertType | null> | null {
    return subTypeId ? loadType(context, orgId, subTypeId) : null;
  }

  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'Thing model that it is for (searchThingModel).',
  })
  model(
    @Root() { orgId, modelId }: AlertContent,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<ModelRecord> | null {
    return modelId ? modelAt({ loaders }, { orgId, modelId }) : null;
  }
}

@Resolver(() => AlertRule)
class AlertRuleResolver {
  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'Thing model whose assets it watches (searchThingModel).',
  })
  model(
    @Root() { orgId, modelId }: AlertRule,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<ModelRecord> | null {
    return modelId ? modelAt({ loaders }, { orgId, modelId }) : null;
  }

  @FieldResolver(() => Measurepoint, {
    nullable: true,
    description: 'Measurement point that it watches; null for a device status.',
  })
  point(
    @Root() { orgId, modelId, pointId }: AlertRule,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<Measurepoint | null> {
    if (!modelId || !pointId) return null;
    return then(modelAt({ loaders }, { orgId, modelId }), (model) => pointOf(model, pointId));
  }

  @FieldResolver(() => AlertSeverity, {
    nullable: true,
    description: 'Severity of its alerts (searchAlertSeverity).',
  })
  severity(
    @Root() { orgId, severityId }: AlertRule,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertSeverity | null> | null {
    return severityId ? loadSeverity(context, orgId, severityId, null) : null;
  }

  @FieldResolver(() => AlertContent, {
    nullable: true,
    description: 'What its alerts say (searchAlertContent).',
  })
  content(
    @Root() { orgId, contentId }: AlertRule,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertContent | null> | null {
    return contentId ? loadContent(context, orgId, contentId, null) : null;
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
    return grouping === 'assetId' ? loaders.of(asset).load({ orgId, id: value }) : null;
  }

  @FieldResolver(() => ThingModel, {
    nullable: true,
    description: 'The thing model, where counted by model.',
  })
  model(
    @Root() { orgId, grouping, value }: AlertCount,
    @Ctx() { loaders }: GraphContext,
  ): MaybePromise<ModelRecord> | null {
    return grouping === 'modelId' ? modelAt({ loaders }, { orgId, modelId: value }) : null;
  }

  @FieldResolver(() => AlertSeverity, {
    nullable: true,
    description: 'The severity, where counted by severity.',
  })
  severity(
    @Root() { orgId, grouping, value }: AlertCount,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertSeverity | null> | null {
    return grouping === 'severityId' ? loadSeverity(context, orgId, value, null) : null;
  }

  @FieldResolver(() => AlertType, {
    nullable: true,
    description: 'The type, where counted by type or type below it.',
  })
  type(
    @Root() { orgId, grouping, value }: AlertCount,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertType | null> | null {
    return grouping === 'typeId' || grouping === 'subTypeId' ? loadType(context, orgId, value) : null;
  }

  @FieldResolver(() => AlertContent, {
    nullable: true,
    description: 'The content, where counted by content.',
  })
  content(
    @Root() { orgId, grouping, value }: AlertCount,
    @Ctx() context: GraphContext,
  ): MaybePromise<AlertContent | null> | null {
    return grouping === 'contentId' ? loadContent(context, orgId, value, null) : null;
  }
}

/** Resolvers of what alerts refer to. */
export const alertDefinitionResolvers = [
  AlertTypeResolver,
  AlertContentResolver,
  AlertRuleResolver,
  AlertRuleScopeResolver,
  AlertCountResolver,
  namedType<AlertSeverity>(
    () => AlertSeverity,
    'severity',
    ({ text, severityId }) => ({ text, id: severityId }),
  ),
  namedType<AlertType>(
    () => AlertType,
    'type',
    ({ text, typeId }) => ({ text, id: typeId }),
  ),
  namedType<AlertContent>(
    () => AlertContent,
    'content',
    ({ text, contentId }) => ({ text, id: contentId }),
  ),
  namedType<AlertRule>(
    () => AlertRule,
    'rule',
    ({ text, ruleId }) => ({ text, id: ruleId }),
  ),
];
