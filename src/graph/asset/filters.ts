/** Conditions on assets. */
import { GraphQLID } from 'graphql';
import type { AssetFilter } from '../../loading/assets/types.js';
import { Field, InputType } from '../decorators.js';
import { badUserInput } from '../errors/raise.js';
import {
  NameFilterInput,
  TagFilterInput,
  checkLength,
  compact,
  toIds,
  toNameFilter,
  toTagFilters,
} from '../lists/filters.js';
import { JsonScalar } from '../scalars/scalars.js';
import { shownValue } from '../scalars/shown.js';

@InputType('AttributeFilter', { description: 'A condition on a static attribute.' })
export class AttributeFilterInput {
  @Field(() => GraphQLID, { description: 'Id of the attribute.' })
  attributeId!: string;

  @Field(() => JsonScalar, {
    description:
      'The attribute has this value: a text, a number or a boolean. Integers are exact at any size, as numbers in the query or in variables.',
  })
  equals!: unknown;
}

@InputType('AssetFilter', { description: 'Conditions on assets. All that are given must hold.' })
export class AssetFilterInput {
  @Field(() => [GraphQLID], { nullable: true, description: 'One of these assets.' })
  assetIds?: string[] | null;

  @Field(() => [GraphQLID], { nullable: true, description: 'Of one of these models, not of their heirs.' })
  modelIds?: string[] | null;

  @Field(() => [GraphQLID], {
    nullable: true,
    description: 'Of a model whose inheritance starts at one of these: the model itself or an heir.',
  })
  rootModelIds?: string[] | null;

  @Field(() => NameFilterInput, { nullable: true, description: 'Condition on the name.' })
  name?: NameFilterInput | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags.' })
  tags?: TagFilterInput[] | null;

  @Field(() => [AttributeFilterInput], { nullable: true, description: 'Conditions on static attributes.' })
  attributes?: AttributeFilterInput[] | null;

  @Field(() => GraphQLID, {
    nullable: true,
    description: 'In this asset tree. Not where the field is about one tree already.',
  })
  treeId?: string | null;
}

/** What the loaders take. Throws BAD_USER_INPUT for conditions that make no sense. */
export function toAssetFilter(input: AssetFilterInput | null | undefined): AssetFilter {
  if (!input) return {};
  return compact({
    assetIds: toIds(input.assetIds, 'filter.assetIds'),
    modelIds: toIds(input.modelIds, 'filter.modelIds'),
    rootModelIds: toIds(input.rootModelIds, 'filter.rootModelIds'),
    name: toNameFilter(input.name, 'filter.name'),
    tags: toTagFilters(input.tags, 'filter.tags'),
    attributes: toAttributeFilters(input.attributes),
    treeId: input.treeId ?? undefined,
  });
}

/** The same for fields that are about one tree already. */
export function toTreeAssetFilter(input: AssetFilterInput | null | undefined): AssetFilter {
  if (input?.treeId != null) {
    throw badUserInput('Argument "filter.treeId": this field is about one tree already.', 'filter.treeId');
  }
  return toAssetFilter(input);
}

function toAttributeFilters(
  inputs: readonly AttributeFilterInput[] | null | undefined,
): AssetFilter['attributes'] {
  if (!inputs || inputs.length === 0) return undefined;
  return checkLength(inputs, 'filter.attributes').map(({ attributeId, equals }, index) => {
    if (isScalar(equals)) return { attributeId, equals };
    const argument = `filter.attributes[${index}].equals`;
    throw badUserInput(
      `Argument "${argument}" must be a text, a number or a boolean, got ${shownValue(equals)}.`,
      argument,
    );
  });
}

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
