/**
 * Attributes of assets, held against the definitions of their model.
 */
import type { DataType, WorldModel } from './world.js';

/** Values by attribute id. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What is wrong with the first value that the model does not take; null if nothing is. A null value is none. */
export function misfitOf(model: WorldModel, attributes: Attributes): string | null {
  for (const [id, value] of Object.entries(attributes)) {
    const attribute = Object.hasOwn(model.attributes, id) ? model.attributes[id] : undefined;
    if (attribute === undefined) return `model ${model.modelId} has no attribute ${id}`;
    if (value === null || value === undefined) continue;
    const dataType = attribute['dataType'] as DataType;
    if (!fits(dataType, parseDefinition(attribute['dataDefinition']), value))
      return `attribute ${id} is not a valid ${dataType}`;
  }
  return null;
}

/** The first attribute that the model requires and the values lack; null if none. */
export function missingOf(model: WorldModel, attributes: Attributes): string | null {
  const missing = Object.entries(model.attributes).find(
    ([id, { isRequired }]) => isRequired === true && (attributes[id] ?? null) === null,
  );
  return missing === undefined ? null : `attribute ${missing[0]} is required`;
}

/** The values, and the model's defaults where there is none. */
export function withDefaults(model: WorldModel, attributes: Attributes): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [id, { defaultValue }] of Object.entries(model.attributes)) {
    const value = attributes[id] ?? defaultValue ?? null;
    if (value !== null) all[id] = value;
  }
  return all;
}

type Definition = Readonly<Record<string, unknown>>;

function parseDefinition(text: unknown): Definition {
  return typeof text === 'string' ? (JSON.parse(text) as Definition) : {};
}

function fits(dataType: DataType, definition: Definition, value: unknown): boolean {
  switch (dataType) {
    case 'INT':
    case 'TIMESTAMP':
      return isInteger(value);
    case 'FLOAT':
    case 'DOUBLE':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'BOOL':
      return typeof value === 'boolean';
    case 'STRING':
      return typeof value === 'string' && value.length <= Number(definition['maxLength'] ?? Infinity);
    case 'DATE':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    case 'FILE':
      return typeof value === 'string' || isRecord(value);
    case 'ENUM':
      return (
        (definition['enumType'] === 'INT' ? isInteger(value) : typeof value === 'string') &&
        Object.hasOwn(definition['enumDesc'] ?? {}, String(value))
      );
    case 'ARRAY':
      return (
        Array.isArray(value) && value.every((item) => fits(definition['itemType'] as DataType, {}, item))
      );
    case 'STRUCT':
      return isRecord(value) && fitsStruct((definition['items'] ?? []) as Member[], value);
  }
}

interface Member {
  identifier: string;
  dataType: DataType;
  dataDefinition?: Definition | null;
  required?: boolean;
}

function fitsStruct(members: readonly Member[], value: Definition): boolean {
  return (
    Object.keys(value).every((name) => members.some(({ identifier }) => identifier === name)) &&
    members.every(({ identifier, dataType, dataDefinition, required }) => {
      const part = value[identifier] ?? null;
      return part === null ? required !== true : fits(dataType, dataDefinition ?? {}, part);
    })
  );
}

function isInteger(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function isRecord(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
