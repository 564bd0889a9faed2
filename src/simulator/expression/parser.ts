/**
 * Recursive descent over the grammar of query expressions: `or` binds weakest, then `and`, then parentheses and
 * predicates. `not` stands before `exists` only.
 */
import { ExpressionSyntaxError, tokenize } from './lexer.js';
import type { Token } from './lexer.js';

/** A value in an expression. */
export type Literal = string | number | bigint | boolean;

/** Operators of predicates, as the contract's tables write them. */
export type Operator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'like' | 'exists' | 'not exists' | 'is null';

/** One condition; `values` has one element unless the operator is `in`, none for exists and null tests. */
export interface Predicate {
  type: 'predicate';
  field: string;
  operator: Operator;
  values: readonly Literal[];
  position: number;
}

/** A parsed expression. */
export type Expression = Predicate | { type: 'and' | 'or'; terms: readonly Expression[] };

const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'like', 'exists', 'is', 'null', 'true', 'false']);

/** Deepest nesting of parentheses; beyond it the text is refused rather than the stack overflown. */
const MAX_DEPTH = 200;

/** Parses an expression; null for an empty one, which selects everything. */
export function parseExpression(text: string): Expression | null {
  return text.trim() === '' ? null : new Parser(tokenize(text)).parse();
}

class Parser {
  private index = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Expression {
    const expression = this.disjunction();
    if (this.peek().kind !== 'end') this.fail('expected "and", "or" or the end');
    return expression;
  }

  private disjunction(): Expression {
    return this.chain('or', () => this.chain('and', () => this.term()));
  }

  private chain(keyword: 'and' | 'or', part: () => Expression): Expression {
    const first = part();
    const terms = [first];
    while (this.takeKeyword(keyword)) terms.push(part());
    return terms.length === 1 ? first : { type: keyword, terms };
  }

  private term(): Expression {
    if (!this.takeSign('(')) return this.predicate();
    if (++this.depth > MAX_DEPTH) this.fail('too many parentheses');
    const inner = this.disjunction();
    this.expectSign(')');
    this.depth -= 1;
    return inner;
  }

  private predicate(): Predicate {
    const { position } = this.peek();
    if (this.takeKeyword('not')) {
      if (!this.takeKeyword('exists')) this.fail('expected "exists" after "not"');
      return this.existence('not exists', position);
    }
    if (this.isKeyword('exists')) {
      this.index += 1;
      return this.existence('exists', position);
    }
    const field = this.field();
    const token = this.peek();
    if (token.kind === 'sign' && COMPARISONS.includes(token.text)) {
      this.index += 1;
      return predicate(field, token.text as Operator, [this.literal()], position);
    }
    if (this.takeKeyword('in')) return predicate(field, 'in', this.list(), position);
    if (this.takeKeyword('like')) return predicate(field, 'like', [this.text()], position);
    if (this.takeKeyword('is')) {
      if (!this.takeKeyword('null')) this.fail('expected "null" after "is"');
      return predicate(field, 'is null', [], position);
    }
    return this.fail('expected an operator');
  }

  private existence(operator: Operator, position: number): Predicate {
    this.expectSign('(');
    const field = this.field();
    this.expectSign(')');
    return predicate(field, operator, [], position);
  }

  private list(): Literal[] {
    this.expectSign('(');
    const values = [this.literal()];
    while (this.takeSign(',')) values.push(this.literal());
    this.expectSign(')');
    return values;
  }

  private field(): string {
    const token = this.peek();
    if (token.kind !== 'word' || KEYWORDS.has(token.text.toLowerCase())) return this.fail('expected a field');
    this.index += 1;
    return token.text;
  }

  private text(): string {
    const token = this.peek();
    if (token.kind !== 'string') return this.fail('expected a quoted text');
    this.index += 1;
    return token.value;
  }

  private literal(): Literal {
    const token = this.peek();
    if (token.kind === 'string' || token.kind === 'number') {
      this.index += 1;
      return token.value;
    }
    if (this.takeKeyword('true')) return true;
    if (this.takeKeyword('false')) return false;
    return this.fail('expected a value');
  }

  private isKeyword(keyword: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toLowerCase() === keyword;
  }

  private takeKeyword(keyword: string): boolean {
    const hit = this.isKeyword(keyword);
    if (hit) this.index += 1;
    return hit;
  }

  private takeSign(sign: string): boolean {
    const token = this.peek();
    const hit = token.kind === 'sign' && token.text === sign;
    if (hit) this.index += 1;
    return hit;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) this.fail(`expected "${sign}"`);
  }

  private peek(): Token {
    const token = this.tokens[this.index];
    if (token === undefined) throw new Error('The token list has no end');
    return token;
  }

  private fail(reason: string): never {
    throw new ExpressionSyntaxError(reason, this.peek().position);
  }
}

function predicate(
  field: string,
  operator: Operator,
  values: readonly Literal[],
  position: number,
): Predicate {
  return { type: 'predicate', field, operator, values, position };
}
