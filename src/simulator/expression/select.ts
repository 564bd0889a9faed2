/**
 * Expressions as services use them: parsed, held against the operation's table of fields and operators
 * (x-enos-expression), and turned into a test for rows.
 */
import { getOperation } from '../contract/contract.js';
import type { ExpressionRules } from '../contract/operations.js';
import { invalidArgument } from '../refusals.js';
import { evaluate } from './evaluate.js';
import type { FieldReader } from './evaluate.js';
import { ExpressionSyntaxError } from './lexer.js';
import { parseExpression } from './parser.js';
import type { Expression } from './parser.js';

/** A test for rows, given how to read their fields. */
export type RowTest = (read: FieldReader) => boolean;

/**
 * The test that a request's `expression` makes. Throws 99400 for a text that cannot be read and for a field or an
 * operator that the operation does not know.
 */
export function compileExpression(operationId: string, text: unknown): RowTest {
  if (typeof text !== 'string') return () => true;
  const { expression: rules } = getOperation(operationId);
  try {
    const expression = parseExpression(text);
    if (expression !== null) checkFields(expression, rules ?? { fields: [] });
    return (read) => evaluate(expression, read);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) throw invalidArgument('expression', error.message);
    throw error;
  }
}

function checkFields(expression: Expression, rules: ExpressionRules): void {
  if (expression.type !== 'predicate') {
    for (const term of expression.terms) checkFields(term, rules);
    return;
  }
  const { field, operator, position } = expression;
  const known = rules.fields.filter((rule) => matchesField(rule.pattern, field));
  if (known.length === 0) throw new ExpressionSyntaxError(`unknown field ${field}`, position);
  if (!known.some((rule) => rule.operators.includes(operator))) {
    throw new ExpressionSyntaxError(`operator "${operator}" is not supported for ${field}`, position);
  }
}

/** `tags.{key}` stands for any key; `.defaultValue` is another spelling of `.default`. */
function matchesField(pattern: string, field: string): boolean {
  const brace = pattern.indexOf('{');
  if (brace >= 0) return field.length > brace && field.startsWith(pattern.slice(0, brace));
  return pattern === field || (pattern.endsWith('.default') && field === `${pattern}Value`);
}
