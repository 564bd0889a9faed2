import { asset } from '../../src/loading/entities/asset.js';
import { askedFilter, type FilterOf } from '../../src/loading/entity/filter.js';
import { InputError } from '../../src/loading/common.js';
import {
  and,
  compares,
  contains,
  differs,
  equals,
  exists,
  expressionOf,
  field,
  isIn,
  notExists,
  NOTHING,
  or,
  type Condition,
  type Literal,
  tagConditions,
} from '../../src/loading/expression.js';

const HOSTILE = [
  "x' or 'a' = 'a",
  'x" or "a" = "a',
  "') or exists(tags.a) or ('a' = '",
  'plain',
  '',
  ' ',
  "O'Hara",
  'say "hi"',
  "\\'",
  'a\nb\u0000c',
  "'",
  '"',
  '(',
  "x') or treeId in ('y",
  '多语言',
  '%_*',
];

/** Splits an expression into the language's tokens; throws where it is not made of them. */
function tokensOf(expression: string): string[] {
  const token =
    /\s*('[^']*'|"[^"]*"|[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_./-]+)?|-?\d+(?:\.\d+)?|!=|<=|>=|[=<>(),])/y;
  const tokens: string[] = [];
  while (token.lastIndex < expression.length) {
    const at = token.lastIndex;
    const match = token.exec(expression);
    if (match?.[1] === undefined) throw new Error(`no token at ${at} of ${expression}`);
    tokens.push(match[1]);
  }
  return tokens;
}

const name = field('modelId', 'filter.modelId');

describe('values', () => {
  it.each(HOSTILE)('stay one literal: %j', (value) => {
    for (const write of [equals, differs, contains] as ((of: typeof name, value: string) => Condition)[]) {
      const tokens = tokensOf(expressionOf(write(name, value)) ?? '');
      expect(tokens).toHaveLength(3);
      expect(tokens[2]?.slice(1, -1)).toBe(value);
    }
    const list = tokensOf(expressionOf(isIn(name, [value, 'other'])) ?? '');
    expect(list).toEqual(['modelId', 'in', '(', expect.any(String), ',', "'other'", ')']);
    expect(list[3]?.slice(1, -1)).toBe(value);
  });

  it('are refused with both quotes, naming the argument', () => {
    expect(() => equals(name, `a'b"c`)).toThrow(InputError);
    expect(() => isIn(name, ['fine', `a'b"c`])).toThrow(/filter\.modelId/);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [98.5, '98.5'],
    [-2500, '-2500'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-1.25e22, '-12500000000000000000000'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [9007199254740993n, '9007199254740993'],
    [true, 'true'],
    ['5', "'5'"],
  ] as [Literal, string][])('%p is written %s', (value, text) => {
    expect(expressionOf(equals(name, value))).toBe(`modelId = ${text}`);
  });

  it.each([NaN, Infinity])('%p is refused', (value) => {
    expect(() => compares(name, '<', value)).toThrow(InputError);
  });
});

describe('keys', () => {
  it.each(['row', 'a/b-c_d.e', '0'])('%j is a key', (key) => {
    expect(field('tags', 'filter.tags', key).text).toBe(`tags.${key}`);
  });
  it.each(['', ' ', 'a b', "a'b", 'a)', 'a=1', 'é', 'a\n'])('%j is refused', (key) => {
    expect(() => field('tags', 'filter.tags', key)).toThrow(InputError);
  });
});

describe('joining', () => {
  const a = equals(field('a', 'a'), 1);
  const b = exists(field('b', 'b', 'k'));
  const c = notExists(field('c', 'c', 'k'));

  it('writes parentheses wherever and meets or', () => {
    expect(expressionOf(and(a, or(b, c)))).toBe('a = 1 and (exists(b.k) or not exists(c.k))');
    expect(expressionOf(or(and(a, b), c))).toBe('(a = 1 and exists(b.k)) or not exists(c.k)');
    expect(expressionOf(and(a, and(b, c)))).toBe('a = 1 and exists(b.k) and not exists(c.k)');
  });

  it('knows without asking what nothing can match', () => {
    expect(expressionOf(isIn(name, []))).toBeNull();
    expect(expressionOf(and(a, NOTHING))).toBeNull();
    expect(expressionOf(or(a, NOTHING))).toBe('a = 1');
    expect(expressionOf(and())).toBeUndefined();
    expect(expressionOf(or())).toBeNull();
  });
});

describe('tag conditions', () => {
  const full = { field: 'tags', argument: 'filter.tags', in: true, notExists: true, like: true };
  const poor = { ...full, in: false, notExists: false, like: false };

  it('use what the operation can', () => {
    const filters = [
      { key: 'k', in: ['a', 'b'] },
      { key: 'l', contains: 'x' },
      { key: 'm', exists: false },
    ];
    expect(expressionOf(tagConditions(filters, full))).toBe(
      "tags.k in ('a', 'b') and tags.l like 'x' and not exists(tags.m)",
    );
    expect(expressionOf(tagConditions([{ key: 'k', in: ['a', 'b'] }], poor))).toBe(
      "tags.k = 'a' or tags.k = 'b'",
    );
  });

  it.each([{ contains: 'x' }, { exists: false }, {}])('refuse what it cannot: %j', (filter) => {
    expect(() => tagConditions([{ key: 'k', ...filter }], poor)).toThrow(InputError);
  });
});

describe('the filter of assets', () => {
  const assetConditions = (filter: FilterOf) => askedFilter(asset.filter, filter, '2.3').condition;

  it('is written as a whole', () => {
    const condition = assetConditions({
      modelIds: ['M1', 'M2'],
      treeId: 'T',
      name: { contains: 'ridge', locale: 'en_US' },
      tags: [{ key: 'row', equals: '2' }],
      attributes: [{ attributeId: 'ratedPower', equals: 2500 }],
    });
    expect(expressionOf(condition)).toBe(
      "modelIds in ('M1', 'M2') and treeId = 'T' and name.en_US like 'ridge' and tags.row = '2' and " +
        'attributes.ratedPower = 2500',
    );
  });

  it('refuses a locale that EnOS does not search', () => {
    expect(() => assetConditions({ name: { contains: 'x', locale: 'de_DE' } })).toThrow(InputError);
  });
});
