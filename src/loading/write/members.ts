/**
 * Members of the input of a write, as data: how callers give a value, and what it must hold. Input types, checks and the types
 * of TypeScript follow from them.
 */

/** How a value is given, and its bounds. */
export type InputKind =
  | { readonly kind: 'id' }
  | { readonly kind: 'ids'; readonly max: number }
  | { readonly kind: 'text'; readonly min: number; readonly max: number }
  | { readonly kind: 'int'; readonly min: number; readonly max: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'instant' }
  | { readonly kind: 'choice'; readonly name: string; readonly words: Choices }
  | { readonly kind: 'localized'; readonly max: number }
  | { readonly kind: 'tags'; readonly max: number }
  | { readonly kind: 'json' }
  | { readonly kind: 'values' }
  | { readonly kind: 'object'; readonly name: string; readonly members: Members }
  | { readonly kind: 'objects'; readonly name: string; readonly members: Members; readonly max: number };

/** The names of a choice in the graph, each with the word of EnOS and what it means. */
export type Choices = Readonly<Record<string, readonly [word: string | number, meaning: string]>>;

/** A text in several languages, as EnOS takes it: the default, and texts by language. */
export interface LocalizedText {
  defaultValue: string;
  i18nValue?: Record<string, string>;
}

/** One member whose value is a `Value`. */
export interface Member<Value = unknown, Optional extends boolean = boolean> {
  readonly input: InputKind;
  /** For the schema. */
  readonly description: string;
  readonly isOptional: Optional;
  /** Never there: it carries the type of the value. */
  readonly value?: Value;
}

/** Members by their names. */
export type Members = Readonly<Record<string, Member>>;

type ValueOf<M> = M extends Member<infer Value> ? Value : never;
type OptionalNames<M extends Members> = {
  [Name in keyof M]: M[Name] extends Member<unknown, false> ? never : Name;
}[keyof M];

/** What has come for the members, checked: what is optional and was not given is absent. */
export type InputOf<M extends Members> = {
  readonly [Name in Exclude<keyof M, OptionalNames<M>>]: ValueOf<M[Name]>;
} & { readonly [Name in OptionalNames<M>]?: ValueOf<M[Name]> };

type Required<Value> = Member<Value, false>;

const member = <Value>(input: InputKind, description: string): Required<Value> => ({
  input,
  description,
  isOptional: false,
});

/** What may be left out. Null counts as left out. */
export function optional<Value>(given: Required<Value>): Member<Value, true> {
  return { ...given, isOptional: true };
}

const MOST_ITEMS = 1_000;

/** An id of EnOS. */
export const id = (description: string): Required<string> => member({ kind: 'id' }, description);
/** Ids of EnOS, at least one. */
export const ids = (description: string, max = MOST_ITEMS): Required<readonly string[]> =>
  member({ kind: 'ids', max }, description);
/** A text of `min` to `max` characters. */
export const text = (
  description: string,
  { min = 1, max = 10_000 }: { min?: number; max?: number } = {},
): Required<string> => member({ kind: 'text', min, max }, description);
/** A whole number between two bounds, which are included. */
export const int = (description: string, min = -(2 ** 31), max = 2 ** 31 - 1): Required<number> =>
  member({ kind: 'int', min, max }, description);
/** A number. */
export const number = (description: string): Required<number> => member({ kind: 'number' }, description);
/** True or false. */
export const flag = (description: string): Required<boolean> => member({ kind: 'flag' }, description);
/** An instant, in Unix milliseconds inside. */
export const instant = (description: string): Required<number> => member({ kind: 'instant' }, description);
/** One of several words; inside, the word of EnOS. `name` is that of the enumeration. */
export const choice = <const Words extends Choices>(
  name: string,
  description: string,
  words: Words,
): Required<Words[keyof Words][0]> => member({ kind: 'choice', name, words }, description);
/** A text in several languages, each of at most `max` characters. */
export const localized = (description: string, max = 255): Required<LocalizedText> =>
  member({ kind: 'localized', max }, description);
/** Tags by key. */
export const tags = (description: string, max = 100): Required<Readonly<Record<string, string>>> =>
  member({ kind: 'tags', max }, description);
/** Any JSON. */
export const json = (description: string): Required<unknown> => member({ kind: 'json' }, description);
/** A JSON object of values by id; integers beyond 2^53 are `bigint`. */
export const values = (description: string): Required<Readonly<Record<string, unknown>>> =>
  member({ kind: 'values' }, description);
/** An object; `name` is that of its input type. */
export const object = <const M extends Members>(
  name: string,
  description: string,
  members: M,
): Required<InputOf<M>> => member({ kind: 'object', name, members }, description);
/** A list of objects, at least one. */
export const objects = <const M extends Members>(
  name: string,
  description: string,
  members: M,
  max = MOST_ITEMS,
): Required<readonly InputOf<M>[]> => member({ kind: 'objects', name, members, max }, description);
