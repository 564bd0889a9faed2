/** The scalars of the graph. Each says what it expects when it refuses a value. */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { formatDateTime, parseDateTime } from './date-time.js';
import { formatDuration, parseDuration, type DurationValue } from './duration.js';
import { fromJsonLiteral, fromPublicJson, toPublicJson } from './json.js';
import { LONGEST_SHOWN, shownLiteral, shownValue } from './shown.js';

/** Turns the refusal of a value into an error that the caller reads, with the place of a literal. */
function refusing<Value>(name: string, read: () => Value, node?: ValueNode): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new GraphQLError(`${name}: ${error.message}`, {
        ...(node ? { nodes: node } : {}),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    throw error;
  }
}

/** A text that is no longer than any that can be right. `example` is one, as it stands in a query. */
function textOf(value: unknown, example: string): string {
  if (typeof value === 'string' && value.length <= LONGEST_SHOWN) return value;
  throw new RangeError(`expected a text such as ${example}, got ${shownValue(value)}.`);
}

function literalTextOf(node: ValueNode, example: string): string {
  if (node.kind === Kind.STRING) return textOf(node.value, example);
  throw new RangeError(`expected a text such as ${example}, got ${shownLiteral(node)}.`);
}

const INSTANT = '"2024-03-10T08:00:00+01:00"';
const LENGTH = '"PT10M"';

/** Instants; Unix milliseconds inside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant in ISO 8601. Input: with offset, e.g. `2024-03-10T08:00:00+01:00` or `2024-03-10T07:00:00Z`. Output: in UTC, with milliseconds.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339',
  serialize: (value) => formatDateTime(value as number),
  parseValue: (value) => refusing('DateTime', () => parseDateTime(textOf(value, INSTANT))),
  parseLiteral: (node) => refusing('DateTime', () => parseDateTime(literalTextOf(node, INSTANT)), node),
});

/** Lengths of time; `DurationValue` inside for input, milliseconds for output. */
export const Duration = new GraphQLScalarType<DurationValue, string>({
  name: 'Duration',
  description:
    'A length of time in ISO 8601: weeks, days, hours, minutes, seconds in whole numbers, e.g. `PT10M`, `PT1H`, `P1D`. Months and years are refused: they have no fixed length.',
  specifiedByURL: 'https://www.iso.org/iso-8601-date-and-time-format.html',
  serialize: (value) => formatDuration(value as number),
  parseValue: (value) => refusing('Duration', () => parseDuration(textOf(value, LENGTH))),
  parseLiteral: (node) => refusing('Duration', () => parseDuration(literalTextOf(node, LENGTH)), node),
});

/** `shown` is what was sent, in words. */
function parseInteger(value: unknown, shown: () => string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && value.length <= LONGEST_INTEGER && /^-?\d{1,40}$/.test(value))
    return BigInt(value);
  throw new RangeError(
    `expected an integer of at most 40 digits, as a number or as a text such as "9007199254740993", got ${shown()}.`,
  );
}

const LONGEST_INTEGER = 41;

/** Integers of any size; `bigint` inside. */
export const BigIntScalar = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description:
    'An integer of any size. Output: as text, so that no client rounds what lies beyond 2^53. Input: as text or as a number, exact at any size.',
  serialize: (value) => String(value),
  parseValue: (value) => refusing('BigInt', () => parseInteger(value, () => shownValue(value))),
  parseLiteral: (node) =>
    refusing(
      'BigInt',
      () =>
        parseInteger(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined, () =>
          shownLiteral(node),
        ),
      node,
    ),
});

/** Any JSON. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description:
    'Any JSON value: text, number, boolean, null, list or object. Integers beyond 2^53 are text in it, so that no client rounds them.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc8259',
  serialize: toPublicJson,
  parseValue: (value) => refusing('JSON', () => fromPublicJson(value)),
  parseLiteral: (node, variables) => refusing('JSON', () => fromJsonLiteral(node, variables), node),
});
