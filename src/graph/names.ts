/** `name(locale)` and `names`, the same on every type that has a name in several languages. */
import { GraphQLString } from 'graphql';
import type { TypeClass } from './lists/connection-type.js';
import type { GraphContext } from './context.js';
import { Arg, Ctx, Extensions, Field, FieldResolver, ObjectType, Resolver, Root } from './decorators.js';
import { localeValues, pickText, type MaybeText } from './i18n.js';
import { free } from './plan/common-rules.js';

/** Description of every `locale` argument. */
export const LOCALE_DESCRIPTION =
  'Language wanted, e.g. `en`, `en_US`, `zh-CN`; `default` for the default text. Without it, or where there is no such text, Accept-Language decides, then the default.';

@ObjectType({ simpleResolvers: true, description: 'A text in one language.' })
class LocaleText {
  @Field(() => GraphQLString, { description: 'Language as EnOS writes it, e.g. `en_US`, `zh_CN`.' })
  locale!: string;

  @Field(() => GraphQLString, { description: 'The text.' })
  value!: string;
}

/** A text in all its languages. */
@ObjectType({ description: 'A text in all its languages (StringI18n of EnOS).', simpleResolvers: true })
export class LocalizedString {
  constructor(readonly text: MaybeText) {}

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Text for every language that has none of its own.',
  })
  get default(): string | null {
    return this.text?.defaultValue || null;
  }

  @Field(() => [LocaleText], { description: 'The texts by language. Languages without a text are left out.' })
  get values(): readonly LocaleText[] {
    return localeValues(this.text);
  }
}

@Resolver(() => LocalizedString)
class LocalizedStringResolver {
  @FieldResolver(() => GraphQLString, { nullable: true, description: 'The text that fits best.' })
  value(
    @Root() root: LocalizedString,
    @Arg('locale', () => GraphQLString, { nullable: true, description: LOCALE_DESCRIPTION })
    locale: string | null | undefined,
    @Ctx() context: GraphContext,
  ): string | null {
    return pickText(root.text, locale, context.locales);
  }
}

/**
 * A resolver class that gives `name(locale): String!` and `names: LocalizedString!` to a type. `read` takes the text and the
 * id that stands in for it from the parent.
 */
export function namedType<Source>(
  type: () => TypeClass,
  what: string,
  read: (source: Source) => { text: MaybeText; id: string },
): typeof LocalizedStringResolver {
  @Resolver(type)
  class NameResolver {
    @Extensions({ rule: free })
    @FieldResolver(() => GraphQLString, {
      description: `Name of the ${what} in the language that fits best; its id where it has no name.`,
    })
    name(
      @Root() root: unknown,
      @Arg('locale', () => GraphQLString, { nullable: true, description: LOCALE_DESCRIPTION })
      locale: string | null | undefined,
      @Ctx() context: GraphContext,
    ): string {
      const { text, id } = read(root as Source);
      return pickText(text, locale, context.locales) ?? id;
    }

    @Extensions({ rule: free })
    @FieldResolver(() => LocalizedString, { description: `Name of the ${what} in all languages.` })
    names(@Root() root: unknown): LocalizedString {
      return new LocalizedString(read(root as Source).text);
    }
  }
  return NameResolver as unknown as typeof LocalizedStringResolver;
}

/** Resolvers of the shared text type. */
export const textResolvers = [LocalizedStringResolver];

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
