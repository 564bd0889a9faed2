/** The inputs of mutations, made of the descriptions of writes: their types, and the reading of what came. */
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { InputKind, LocalizedText, Member, Members } from '../../loading/write/members.js';
import type { TypeClass } from '../lists/connection-type.js';
import { Field, InputType, registerEnumType } from '../decorators.js';
import { badUserInput } from '../errors/raise.js';
import { DateTime, JsonScalar } from '../scalars/scalars.js';

@InputType('LocaleTextInput', { description: 'A text in one language.' })
class LocaleTextInput {
  @Field(() => GraphQLString, { description: 'Language as EnOS writes it, e.g. `en_US`, `zh_CN`.' })
  locale!: string;

  @Field(() => GraphQLString, { description: 'The text.' })
  value!: string;
}

@InputType('LocalizedStringInput', { description: 'A text in all its languages (StringI18n of EnOS).' })
class LocalizedStringInput {
  @Field(() => GraphQLString, { description: 'Text for every language that has none of its own.' })
  default!: string;

  @Field(() => [LocaleTextInput], { nullable: true, description: 'Texts by language, each language once.' })
  values?: LocaleTextInput[] | null;
}

@InputType('TagInput', { description: 'A tag to be set: a key with a text.' })
class TagInput {
  @Field(() => GraphQLString, { description: 'Key, unique on its object.' })
  key!: string;

  @Field(() => GraphQLString, { description: 'Value of the tag.' })
  value!: string;
}

type FieldType = NonNullable<Parameters<typeof Field>[0]>;

/** Input types and enumerations by name: members may share one, which then is declared once. */
const declared = new Map<string, unknown>();

function once<Made>(name: string, make: () => Made): Made {
  if (!declared.has(name)) declared.set(name, make());
  return declared.get(name) as Made;
}

/** Declares an input type of members. */
export function inputTypeOf(name: string, members: Members, description: string): TypeClass {
  return once(name, () => {
    class Input {}
    for (const [member, { input, description: told, isOptional }] of Object.entries(members))
      Field(typeOf(input), { nullable: isOptional, description: toldWithBounds(told, input) })(
        Input.prototype,
        member,
      );
    InputType(name, { description })(Input);
    return Input;
  });
}

function typeOf(input: InputKind): FieldType {
  switch (input.kind) {
    case 'id':
      return () => GraphQLID;
    case 'ids':
      return () => [GraphQLID];
    case 'text':
      return () => GraphQLString;
    case 'int':
      return () => GraphQLInt;
    case 'number':
      return () => GraphQLFloat;
    case 'flag':
      return () => GraphQLBoolean;
    case 'instant':
      return () => DateTime;
    case 'localized':
      return () => LocalizedStringInput;
    case 'tags':
      return () => [TagInput];
    case 'json':
    case 'values':
      return () => JsonScalar;
    case 'choice': {
      const { name, words } = input;
      const type = once(name, () => {
        const names = Object.fromEntries(Object.keys(words).map((word) => [word, word]));
        const valuesConfig = Object.fromEntries(
          Object.entries(words).map(([word, [, meaning]]) => [word, { description: meaning }]),
        );
        registerEnumType(names, {
          name,
          description: `One of ${Object.keys(words).join(', ')}.`,
          valuesConfig,
        });
        return names;
      });
      return () => type;
    }
    case 'object': {
      const type = inputTypeOf(input.name, input.members, 'A part of an input.');
      return () => type;
    }
    case 'objects': {
      const type = inputTypeOf(input.name, input.members, 'An item of an input.');
      return () => [type];
    }
  }
}

/** What a caller must keep to, as far as the type does not say it. */
function toldWithBounds(description: string, input: InputKind): string {
  if (input.kind === 'ids' || input.kind === 'objects') return `${description} At most ${input.max}.`;
  if (input.kind === 'text' && input.max < 10_000) return `${description} At most ${input.max} characters.`;
  if (input.kind === 'tags') return `${description} At most ${input.max}.`;
  return description;
}

/**
 * What came for members: absent for what was not given, else checked and as descriptions of writes take it. Throws
 * BAD_USER_INPUT that names the member by its path, and what was expected.
 */
export function readInput(
  members: Members,
  given: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, { input }] of Object.entries<Member>(members)) {
    const value = given[name];
    // Of the required ones GraphQL has seen to it that they are there.
    if (value != null) read[name] = readValue(input, value, `${path}.${name}`);
  }
  return read;
}

function readValue(input: InputKind, value: unknown, path: string): unknown {
  switch (input.kind) {
    case 'id':
      return text(value, path, 1, Infinity);
    case 'ids': {
      const ids = list(value, path, input.max).map((each, index) =>
        text(each, `${path}[${index}]`, 1, Infinity),
      );
      differ(ids, path);
      return ids;
    }
    case 'text':
      return text(value, path, input.min, input.max);
    case 'int':
      if (typeof value === 'number' && value >= input.min && value <= input.max) return value;
      return refuse(path, `a whole number from ${input.min} to ${input.max}`);
    case 'localized':
      return localized(value as LocalizedStringInput, path, input.max);
    case 'tags':
      return tagsOf(value, path, input.max);
    case 'values':
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
      return refuse(path, 'an object with a value by id');
    case 'choice':
      return input.words[String(value)]?.[0];
    case 'object':
      return readInput(input.members, value as Record<string, unknown>, path);
    case 'objects':
      return list(value, path, input.max).map((each, index) =>
        readInput(input.members, each as Record<string, unknown>, `${path}[${index}]`),
      );
    case 'number':
    case 'flag':
    case 'instant':
    case 'json':
      return value;
  }
}

function text(value: unknown, path: string, min: number, max: number): string {
  const given = String(value);
  const { length } = [...given];
  if (length >= min && length <= max) return given;
  if (min === 1 && length === 0) return refuse(path, 'a text that is not empty');
  return refuse(path, `a text of ${min} to ${max} characters, got ${length}`);
}

function list(value: unknown, path: string, max: number): readonly unknown[] {
  const items = value as readonly unknown[];
  if (items.length > 0 && items.length <= max) return items;
  return refuse(path, `1 to ${max} items, got ${items.length}`);
}

const LOCALE = /^[a-z]{2}_[A-Z]{2}$/;

function localized(
  { default: fallback, values }: LocalizedStringInput,
  path: string,
  max: number,
): LocalizedText {
  const defaultValue = text(fallback, `${path}.default`, 1, max);
  if (values == null || values.length === 0) return { defaultValue };
  differ(
    values.map(({ locale }) => locale),
    `${path}.values`,
  );
  const entries = values.map(({ locale, value }, index) => {
    const at = `${path}.values[${index}]`;
    if (!LOCALE.test(locale)) refuse(`${at}.locale`, 'a language such as en_US');
    return [locale, text(value, `${at}.value`, 1, max)] as const;
  });
  return { defaultValue, i18nValue: Object.fromEntries(entries) };
}

function tagsOf(value: unknown, path: string, max: number): Record<string, string> {
  const items = value as readonly TagInput[];
  if (items.length > max) refuse(path, `at most ${max} tags, got ${items.length}`);
  differ(
    items.map(({ key }) => key),
    path,
  );
  const entries = items.map(({ key, value: told }, index) => [
    text(key, `${path}[${index}].key`, 1, 64),
    told,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function differ(names: readonly string[], path: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(path, `each once, got "${twice.slice(0, 60)}" twice`);
}

function refuse(path: string, expected: string): never {
  throw badUserInput(`Argument "${path}": expected ${expected}.`, path);
}
