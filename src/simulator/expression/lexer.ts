/**
 * Tokens of the query expression language (src/enos/contract/query-expression.md, section 1).
 */

/** A token; `position` counts characters from 0. */
export type Token =
  | { kind: 'word'; text: string; position: number }
  | { kind: 'string'; value: string; position: number }
  | { kind: 'number'; value: number | bigint; position: number }
  | { kind: 'sign'; text: string; position: number }
  | { kind: 'end'; position: number };

/** An expression that cannot be read. */
export class ExpressionSyntaxError extends Error {
  constructor(
    reason: string,
    readonly position: number,
  ) {
    super(`${reason} at position ${position}`);
    this.name = 'ExpressionSyntaxError';
  }
}

const BLANK = /\s+/y;
const NUMBER = /-?\d+(?:\.\d+)?/y;
/** A name, and after its first dot a key that may hold dots, dashes and slashes. */
const WORD = /[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_./-]+)?/y;
const STRING = /'([^']*)'|"([^"]*)"/y;
const SIGN = /!=|<=|>=|[=<>(),]/y;

/** The number of its digits; an integer beyond 2^53 as bigint. */
function toNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isInteger(number) && !Number.isSafeInteger(number) && !digits.includes('.')
    ? BigInt(digits)
    : number;
}

/** Splits an expression into tokens, the last of which is `end`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(text);
  };
  for (;;) {
    position += take(BLANK)?.[0].length ?? 0;
    if (position >= text.length) return [...tokens, { kind: 'end', position }];
    const start = position;
    let hit: RegExpExecArray | null;
    if ((hit = take(STRING)) !== null) {
      tokens.push({ kind: 'string', value: hit[1] ?? hit[2] ?? '', position: start });
    } else if ((hit = take(NUMBER)) !== null) {
      tokens.push({ kind: 'number', value: toNumber(hit[0]), position: start });
    } else if ((hit = take(WORD)) !== null) {
      tokens.push({ kind: 'word', text: hit[0], position: start });
    } else if ((hit = take(SIGN)) !== null) {
      tokens.push({ kind: 'sign', text: hit[0], position: start });
    } else {
      const character = text[start] ?? '';
      const reason = character === "'" || character === '"' ? 'unclosed string' : `unexpected "${character}"`;
      throw new ExpressionSyntaxError(reason, start);
    }
    position = start + hit[0].length;
  }
}
