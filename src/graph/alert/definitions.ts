/**
 * What alerts refer to: severities, types, contents, rules. An alert carries copies of their texts and may name ids that do
 * not exist, so each of these can be made from a definition or from the copy.
 */
import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type {
  AlertContentRecord,
  AlertRuleRecord,
  AlertTypeRecord,
  SeverityRecord,
} from '../../loading/entities/alert-definitions.js';
import type { I18nText } from '../../loading/common.js';
import { Field, ObjectType } from '../decorators.js';
import { DateTime } from '../scalars/scalars.js';
import { Tag, toTags } from '../names.js';

const TAGS = { description: 'Tags of the definition; empty where EnOS knows no such definition.' };
const UPDATED = { nullable: true, description: 'When the definition was changed last.' };

@ObjectType({ simpleResolvers: true, description: 'How grave an alert is. From searchAlertSeverity.' })
export class AlertSeverity {
  constructor(severityId: string, record: SeverityRecord | null, copy: I18nText | null) {
    this.severityId = severityId;
    this.text = record?.desc ?? copy;
    this.tags = toTags(record?.tags);
    this.updatedAt = record?.updateTime ?? null;
  }

  readonly text: I18nText | null;

  @Field(() => GraphQLID, { description: 'Id of the severity in EnOS.' })
  severityId: string;

  @Field(() => [Tag], TAGS)
  tags: Tag[];

  @Field(() => DateTime, UPDATED)
  updatedAt: number | null;
}

/** What an alert says of the parent of its type; undefined where the type did not come with an alert. */
export interface ParentTypeCopy {
  text: I18nText | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Kind of alert, perhaps below a parent type. From searchAlertType.',
})
export class AlertType {
  constructor(
    readonly orgId: string,
    typeId: string,
    record: AlertTypeRecord | null,
    copy: I18nText | null,
    parent?: { typeId: string | null; copy: ParentTypeCopy },
  ) {
    this.typeId = typeId;
    this.text = record?.desc ?? copy;
    this.tags = toTags(record?.tags);
    this.updatedAt = record?.updateTime ?? null;
    this.parentTypeId = record?.parentTypeId ?? parent?.typeId ?? null;
    this.parentCopy = parent && parent.typeId === this.parentTypeId ? parent.copy : undefined;
  }

  readonly text: I18nText | null;
  readonly parentCopy: ParentTypeCopy | undefined;

  @Field(() => GraphQLID, { description: 'Id of the type in EnOS.' })
  typeId: string;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of the type above; null at the top.' })
  parentTypeId: string | null;

  @Field(() => [Tag], TAGS)
  tags: Tag[];

  @Field(() => DateTime, UPDATED)
  updatedAt: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What an alert says. From searchAlertContent.' })
export class AlertContent {
  constructor(
    readonly orgId: string,
    contentId: string,
    record: AlertContentRecord | null,
    copy: I18nText | null,
  ) {
    this.contentId = contentId;
    this.text = record?.desc ?? copy;
    this.modelId = record?.modelId ?? null;
    this.typeId = record?.typeId ?? null;
    this.subTypeId = record?.subTypeId ?? null;
    this.tags = toTags(record?.tags);
    this.updatedAt = record?.updateTime ?? null;
  }

  readonly text: I18nText | null;

  @Field(() => GraphQLID, { description: 'Id of the content in EnOS.' })
  contentId: string;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of the thing model that it is for.' })
  modelId: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of its type at the top.' })
  typeId: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of its type below the top.' })
  subTypeId: string | null;

  @Field(() => [Tag], TAGS)
  tags: Tag[];

  @Field(() => DateTime, UPDATED)
  updatedAt: number | null;
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

@ObjectType({ simpleResolvers: true, description: 'Rule by which alerts come about. From searchAlertRule.' })
export class AlertRule {
  constructor(
    readonly orgId: string,
    ruleId: string,
    record: AlertRuleRecord | null,
    copy: { text: I18nText | null; modelId: string | null; pointId: string | null },
  ) {
    this.ruleId = ruleId;
    this.text = record?.desc ?? copy.text;
    this.modelId = record?.modelId ?? copy.modelId;
    this.pointId = record ? record.pointId : copy.pointId;
    this.deviceStatus = record?.deviceStatus ?? null;
    this.condition = record?.condition ?? null;
    this.isEnabled = record?.isEnabled ?? null;
    this.isRoot = record?.isRoot ?? null;
    this.severityId = record?.severityId ?? null;
    this.contentId = record?.contentId ?? null;
    this.tags = toTags(record?.tags);
    this.scope = (record?.scope ?? []).map((part) => ({ ...part, orgId }));
    this.triggeringDelay = record?.triggeringDelay ?? null;
  }

  readonly text: I18nText | null;

  @Field(() => GraphQLID, { description: 'Id of the rule in EnOS.' })
  ruleId: string;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of the thing model whose assets it watches.' })
  modelId: string | null;

  @Field(() => GraphQLID, {
    nullable: true,
    description: 'Id of the measurement point that it watches; null for a device status.',
  })
  pointId: string | null;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Device status that it watches, e.g. `offline`.',
  })
  deviceStatus: string | null;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Condition in the language of EnOS, e.g. `${temperature} > 95`.',
  })
  condition: string | null;

  @Field(() => GraphQLBoolean, { nullable: true, description: 'Whether it is in force.' })
  isEnabled: boolean | null;

  @Field(() => GraphQLBoolean, {
    nullable: true,
    description: 'Whether its alerts mask those that follow from them.',
  })
  isRoot: boolean | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of the severity of its alerts.' })
  severityId: string | null;

  @Field(() => GraphQLID, { nullable: true, description: 'Id of the content of its alerts.' })
  contentId: string | null;

  @Field(() => GraphQLInt, { nullable: true, description: 'How long the anomaly must last, in seconds.' })
  triggeringDelay: number | null;

  @Field(() => [AlertRuleScope], {
    description: 'The parts of trees that it watches; empty where EnOS names none.',
  })
  scope: AlertRuleScope[];

  @Field(() => [Tag], TAGS)
  tags: Tag[];
}
