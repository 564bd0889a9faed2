/** The scalars of the graph. Each says what it expects when it refuses a value. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { formatDateTime, parseDateTime } from './date-time.js';
import { formatDuration, parseDuration } from './duration.js';
import type { DurationValue } from './duration.js';
import { fromJsonLiteral, fromPublicJson, toPublicJson } from './json.js';

/** Turns the refusal of a value into an error that the caller reads. */
function refusing<Value>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new GraphQLError(`${name}: ${error.message}`, { extensions: { code: 'BAD_USER_INPUT' } });
    }
    throw error;
  }
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new RangeError(
    `expected a text, got ${value === null ? 'null' : typeof value}. See the description of ${name}.`,
  );
}

function literalText(node: ValueNode): unknown {
  return node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : node.kind;
}

/** Instants; Unix milliseconds inside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant in ISO 8601. Input: with offset, e.g. `2024-03-10T08:00:00+01:00` or `2024-03-10T07:00:00Z`. Output: in UTC, with milliseconds.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339',
  serialize: (value) => formatDateTime(value as number),
  parseValue: (value) => refusing('DateTime', () => parseDateTime(textOf('DateTime', value))),
  parseLiteral: (node) =>
    refusing('DateTime', () =>
      parseDateTime(textOf('DateTime', node.kind === Kind.STRING ? node.value : null)),
    ),
});

/** Lengths of time; `DurationValue` inside for input, milliseconds for output. */
export const Duration = new GraphQLScalarType<DurationValue, string>({
  name: 'Duration',
  description:
    'A length of time in ISO 8601: weeks, days, hours, minutes, seconds in whole numbers, e.g. `PT10M`, `PT1H`, `P1D`. Months and years are refused: they have no fixed length.',
  specifiedByURL: 'https://www.iso.org/iso-8601-date-and-time-format.html',
  serialize: (value) => formatDuration(value as number),
  parseValue: (value) => refusing('Duration', () => parseDuration(textOf('Duration', value))),
  parseLiteral: (node) =>
    refusing('Duration', () =>
      parseDuration(textOf('Duration', node.kind === Kind.STRING ? node.value : null)),
    ),
});

function parseInteger(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,40}$/.test(value)) return BigInt(value);
  throw new RangeError('expected an integer as text, e.g. "9007199254740993".');
}

/** Integers of any size; `bigint` inside. */
export const BigIntScalar = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description:
    'An integer of any size. Output: as text, so that no client rounds what lies beyond 2^53. Input: as text, or as a number up to 2^53.',
  serialize: (value) => String(value),
  parseValue: (value) => refusing('BigInt', () => parseInteger(value)),
  parseLiteral: (node) => refusing('BigInt', () => parseInteger(literalText(node))),
});

/** Any JSON. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description:
    'Any JSON value: text, number, boolean, null, list or object. Integers beyond 2^53 are text in it, so that no client rounds them.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc8259',
  serialize: toPublicJson,
  parseValue: (value) => refusing('JSON', () => fromPublicJson(value)),
  parseLiteral: (node, variables) => refusing('JSON', () => fromJsonLiteral(node, variables)),
});
