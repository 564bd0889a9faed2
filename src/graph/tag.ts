/** Tags: key and value, on nearly everything that EnOS stores. */
import { GraphQLString } from 'graphql';
import { Field, ObjectType } from './decorators.js';

/** One tag. */
@ObjectType({
  simpleResolvers: true,
  description: 'A tag: a key with a text, set by whoever manages the object.',
})
export class Tag {
  @Field(() => GraphQLString, { description: 'Key, unique on its object.' })
  key!: string;

  @Field(() => GraphQLString, { description: 'Value of the tag.' })
  value!: string;
}

/** Tags of an object in the order in which EnOS sent them. */
export function toTags(tags: Readonly<Record<string, string>> | null | undefined): Tag[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value: String(value) }));
}
