/**
 * Values in the type that the model gives them. EnOS sends numbers as text, booleans as 0 and 1, structs as JSON text;
 * what cannot be read in its type is null, never a wrong value.
 */
import type { DataTypeName, ValueType } from './data-definition.js';

const INTEGER = /^[+-]?\d{1,40}$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;
/** Characters of a number: the longest that a double is written with has fewer than 1,100. */
const LONGEST_NUMBER = 1_200;

/** The value in its type: number, bigint (beyond 2^53), boolean, text, list or object; null where it cannot be read. */
export function coerceValue(raw: unknown, type: ValueType): unknown {
  if (raw === null || raw === undefined) return null;
  switch (type.dataType) {
    case 'INT':
      return toInteger(raw);
    case 'FLOAT':
    case 'DOUBLE':
      return toNumber(raw);
    case 'BOOL':
      return toBoolean(raw);
    case 'ENUM':
      return toEnumKey(raw, type);
    case 'STRING':
    case 'DATE':
    case 'FILE':
      return toText(raw);
    case 'TIMESTAMP':
      return toTimestamp(raw);
    case 'STRUCT':
      return toStruct(raw, type);
    case 'ARRAY':
      return toArray(raw, type);
    case null:
      return typeof raw === 'number' && !Number.isFinite(raw) ? null : raw;
  }
}

/** Whether values of the type can be averaged and drawn as a line. */
export function isNumeric(dataType: DataTypeName | null): boolean {
  return dataType === 'INT' || dataType === 'FLOAT' || dataType === 'DOUBLE';
}

/** A value as a number for statistics; null for anything that is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : null;
}

/** An integer of the size it has: number up to 2^53, bigint beyond. A fraction stays a number. */
function toInteger(raw: unknown): number | bigint | null {
  if (typeof raw === 'bigint') return shrink(raw);
  if (typeof raw === 'string' && raw.length <= LONGEST_NUMBER && INTEGER.test(raw.trim()))
    return shrink(BigInt(raw.trim().replace(/^\+/, '')));
  return toNumber(raw);
}

function shrink(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function toNumber(raw: unknown): number | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  if (typeof raw === 'bigint') return Number(raw);
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  if (typeof raw !== 'string' || !isDecimal(raw.trim())) return null;
  const number = Number(raw);
  return Number.isFinite(number) ? number : null;
}

/** Whether a text is a number. EnOS may send any text for one, which is not to be searched whole. */
function isDecimal(text: string): boolean {
  return text.length <= LONGEST_NUMBER && DECIMAL.test(text);
}

function toBoolean(raw: unknown): boolean | null {
  if (typeof raw === 'boolean') return raw;
  if (raw === 1 || raw === 1n) return true;
  if (raw === 0 || raw === 0n) return false;
  if (typeof raw !== 'string') return null;
  const text = raw.trim().toLowerCase();
  if (text === 'true' || (isDecimal(text) && Number(text) === 1)) return true;
  return text === 'false' || (isDecimal(text) && Number(text) === 0) ? false : null;
}

/** Key of an enumeration: a number where its values are integers, else text. Averages and the like stay numbers. */
function toEnumKey(raw: unknown, { definition }: ValueType): unknown {
  const isText = definition?.enumType === 'STRING';
  if (isText) return toText(raw);
  return toInteger(raw) ?? toText(raw);
}

function toText(raw: unknown): string | null {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number' || typeof raw === 'bigint' || typeof raw === 'boolean') return String(raw);
  return JSON.stringify(raw, bigintAsText) ?? null;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Unix milliseconds as a number; text that is none stays as it is. */
function toTimestamp(raw: unknown): number | bigint | string | null {
  return toInteger(raw) ?? (typeof raw === 'string' && raw.trim() !== '' ? raw : null);
}

function toStruct(raw: unknown, { definition }: ValueType): Record<string, unknown> | null {
  const value = parsed(raw);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const members = new Map(definition?.structMembers?.map((member) => [member.identifier, member]));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const member = members.get(key);
    if (key !== '__proto__') result[key] = member ? coerceValue(item, member) : (item as unknown);
  }
  return result;
}

function toArray(raw: unknown, { definition }: ValueType): unknown[] | null {
  const value = parsed(raw);
  if (!Array.isArray(value)) return null;
  const itemType = arrayItemType(definition?.itemType);
  return value.map((item: unknown) => coerceValue(item, itemType));
}

/** Type of the elements of an ARRAY. */
export function arrayItemType(name: string | null | undefined): ValueType {
  const known = (['INT', 'FLOAT', 'DOUBLE', 'STRING'] as const).find((type) => type === name);
  return { dataType: known ?? null, definition: null };
}

function parsed(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw;
  try {
    return JSON.parse(raw);
  } catch {
    // Text that is no JSON is no struct and no list.
    return null;
  }
}
