/** Conditions on thing models. */
import { GraphQLID } from 'graphql';
import type { ModelFilter } from '../../loading/models/types.js';
import { Field, InputType } from '../decorators.js';
import { TagFilterInput, compact, toIds, toTagFilters } from '../lists/filters.js';
import { ModelScope } from './enums.js';

@InputType('ThingModelFilter', { description: 'Conditions on thing models. All that are given must hold.' })
export class ThingModelFilterInput {
  @Field(() => [GraphQLID], { nullable: true, description: 'One of these models.' })
  modelIds?: string[] | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags of the model.' })
  tags?: TagFilterInput[] | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags of its attributes.' })
  attributeTags?: TagFilterInput[] | null;

  @Field(() => [TagFilterInput], {
    nullable: true,
    description: 'Conditions on tags of its measurement points.',
  })
  measurepointTags?: TagFilterInput[] | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags of its services.' })
  serviceTags?: TagFilterInput[] | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags of its events.' })
  eventTags?: TagFilterInput[] | null;

  @Field(() => ModelScope, { nullable: true, description: 'Whose models; ALL where absent.' })
  scope?: ModelScope | null;
}

/** What the loaders take. */
export function toModelFilter(input: ThingModelFilterInput | null | undefined): ModelFilter {
  if (!input) return {};
  return compact({
    modelIds: toIds(input.modelIds, 'filter.modelIds'),
    tags: toTagFilters(input.tags, 'filter.tags'),
    attributeTags: toTagFilters(input.attributeTags, 'filter.attributeTags'),
    measurepointTags: toTagFilters(input.measurepointTags, 'filter.measurepointTags'),
    serviceTags: toTagFilters(input.serviceTags, 'filter.serviceTags'),
    eventTags: toTagFilters(input.eventTags, 'filter.eventTags'),
    scope: input.scope ?? undefined,
  });
}
