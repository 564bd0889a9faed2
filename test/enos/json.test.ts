import { MAX_JSON_DEPTH, parseJson, stringifyJson } from '../../src/enos/reply/json.js';

test.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['-9223372036854775808', -9223372036854775808n],
  ['18446744073709551615', 18446744073709551615n],
  ['1000000000000000', 1000000000000000],
  ['0.30000000000000004', 0.30000000000000004],
  ['1234567890123456.5', 1234567890123456.5],
  ['1e20', 1e20],
])('%s keeps its value', (text, value) => {
  expect(parseJson(text)).toBe(value);
  expect(parseJson(`{"a":[ ${text} ,1]}`)).toEqual({ a: [value, 1] });
});

test.each([
  ['9007199254740993.0', 9007199254740992],
  ['90071992547409930e-1', 9007199254740992],
  ['1e400', Infinity],
])('%s is not written as digits alone, and rounded', (text, value) => {
  expect(parseJson(text)).toBe(value);
  expect(parseJson(`{"a":${text},"b":9007199254740993}`)).toEqual({ a: value, b: 9007199254740993n });
});

test('other values beside a large integer are as JSON.parse reads them', () => {
  const rest = { a: 1.5, b: -0, c: 'x"\\\u0041[{', d: [true, false, null], e: {}, f: '12345678901234567890' };
  const text = `{"id":12345678901234567890,"rest":${JSON.stringify(rest)}}`;
  expect(parseJson(text)).toEqual({
    id: 12345678901234567890n,
    rest: JSON.parse(JSON.stringify(rest)) as unknown,
  });
});

test('of a repeated key the last value counts, with large integers too', () => {
  expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
  expect(parseJson('{"a":1,"a":9007199254740993}')).toEqual({ a: 9007199254740993n });
});

test.each(['{"__proto__":{"admin":true},"a":1}', '{"\\u005f_proto__":{"admin":true},"a":1}'])(
  'a __proto__ key is dropped: %s',
  (text) => {
    for (const given of [text, text.replace('1}', '9007199254740993}')]) {
      const value = parseJson(given) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['a']);
      expect(Object.assign({}, value).admin).toBeUndefined();
    }
  },
);

test('nesting is bounded, brackets in texts are not nesting', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(() => parseJson(nested(MAX_JSON_DEPTH))).not.toThrow();
  expect(() => parseJson(nested(MAX_JSON_DEPTH + 1))).toThrow(SyntaxError);
  expect(parseJson(JSON.stringify(nested(1000)))).toBe(nested(1000));
  // What a repeated key replaces does not come out, however deep it is.
  const replaced = (depth: number, b: string) => `{"a":${nested(depth)},"a":1,"b":${b}}`;
  expect(parseJson(replaced(100_000, '2'))).toEqual({ a: 1, b: 2 });
  expect(() => parseJson(replaced(100_000, '9007199254740993'))).toThrow(SyntaxError);
});

test.each(['', '{', '{"a":12345678901234567890', '<html>', '[1,]', 'NaN', '{"a":1}x'])(
  '%j is not JSON',
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  },
);

test('bigints are written as digits, and read back', () => {
  const value = { id: 9223372036854775807n, list: [1n, 'x', undefined], none: undefined, at: new Date(0) };
  const text = stringifyJson(value);
  expect(text).toBe('{"id":9223372036854775807,"list":[1,"x",null],"at":"1970-01-01T00:00:00.000Z"}');
  expect(parseJson(text)).toMatchObject({ id: 9223372036854775807n, list: [1, 'x', null] });
  expect(stringifyJson({ a: 1 })).toBe('{"a":1}');
});

test('what has no JSON form is refused', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => stringifyJson(circle)).toThrow(TypeError);
  expect(() => stringifyJson(undefined)).toThrow(TypeError);
});
