/**
 * EnOS query expressions from typed conditions, by section 4 of src/enos/contract/query-expression.md. Values are
 * quoted here and nowhere else, so no text of a caller can become a part of the language.
 */
import { InputError, type I18nText, type NameFilter, type TagFilter } from './common.js';

/** A value to compare with. */
export type Literal = string | number | bigint | boolean;

/** A field of an operation, with the argument to name when a value for it cannot be written. */
export interface ExpressionField {
  readonly text: string;
  readonly argument: string;
}

/** A condition on rows. */
export type Condition =
  | { readonly kind: 'everything' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'predicate'; readonly text: string }
  | { readonly kind: 'joined'; readonly by: 'and' | 'or'; readonly text: string };

/** True for every row. */
export const EVERYTHING: Condition = { kind: 'everything' };
/** True for no row: what an empty list of values selects. Needs no request. */
export const NOTHING: Condition = { kind: 'nothing' };

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const KEY = /^[A-Za-z0-9_./-]+$/;

/**
 * A field by its name, or one key of a field that is a map (tags, attributes, languages of a name).
 * Throws `InputError` for a key that the language cannot express.
 */
export function field(name: string, argument: string, key?: string): ExpressionField {
  if (!NAME.test(name)) throw new TypeError(`${name} is no field name`);
  if (key === undefined) return { text: name, argument };
  if (!KEY.test(key)) {
    throw new InputError(`${argument} may hold letters, digits, "_", ".", "/" and "-" only`, argument);
  }
  return { text: `${name}.${key}`, argument };
}

/** The field has the value. */
export function equals(of: ExpressionField, value: Literal): Condition {
  return predicate(`${of.text} = ${literal(value, of)}`);
}

/** The field has another value. */
export function differs(of: ExpressionField, value: Literal): Condition {
  return predicate(`${of.text} != ${literal(value, of)}`);
}

/** The field is ordered so towards the value. */
export function compares(of: ExpressionField, sign: '<' | '<=' | '>' | '>=', value: Literal): Condition {
  return predicate(`${of.text} ${sign} ${literal(value, of)}`);
}

/** The field has one of the values; an empty list selects nothing. */
export function isIn(of: ExpressionField, values: readonly Literal[]): Condition {
  if (values.length === 0) return NOTHING;
  const distinct = [...new Set(values)].map((value) => literal(value, of));
  return predicate(`${of.text} in (${distinct.join(', ')})`);
}

/** The field contains the text. */
export function contains(of: ExpressionField, text: string): Condition {
  return predicate(`${of.text} like ${literal(text, of)}`);
}

/** The map has the key. */
export function exists(of: ExpressionField): Condition {
  return predicate(`exists(${of.text})`);
}

/** The map lacks the key; not every operation supports it. */
export function notExists(of: ExpressionField): Condition {
  return predicate(`not exists(${of.text})`);
}

/** All conditions hold; everything for none. */
export function and(...conditions: readonly Condition[]): Condition {
  if (conditions.some((condition) => condition.kind === 'nothing')) return NOTHING;
  return join(
    'and',
    conditions.filter((condition) => condition.kind !== 'everything'),
    EVERYTHING,
  );
}

/** At least one condition holds; nothing for none. */
export function or(...conditions: readonly Condition[]): Condition {
  if (conditions.some((condition) => condition.kind === 'everything')) return EVERYTHING;
  return join(
    'or',
    conditions.filter((condition) => condition.kind !== 'nothing'),
    NOTHING,
  );
}

/** The expression of a condition: undefined to leave it out, null if no row can match and no request is needed. */
export function expressionOf(condition: Condition): string | undefined | null {
  if (condition.kind === 'everything') return undefined;
  return condition.kind === 'nothing' ? null : condition.text;
}

/** Whether a text can be written as a value: no escape exists for a text that holds both quotes. */
export function isQuotable(text: string): boolean {
  return !(text.includes("'") && text.includes('"'));
}

function predicate(text: string): Condition {
  return { kind: 'predicate', text };
}

function join(by: 'and' | 'or', conditions: readonly Condition[], ifNone: Condition): Condition {
  const [first] = conditions;
  if (first === undefined) return ifNone;
  if (conditions.length === 1) return first;
  const texts = conditions.flatMap((condition) => {
    if (condition.kind === 'predicate') return [condition.text];
    // How and binds against or is nowhere documented: parentheses wherever both occur.
    return condition.kind === 'joined' ? [condition.by === by ? condition.text : `(${condition.text})`] : [];
  });
  return { kind: 'joined', by, text: texts.join(` ${by} `) };
}

