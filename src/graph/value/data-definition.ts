/** What a model says of a data type, read from the JSON text that EnOS keeps it in. Tolerant: what is not there is null. */
import type { I18nText } from '../../loading/common.js';

/** Data types of EnOS. */
export const DATA_TYPES = [
  'ARRAY',
  'BOOL',
  'DATE',
  'DOUBLE',
  'ENUM',
  'FILE',
  'FLOAT',
  'INT',
  'STRING',
  'STRUCT',
  'TIMESTAMP',
] as const;

/** A data type of EnOS. */
export type DataTypeName = (typeof DATA_TYPES)[number];

/** A member of a STRUCT. */
export interface StructMemberDefinition extends ValueType {
  identifier: string;
  name: I18nText | null;
  unitId: string | null;
  required: boolean;
}

/** Details of a data type; which of them there are depends on the type. */
export interface DataDefinitionSource {
  /** ENUM: names by value, in the order of the definition. */
  enumValues: { value: string; name: I18nText | null }[] | null;
  /** ENUM: type of the values, INT or STRING. */
  enumType: string | null;
  /** BOOL: texts for the two values. */
  boolTexts: { whenTrue: string | null; whenFalse: string | null } | null;
  /** STRING. */
  maxLength: number | null;
  /** STRUCT. */
  structMembers: StructMemberDefinition[] | null;
  /** ARRAY: type of the elements. */
  itemType: string | null;
  /** Everything, as EnOS keeps it. */
  json: unknown;
}

/** What must be known of a value to read it. */
export interface ValueType {
  dataType: DataTypeName | null;
  definition: DataDefinitionSource | null;
}

/** Data type by the name that EnOS sends; one page of its documentation says DATA for DATE. Null for an unknown one. */
export function toDataType(name: unknown): DataTypeName | null {
  if (name === 'DATA') return 'DATE';
  return DATA_TYPES.find((known) => known === name) ?? null;
}

/** Reads a data definition: JSON text, or the object that members of structs carry. Null where there is none. */
export function parseDataDefinition(raw: unknown): DataDefinitionSource | null {
  const json = typeof raw === 'string' ? parse(raw) : raw;
  if (!isRecord(json) || Object.keys(json).length === 0) return null;
  const { enumDesc, enumType, boolDesc, maxLength, items, itemType } = json;
  return {
    enumValues: isRecord(enumDesc)
      ? Object.entries(enumDesc).map(([value, name]) => ({ value, name: toText(name) }))
      : null,
    enumType: textOrNull(enumType),
    boolTexts: isRecord(boolDesc)
      ? { whenTrue: textOrNull(boolDesc['true']), whenFalse: textOrNull(boolDesc['false']) }
      : null,
    maxLength: typeof maxLength === 'number' && Number.isInteger(maxLength) ? maxLength : null,
    structMembers: Array.isArray(items) ? items.filter(isRecord).map(toMember) : null,
    itemType: textOrNull(itemType),
    json,
  };
}

function toMember(item: Record<string, unknown>): StructMemberDefinition {
  const { unit } = item;
  return {
    identifier: textOrNull(item['identifier']) ?? '',
    name: toText(item['name']),
    dataType: toDataType(item['dataType']),
    definition: parseDataDefinition(item['dataDefinition']),
    unitId: textOrNull(isRecord(unit) ? unit['unitId'] : unit),
    required: item['required'] === true,
  };
}

function toText(value: unknown): I18nText | null {
  if (typeof value === 'string') return { defaultValue: value };
  return isRecord(value) ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A definition that cannot be read is none: values are then shown as they are.
    return null;
  }
}
