/**
 * EnOS query expressions from typed conditions, by section 4 of src/enos/contract/query-expression.md. Values are
 * quoted here and nowhere else, so no text of a caller can become a part of the language.
 */
import { InputError } from './common.js';

/** A value to compare with. */
export type Literal = string | number | bigint | boolean;

/** A field of an operation, with the argument to name when a value for it cannot be written. */
export interface Field {
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
export function field(name: string, argument: string, key?: string): Field {
  if (!NAME.test(name)) throw new TypeError(`${name} is no field name`);
  if (key === undefined) return { text: name, argument };
  if (!KEY.test(key)) {
    throw new InputError(`${argument} may hold letters, digits, "_", ".", "/" and "-" only`, argument);
  }
  return { text: `${name}.${key}`, argument };
}

/** The field has the value. */
export function equals(of: Field, value: Literal): Condition {
  return predicate(`${of.text} = ${literal(value, of)}`);
}

/** The field has another value. */
export function differs(of: Field, value: Literal): Condition {
  return predicate(`${of.text} != ${literal(value, of)}`);
}

/** The field is ordered so towards the value. */
export function compares(of: Field, sign: '<' | '<=' | '>' | '>=', value: Literal): Condition {
  return predicate(`${of.text} ${sign} ${literal(value, of)}`);
}

/** The field has one of the values; an empty list selects nothing. */
export function isIn(of: Field, values: readonly Literal[]): Condition {
  if (values.length === 0) return NOTHING;
  const distinct = [...new Set(values)].map((value) => literal(value, of));
  return predicate(`${of.text} in (${distinct.join(', ')})`);
}

/** The field contains the text. */
export function contains(of: Field, text: string): Condition {
  return predicate(`${of.text} like ${literal(text, of)}`);
}

/** The map has the key. */
export function exists(of: Field): Condition {
  return predicate(`exists(${of.text})`);
}

/** The map lacks the key; not every operation supports it. */
export function notExists(of: Field): Condition {
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

function literal(value: Literal, { argument }: Field): string {
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
