/** JSON that callers read and send: 64-bit integers as text, bounded in depth, and harmless as objects. */
import { Kind, type ValueNode } from 'graphql';

const DEEPEST = 32;

/** A value as an answer may hold it: `bigint` as text, what JSON cannot say (NaN, undefined) as null. */
export function toPublicJson(value: unknown): unknown {
  return copy(value, 0);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return null;
  if (value === null) return null;
  if (depth >= DEEPEST) throw new RangeError('A JSON value is nested too deep.');
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // An assignment to this key would set the prototype and lose the value.
    if (key !== '__proto__') result[key] = copy(item, depth + 1);
  }
  return result;
}

/** A JSON value of a caller, copied. Throws `RangeError` where it is nested too deep or has a key `__proto__`. */
export function fromPublicJson(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value;
  checkDepth(depth);
  if (Array.isArray(value)) return value.map((item) => fromPublicJson(item, depth + 1));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) result[checkedKey(key)] = fromPublicJson(item, depth + 1);
  return result;
}

/** The same for a value written in the query. */
export function fromJsonLiteral(
  node: ValueNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  depth = 0,
): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT: {
      const number = Number(node.value);
      return Number.isSafeInteger(number) ? number : BigInt(node.value);
    }
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.ENUM:
      throw new RangeError(`${node.value} is not JSON: texts stand in quotes.`);
    case Kind.VARIABLE:
      return fromPublicJson(variables?.[node.name.value] ?? null, depth);
    case Kind.LIST:
      checkDepth(depth);
      return node.values.map((item) => fromJsonLiteral(item, variables, depth + 1));
    case Kind.OBJECT: {
      checkDepth(depth);
      const result: Record<string, unknown> = {};
      for (const field of node.fields) {
        result[checkedKey(field.name.value)] = fromJsonLiteral(field.value, variables, depth + 1);
      }
      return result;
    }
  }
}

function checkDepth(depth: number): void {
  if (depth >= DEEPEST) throw new RangeError(`JSON may be nested ${DEEPEST} deep at most.`);
}

function checkedKey(key: string): string {
  if (key === '__proto__') throw new RangeError('JSON must not have a key "__proto__".');
  return key;
}
