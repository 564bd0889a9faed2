/**
 * What expressions mean (query-expression.md, section 2).
 */
import type { Expression, Literal, Predicate } from './parser.js';

/**
 * The values that a field of an expression has on one row: none if the row lacks the key, several for a field such
 * as assetPath, of which any may match.
 */
export type FieldReader = (field: string) => readonly unknown[];

/** Whether a row meets an expression; null selects everything. */
export function evaluate(expression: Expression | null, read: FieldReader): boolean {
  if (expression === null) return true;
  switch (expression.type) {
    case 'and':
      return expression.terms.every((term) => evaluate(term, read));
    case 'or':
      return expression.terms.some((term) => evaluate(term, read));
    case 'predicate':
      return meets(expression, present(read(expression.field)));
  }
}

/** Comparisons with a key that is missing are false, `!=` included. */
function meets({ operator, values: wanted }: Predicate, values: readonly unknown[]): boolean {
  switch (operator) {
    case '=':
    case 'in':
      return values.some((value) => wanted.some((literal) => equal(value, literal)));
    case '!=':
      return values.length > 0 && !values.some((value) => wanted.some((literal) => equal(value, literal)));
    case '<':
      return values.some((value) => order(value, wanted[0]) < 0);
    case '<=':
      return values.some((value) => order(value, wanted[0]) <= 0);
    case '>':
      return values.some((value) => order(value, wanted[0]) > 0);
    case '>=':
      return values.some((value) => order(value, wanted[0]) >= 0);
    case 'like':
      return values.some((value) => contains(value, String(wanted[0])));
    case 'exists':
      return values.length > 0;
    case 'not exists':
    case 'is null':
      return values.length === 0;
  }
}

function present(values: readonly unknown[]): unknown[] {
  return values.filter((value) => value !== null && value !== undefined);
}

/** Texts compare exactly; a number or boolean in quotes equals the bare one. */
function equal(value: unknown, literal: Literal): boolean {
  if (typeof value === typeof literal) return value === literal;
  if (typeof value === 'bigint') return String(value) === String(literal);
  const number = toNumber(value);
  if (number !== null) return number === toNumber(literal);
  return typeof value === 'boolean' && String(value) === literal;
}

/** Below, at or above 0; NaN, with which no comparison holds, for what has no order. */
function order(value: unknown, literal: Literal | undefined): number {
  const left = toNumber(value);
  const right = toNumber(literal);
  if (left !== null && right !== null) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof value !== 'string' || typeof literal !== 'string') return Number.NaN;
  return value < literal ? -1 : value > literal ? 1 : 0;
}

function toNumber(value: unknown): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return null;
  return Number(value);
}

/** `like`: contains, without regard to case; no wildcards. */
export function contains(value: unknown, part: string): boolean {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.toLowerCase().includes(part.toLowerCase());
}
