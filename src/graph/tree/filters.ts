/** Conditions on asset trees. */
import { GraphQLID } from 'graphql';
import type { TreeFilter } from '../../loading/trees/types.js';
import { Field, InputType } from '../decorators.js';
import {
  NameFilterInput,
  TagFilterInput,
  compact,
  toIds,
  toNameFilter,
  toTagFilters,
} from '../lists/filters.js';

@InputType('AssetTreeFilter', { description: 'Conditions on asset trees. All that are given must hold.' })
export class AssetTreeFilterInput {
  @Field(() => [GraphQLID], { nullable: true, description: 'One of these trees.' })
  treeIds?: string[] | null;

  @Field(() => NameFilterInput, { nullable: true, description: 'Condition on the name.' })
  name?: NameFilterInput | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Conditions on tags.' })
  tags?: TagFilterInput[] | null;
}

/** What the loaders take. */
export function toTreeFilter(input: AssetTreeFilterInput | null | undefined): TreeFilter {
  if (!input) return {};
  return compact({
    treeIds: toIds(input.treeIds, 'filter.treeIds'),
    name: toNameFilter(input.name, 'filter.name'),
    tags: toTagFilters(input.tags, 'filter.tags'),
  });
}
