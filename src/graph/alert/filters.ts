/** Conditions on alerts. */
import { GraphQLBoolean, GraphQLID } from 'graphql';
import type { AlertFilter } from '../../loading/alerts/types.js';
import { Field, InputType } from '../decorators.js';
import { badUserInput } from '../errors/raise.js';
import { TagFilterInput, compact, toIds, toTagFilters } from '../lists/filters.js';
import { DateTime } from '../scalars/scalars.js';

@InputType('AlertScope', { description: 'Alerts of a tree, or of a part of it.' })
export class AlertScopeInput {
  @Field(() => GraphQLID, { description: 'Id of the tree.' })
  treeId!: string;

  @Field(() => GraphQLID, { nullable: true, description: 'Only of this asset and all below it.' })
  fromAssetId?: string | null;

  @Field(() => GraphQLBoolean, {
    nullable: true,
    description: 'Also alerts that a root alert masks in the tree.',
  })
  includeMasked?: boolean | null;
}

@InputType('AlertFilter', { description: 'Conditions on alerts. All that are given must hold.' })
export class AlertFilterInput {
  @Field(() => [GraphQLID], { nullable: true, description: 'One of these alerts.' })
  alertIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Of one of these assets.' })
  assetIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Of assets of one of these thing models.' })
  modelIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'About one of these measurement points.' })
  pointIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Of one of these severities.' })
  severityIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Of one of these types.' })
  typeIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Of one of these contents.' })
  contentIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Raised by one of these rules.' })
  ruleIds?: string[] | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags.' })
  tags?: TagFilterInput[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Began then or later. Past alerts without any time: of the last three months.',
  })
  occurredFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Began before.' })
  occurredTo?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Ended then or later.' })
  recoveredFrom?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'Ended before.' })
  recoveredTo?: number | null;

  @Field(() => AlertScopeInput, { nullable: true, description: 'In this tree, or part of a tree.' })
  scope?: AlertScopeInput | null;
}

/** The same object always: who looks at it once knows it for all assets of a list. */
const NO_CONDITIONS: AlertFilter = Object.freeze({});

/** What the loaders take. Throws BAD_USER_INPUT for conditions that make no sense. */
export function toAlertFilter(input: AlertFilterInput | null | undefined): AlertFilter {
  if (!input) return NO_CONDITIONS;
  checkOrder(input.occurredFrom, input.occurredTo, 'filter.occurredTo');
  checkOrder(input.recoveredFrom, input.recoveredTo, 'filter.recoveredTo');
  const { scope } = input;
  return compact<AlertFilter>({
    alertIds: toIds(input.alertIds, 'filter.alertIds'),
    assetIds: toIds(input.assetIds, 'filter.assetIds'),
    modelIds: toIds(input.modelIds, 'filter.modelIds'),
    pointIds: toIds(input.pointIds, 'filter.pointIds'),
    severityIds: toIds(input.severityIds, 'filter.severityIds'),
    typeIds: toIds(input.typeIds, 'filter.typeIds'),
    contentIds: toIds(input.contentIds, 'filter.contentIds'),
    ruleIds: toIds(input.ruleIds, 'filter.ruleIds'),
    tags: toTagFilters(input.tags, 'filter.tags'),
    occurredFrom: input.occurredFrom ?? undefined,
    occurredTo: input.occurredTo ?? undefined,
    recoveredFrom: input.recoveredFrom ?? undefined,
    recoveredTo: input.recoveredTo ?? undefined,
    scope: scope
      ? compact({
          treeId: scope.treeId,
          fromAssetId: scope.fromAssetId ?? undefined,
          includeMasked: scope.includeMasked ?? undefined,
        })
      : undefined,
  });
}

/** Conditions of a field that is about one tree, or one part of it. */
export function toScopedAlertFilter(
  input: AlertFilterInput | null | undefined,
  scope: NonNullable<AlertFilter['scope']>,
): AlertFilter {
  if (input?.scope) {
    throw badUserInput('Argument "filter.scope": this field is about one tree already.', 'filter.scope');
  }
  return { ...toAlertFilter(input), scope };
}

function checkOrder(from: number | null | undefined, to: number | null | undefined, argument: string): void {
  if (from != null && to != null && from >= to) {
    throw badUserInput(`Argument "${argument}" must be later than the start of the stretch.`, argument);
  }
}
