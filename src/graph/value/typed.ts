/** From a value and its type to a member of the union `Value`. */
import { parseDateTime } from '../scalars/date-time.js';
import { arrayItemType, coerceValue } from './coerce.js';
import type { ValueType } from './data-definition.js';
import {
  ArrayValue,
  BooleanValue,
  DateTimeValue,
  EnumValue,
  FileValue,
  FloatValue,
  IntValue,
  StringValue,
  StructField,
  StructValue,
  type TypedValue,
} from './types.js';

/** The value as a member of the union; null where there is none or it cannot be read in its type. */
export function toTyped(raw: unknown, type: ValueType): TypedValue | null {
  const value = coerceValue(raw, type);
  if (value === null || value === undefined) return null;
  switch (type.dataType) {
    case 'ENUM':
      return toEnum(value, type);
    case 'DATE':
    case 'TIMESTAMP':
      return new DateTimeValue(toInstant(value), text(value));
    case 'FILE':
      return new FileValue(text(value));
    case 'STRUCT':
      return toStruct(value as Record<string, unknown>, type);
    case 'ARRAY':
      return toArray(value as unknown[], type);
    case 'FLOAT':
    case 'DOUBLE':
      return new FloatValue(value as number);
    case 'INT':
    case 'BOOL':
    case 'STRING':
    case null:
      return toPlain(value, type);
  }
}

/** By the value alone: the type is plain, or unknown. */
function toPlain(value: unknown, { definition }: ValueType): TypedValue | null {
  if (typeof value === 'bigint') return new IntValue(value);
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? new IntValue(value) : new FloatValue(value);
  if (typeof value === 'string') return new StringValue(value);
  if (typeof value === 'boolean') {
    const texts = definition?.boolTexts;
    return new BooleanValue(value, (value ? texts?.whenTrue : texts?.whenFalse) ?? null);
  }
  if (Array.isArray(value)) return toArray(value, { dataType: 'ARRAY', definition: null });
  return toStruct(value as Record<string, unknown>, { dataType: 'STRUCT', definition: null });
}

/** An average of an enumeration is no key of it. */
function toEnum(value: unknown, { definition }: ValueType): TypedValue {
  if (typeof value === 'number' && !Number.isInteger(value)) return new FloatValue(value);
  const key = String(value);
  const found = definition?.enumValues?.find((candidate) => candidate.value === key);
  return new EnumValue(key, found?.name ?? null);
}

function toInstant(value: unknown): number | null {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const milliseconds = Number(value);
    return Math.abs(milliseconds) <= 8.64e15 ? milliseconds : null;
  }
  const source = text(value);
  try {
    return parseDateTime(
      /^\d{4}-\d{2}-\d{2}$/.test(source) ? `${source}T00:00:00Z` : source.replace(' ', 'T'),
    );
  } catch {
    // A local time without a zone is no instant: it stays text.
    return null;
  }
}

function toStruct(value: Record<string, unknown>, { definition }: ValueType): StructValue {
  const members = definition?.structMembers ?? [];
  const known = new Map(members.map((member) => [member.identifier, member]));
  const order = [...known.keys()].filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !known.has(key));
  return new StructValue(
    [...order, ...others].map((key) => {
      const member = known.get(key);
      const type = member ?? { dataType: null, definition: null };
      return new StructField(key, member?.name ?? null, value[key], toTyped(value[key], type));
    }),
  );
}

function toArray(value: readonly unknown[], { definition }: ValueType): ArrayValue {
  const type = arrayItemType(definition?.itemType);
  return new ArrayValue(value.map((item) => toTyped(item, type)));
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : (JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)) ??
        '');
}
