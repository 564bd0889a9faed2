import { Kind, parseValue, type GraphQLError } from 'graphql';
import { parseDateTime } from '../../src/graph/scalars/date-time.js';
import { formatDuration, parseDuration } from '../../src/graph/scalars/duration.js';
import { BigIntScalar, DateTime, Duration, JsonScalar } from '../../src/graph/scalars/scalars.js';
import { expectSame } from '../support/expect-same.js';

describe('DateTime', () => {
  it('writes any instant as it is, whatever was written before', () => {
    const near = Array.from({ length: 20_000 }, (_, index) => Date.UTC(2024, 1, 28) + index * 61_003);
    const far = [-62_135_596_800_000, -1, -0, 0, 1, 86_399_999, 8.64e15, -8.64e15, 253_402_300_800_000];
    const fractions = [0.5, 1_700_000_000_000.5];
    const instants = [...near, ...far, ...fractions, ...near.reverse(), ...far];
    expectSame(
      instants.map((instant) => DateTime.serialize(instant)),
      instants.map((instant) => new Date(instant).toISOString()),
    );
    for (const none of [NaN, 8.64e15 + 1, NaN]) expect(() => DateTime.serialize(none)).toThrow(RangeError);
  });

  test.each([
    ['2022-01-03T00:00:00-07:00', '2022-01-03T07:00:00.000Z'],
    ['2022-01-03T07:00:00Z', '2022-01-03T07:00:00.000Z'],
    ['2022-01-03T07:00Z', '2022-01-03T07:00:00.000Z'],
    ['2022-01-03T07:00:00.123456+00:00', '2022-01-03T07:00:00.123Z'],
    ['2024-02-29T23:59:59+14:00', '2024-02-29T09:59:59.000Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(DateTime.serialize(DateTime.parseValue(text))).toBe(expected);
  });

  test.each([
    ['2022-01-03T00:00:00', /needs an offset/],
    ['2022-01-03', /not an ISO 8601 instant/],
    ['2022-02-30T00:00:00Z', /does not exist/],
    ['2023-02-29T00:00:00Z', /does not exist/],
    ['2022-01-03T24:00:00Z', /does not exist/],
    ['2022-01-03T00:00:00+15:00', /offset/],
    ['yesterday', /not an ISO 8601 instant/],
  ])('refuses %s', (text, message) => {
    expect(() => parseDateTime(text)).toThrow(message);
    expect(() => DateTime.parseValue(text)).toThrow(/^DateTime: /);
  });

  test('refuses numbers and literals that are no text', () => {
    expect(() => DateTime.parseValue(1)).toThrow(/expected a text/);
    expect(() => DateTime.parseLiteral({ kind: Kind.INT, value: '1' }, {})).toThrow(/expected a text/);
  });
});

describe('Duration', () => {
  test.each([
    ['PT10M', { days: 0, seconds: 600 }],
    ['P1D', { days: 1, seconds: 0 }],
    ['P2W', { days: 14, seconds: 0 }],
    ['P1DT2H3M4S', { days: 1, seconds: 7384 }],
    ['PT36H', { days: 0, seconds: 129_600 }],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected);
  });

  test.each([
    ['P1M', /months/],
    ['P1Y', /years or months/],
    ['P1Y2M3D', /years or months/],
    ['PT1.5H', /fraction/],
    ['PT0S', /zero/],
    ['-PT1M', /sign/],
    ['PT', /not an ISO 8601 duration/],
    ['P', /not an ISO 8601 duration/],
    ['P1DT', /not an ISO 8601 duration/],
    ['10m', /not an ISO 8601 duration/],
    ['P99999999D', /longer than 100 years/],
  ])('refuses %s', (text, message) => {
    expect(() => Duration.parseValue(text)).toThrow(message);
  });

  test.each([
    [0, 'PT0S'],
    [5_400_000, 'PT1H30M'],
    [1001, 'PT1.001S'],
    [172_800_000, 'PT48H'],
    [60_000, 'PT1M'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('BigInt', () => {
  test('is text on the way out, exact at any size', () => {
    expect(BigIntScalar.serialize(9007199254740993n)).toBe('9007199254740993');
    expect(BigIntScalar.serialize(1_710_054_000_000)).toBe('1710054000000');
  });

  test('takes text and safe numbers', () => {
    expect(BigIntScalar.parseValue('9007199254740993')).toBe(9007199254740993n);
    expect(BigIntScalar.parseValue(12)).toBe(12n);
    expect(BigIntScalar.parseLiteral(parseValue('-9007199254740993'), {})).toBe(-9007199254740993n);
  });

  test.each([[2 ** 53], ['1.5'], ['abc'], [1.5], [true], [null]])('refuses %p', (value) => {
    expect(() => BigIntScalar.parseValue(value)).toThrow(/expected an integer/);
  });
});

describe('JSON', () => {
  test('writes big integers as text and what JSON cannot say as null', () => {
    expect(JsonScalar.serialize({ a: [9007199254740993n, NaN, undefined, { b: true }] })).toEqual({
      a: ['9007199254740993', null, null, { b: true }],
    });
  });

  test('bounds the depth, of variables and of literals', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    expect(JsonScalar.parseValue(deep(30))).toEqual(deep(30));
    expect(() => JsonScalar.parseValue(deep(40))).toThrow(/nested 32 deep/);
    expect(() => JsonScalar.parseLiteral(parseValue(`${'['.repeat(40)}${']'.repeat(40)}`), {})).toThrow(
      /nested 32 deep/,
    );
  });

  test('never takes a prototype', () => {
    expect(() => JsonScalar.parseValue(JSON.parse('{"__proto__": {"admin": true}}'))).toThrow(/__proto__/);
    expect(() => JsonScalar.parseLiteral(parseValue('{ __proto__: 1 }'), {})).toThrow(/__proto__/);
    const written = JsonScalar.serialize(JSON.parse('{"__proto__": {"admin": true}, "a": 1}')) as Record<
      string,
      unknown
    >;
    expect(written).toEqual({ a: 1 });
    expect(written['admin']).toBeUndefined();
  });

  test('reads literals with variables in them', () => {
    expect(JsonScalar.parseLiteral(parseValue('{ a: [1, 2.5, "x", true, null, $v] }'), { v: 7 })).toEqual({
      a: [1, 2.5, 'x', true, null, 7],
    });
  });
});

describe('a literal that is refused', () => {
  const literal = (text: string) => parseValue(text, { noLocation: false });
  const refusal = (
    scalar: typeof DateTime | typeof Duration | typeof BigIntScalar | typeof JsonScalar,
    text: string,
  ) => {
    try {
      scalar.parseLiteral(literal(text), {});
    } catch (error) {
      return error as GraphQLError;
    }
    throw new Error(`${text} was taken`);
  };

  test.each([
    [Duration, '600000', /^Duration: expected a text such as "PT10M", got 600000\.$/],
    [Duration, '1.5', /got 1\.5\.$/],
    [Duration, 'null', /got null\.$/],
    [Duration, 'true', /got true\.$/],
    [Duration, 'PT10M', /got PT10M\.$/],
    [Duration, '["PT10M"]', /got a list\.$/],
    [Duration, '{ minutes: 10 }', /got an object\.$/],
    [Duration, `"${'1'.repeat(5000)}"`, /got a text of 5000 characters\.$/],
    [
      DateTime,
      '1710054000000',
      /^DateTime: expected a text such as "2024-03-10T08:00:00\+01:00", got 1710054000000\.$/,
    ],
    [DateTime, `${'9'.repeat(5000)}`, /got 9{100}\.\.\.\.$/],
    [BigIntScalar, '1.5', /^BigInt: expected an integer .*, got 1\.5\.$/],
    [BigIntScalar, '"1e5"', /got "1e5"\.$/],
    [BigIntScalar, `${'9'.repeat(41)}`, /at most 40 digits.*got 9{41}\.$/],
    [JsonScalar, 'RED', /^JSON: RED is not JSON/],
    [JsonScalar, '{ a: RED }', /^JSON: RED is not JSON/],
  ] as const)('%s says what came for %s, and where', (scalar, text, message) => {
    const error = refusal(scalar, text);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(300);
    expect(error.locations).toEqual([{ line: 1, column: 1 }]);
    expect(error.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test.each([
    [Duration, 600_000, 'got 600000.'],
    [Duration, null, 'got null.'],
    [DateTime, 5n, 'got 5.'],
    [DateTime, { a: 1 }, 'got an object.'],
    [BigIntScalar, 2 ** 60, 'got 1152921504606847000.'],
    [BigIntScalar, 'x'.repeat(1000), 'got a text of 1000 characters.'],
  ] as const)('%s says the same of a variable: %p', (scalar, value, message) => {
    expect(() => scalar.parseValue(value)).toThrow(message);
  });
});
