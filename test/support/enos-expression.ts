/** The conditions of a query expression, read token by token; enough to hold them against what an operation allows. */

/** What an expression uses. */
export interface UsedConditions {
  conditions: { field: string; operator: string }[];
  /** `and`, `or`, as far as they occur. */
  logical: string[];
}

const TOKEN = /'[^']*'|"[^"]*"|!=|<=|>=|[=<>(),]|-?\d+(?:\.\d+)?(?![\w.])|[A-Za-z_][\w./-]*/gy;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'like', 'exists', 'is', 'null', 'true', 'false']);

/** Reads an expression; throws for a character that cannot stand in one. */
export function conditionsOf(expression: string): UsedConditions {
  const tokens = tokensOf(expression);
  const word = (index: number): string => tokens[index]?.toLowerCase() ?? '';
  const conditions: UsedConditions['conditions'] = [];
  const logical = new Set<string>();
  tokens.forEach((token, index) => {
    if (word(index) === 'and' || word(index) === 'or') logical.add(word(index));
    if (!/^[A-Za-z_]/.test(token) || KEYWORDS.has(word(index))) return;
    if (tokens[index - 1] === '(' && word(index - 2) === 'exists') {
      conditions.push({ field: token, operator: word(index - 3) === 'not' ? 'not exists' : 'exists' });
    } else if (word(index + 1) === 'is') {
      conditions.push({ field: token, operator: 'is null' });
    } else {
      conditions.push({ field: token, operator: word(index + 1) });
    }
  });
  return { conditions, logical: [...logical] };
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  let position = 0;
  while (position < expression.length) {
    if (/\s/.test(expression[position] ?? '')) {
      position += 1;
      continue;
    }
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(expression);
    if (match === null) throw new Error(`Character ${position} of ${expression}`);
    tokens.push(match[0]);
    position = TOKEN.lastIndex;
  }
  return tokens;
}
