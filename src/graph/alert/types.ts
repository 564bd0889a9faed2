/** Alerts, open and past, and counts of them. */
import { GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { AlertRecord } from '../../loading/alerts/types.js';
import { connectionType } from '../lists/connection-type.js';
import { Field, ObjectType } from '../decorators.js';
import { Node } from '../nodes/node.js';
import { JsonScalar } from '../scalars/scalars.js';
import { AlertGrouping, AlertState } from './enums.js';

/** An alert. Its fields are read from an `AlertRecord`. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'An alert: an anomaly of an asset. From the searches of event-service and alert-service, whichever the edition has.',
})
export class Alert {
  @Field(() => GraphQLID, { description: 'Id of the alert in EnOS (eventId of event-service).' })
  alertId!: string;

  @Field(() => GraphQLID, { description: 'Organization that the alert belongs to.' })
  orgId!: string;

  @Field(() => AlertState, { description: 'Whether it is open.' })
  state!: AlertState;

  @Field(() => GraphQLID, {
    description: 'Id of its asset, without a call. EnOS does not check that there is one.',
  })
  assetId!: string;

  @Field(() => GraphQLID, {
    nullable: true,
    description: 'Id of the thing model of its asset, without a call.',
  })
  modelId!: string | null;

  @Field(() => GraphQLID, {
    nullable: true,
    description: 'Id of the measurement point; null for a device status.',
  })
  pointId!: string | null;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Device status that raised it, e.g. `offline`.',
  })
  deviceStatus!: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of its severity, without a call.' })
  severityId!: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of its most specific type, without a call.' })
  typeId!: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of its content, without a call.' })
  contentId!: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of the rule that raised it, without a call.' })
  ruleId!: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Value that raised it, as EnOS keeps it.' })
  value!: unknown;

  @Field(() => GraphQLString, { nullable: true, description: 'Why it ended.' })
  recoverReason!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The place of an alert in a tree that its rule watches.' })
export class AlertPath {
  orgId!: string;

  @Field(() => GraphQLID, { description: 'Id of the tree.' })
  treeId!: string;

  @Field(() => [GraphQLID], {
    description: 'Ids of the assets from the root down to the asset of the alert.',
  })
  assetIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'An alert that explains this one: it masks it in a tree.' })
export class MaskingAlert {
  orgId!: string;

  @Field(() => GraphQLID, { description: 'Id of the tree.' })
  treeId!: string;

  @Field(() => GraphQLID, { description: 'Id of the masking alert.' })
  alertId!: string;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Assets that a rule watches: a node of a tree and all below it.',
})
export class AlertRuleScope {
  orgId!: string;

  @Field(() => GraphQLID, { description: 'Id of the tree.' })
  treeId!: string;

  @Field(() => GraphQLID, { description: 'Id of the asset at the top of the watched part.' })
  assetId!: string;
}

/** Number of open alerts that share a value. */
@ObjectType({
  simpleResolvers: true,
  description: 'Number of open alerts that share one value. From aggregateActiveAlerts.',
})
export class AlertCount {
  constructor(
    readonly orgId: string,
    readonly grouping: AlertGrouping,
    value: string,
    count: number,
  ) {
    this.value = value;
    this.count = count;
  }

  @Field(() => GraphQLString, {
    description: 'The value that they share: an id, by the grouping that was asked for.',
  })
  value: string;

  @Field(() => GraphQLInt, { description: 'How many there are.' })
  count: number;
}

/** Page of alerts. */
export const AlertConnection = connectionType('Alert', 'alerts', () => Alert);

/** Paths of an alert, from the texts `treeId:/assetId/.../assetId`. */
export function toPaths({ orgId, assetPaths }: AlertRecord): AlertPath[] {
  return assetPaths.map((path) => {
    const [treeId = '', ...rest] = path.split(':');
    return {
      orgId,
      treeId,
      assetIds: rest
        .join(':')
        .split('/')
        .filter((id) => id !== ''),
    };
  });
}

/** Masking alerts, from the texts `treeId:alertId`. */
export function toMaskingAlerts({ orgId, maskedBy }: AlertRecord): MaskingAlert[] {
  return maskedBy.map((text) => {
    const [treeId = '', ...rest] = text.split(':');
    return { orgId, treeId, alertId: rest.join(':') };
  });
}