function literal(value: Literal, { argument }: ExpressionField): string {
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new InputError(`${argument} must be a finite number`, argument);
    return plainDecimal(value);
  }
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('"')) return `"${value}"`;
  throw new InputError(
    `${argument} may hold ' or ", but EnOS cannot be asked for a text with both`,
    argument,
  );
}

/** The shortest digits that mean the number, without the exponent that JavaScript writes for large and small ones. */
function plainDecimal(value: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return Object.is(value, -0) ? '0' : String(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return (
    sign +
    (point >= digits.length ? digits.padEnd(point, '0') : `${digits.slice(0, point)}.${digits.slice(point)}`)
  );
}

const LOCALES = ['default', 'zh_CN', 'en_US', 'ja_JP', 'es_ES'] as const;

/** A language in which EnOS searches names. */
export type SearchLocale = (typeof LOCALES)[number];

/** The locale of a condition on a name, undefined for any. Throws `InputError` for one that EnOS cannot search. */
export function searchedLocale({ locale }: NameFilter, argument: string): SearchLocale | undefined {
  if (locale === undefined) return undefined;
  const known = LOCALES.find((one) => one === locale);
  if (known === undefined) {
    throw new InputError(`${argument}.locale must be one of ${LOCALES.join(', ')}`, `${argument}.locale`);
  }
  return known;
}

/** A condition on a name as an EnOS expression. */
export function nameCondition(filter: NameFilter | undefined, argument: string): Condition {
  if (filter === undefined) return EVERYTHING;
  return contains(field('name', argument, searchedLocale(filter, argument)), filter.contains);
}

/** Whether a name meets the condition, decided here by EnOS's own rules, for editions that cannot be asked. */
export function nameMatches(filter: NameFilter, name: I18nText | null, argument: string): boolean {
  const locale = searchedLocale(filter, argument);
  const standard = name?.defaultValue ?? '';
  const texts =
    locale === undefined
      ? [standard, ...Object.values(name?.i18nValue ?? {})]
      : [locale === 'default' ? standard : (name?.i18nValue?.[locale] ?? standard)];
  const wanted = filter.contains.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}

/** What an operation can do with tags beyond =, like and exists. */
export interface TagSupport {
  /** Name of the map in expressions: `tags`, `measurepoint_tags` ... */
  field: string;
  /** The argument to name in refusals, e.g. `filter.tags`. */
  argument: string;
  /** Whether a list of values may be compared at once; else it is spelled out with or. */
  in: boolean;
  /** Whether it can be asked for a tag of any value; absent: it can. */
  exists?: boolean;
  /** Whether the lack of a tag can be asked for. */
  notExists: boolean;
  /** Whether a part of a value can be asked for. */
  like: boolean;
}

/**
 * Conditions on tags as an EnOS expression, and-ed, as are several conditions on one tag. Throws `InputError` for what
 * the operation cannot do.
 */
export function tagConditions(filters: readonly TagFilter[] | undefined, support: TagSupport): Condition {
  return and(...(filters ?? []).map((filter) => tagCondition(filter, support)));
}

function tagCondition(filter: TagFilter, support: TagSupport): Condition {
  const { argument } = support;
  const tag = field(support.field, `${argument}.key`, filter.key);
  const value = { ...tag, argument: `${argument}.${filter.key}` };
  const conditions: Condition[] = [];
  if (filter.equals !== undefined) conditions.push(equals(value, filter.equals));
  if (filter.in !== undefined) {
    conditions.push(support.in ? isIn(value, filter.in) : or(...filter.in.map((one) => equals(value, one))));
  }
  if (filter.contains !== undefined) {
    if (!support.like) throw new InputError(`${argument}: EnOS cannot search a part of a tag here`, argument);
    conditions.push(contains(value, filter.contains));
  }
  if (filter.exists === true && support.exists === false) {
    throw new InputError(`${argument}: EnOS cannot search for a tag of any value here`, argument);
  }
  if (filter.exists === false && !support.notExists) {
    throw new InputError(`${argument}: EnOS cannot search for the lack of a tag here`, argument);
  }
  if (filter.exists !== undefined) conditions.push(filter.exists ? exists(tag) : notExists(tag));
  if (conditions.length === 0) {
    throw new InputError(
      `${argument}: a condition on tag "${filter.key}" needs equals, in, contains or exists`,
      argument,
    );
  }
  return and(...conditions);
}
