/** Whether values are what the thing model says of an attribute, point, or field of an event or service. */
import { isObject } from '../../contract/documents.js';
import { invalidArgument } from '../../refusals.js';
import type { ModelFeature, WorldModel } from '../../world/world.js';

const FILE_URI = /^(enos-[a-z]+|local):\/\/.+/;

/** Refuses (99400) a value that a feature cannot hold; `name` is what the message calls it. */
export function checkValue(name: string, feature: ModelFeature | undefined, value: unknown): void {
  if (feature === undefined) throw invalidArgument(name, 'is not in the thing model');
  const problem = problemOf(feature, value);
  if (problem !== null) throw invalidArgument(name, problem);
}

function problemOf(feature: ModelFeature, value: unknown): string | null {
  const definition = definitionOf(feature);
  switch (feature['dataType']) {
    case 'INT':
    case 'TIMESTAMP':
      return isWhole(value) ? null : 'must be a whole number';
    case 'FLOAT':
    case 'DOUBLE':
      return typeof value === 'number' || typeof value === 'bigint' ? null : 'must be a number';
    case 'BOOL':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'ENUM': {
      const keys = isObject(definition.enumDesc) ? Object.keys(definition.enumDesc) : [];
      const isKey = (typeof value === 'string' || typeof value === 'number') && keys.includes(String(value));
      return isKey ? null : `must be one of ${keys.join(', ')}`;
    }
    case 'STRING': {
      const { maxLength } = definition;
      if (typeof value !== 'string') return 'must be text';
      return typeof maxLength === 'number' && value.length > maxLength ? `is longer than ${maxLength}` : null;
    }
    case 'DATE':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? null : 'must be a date';
    case 'FILE':
      return typeof value === 'string' && FILE_URI.test(value) ? null : 'must be the URI of a file';
    case 'ARRAY':
      return Array.isArray(value) ? null : 'must be a list';
    case 'STRUCT':
      return isObject(value) ? null : 'must be an object';
    default:
      return null;
  }
}

function definitionOf(feature: ModelFeature): Record<string, unknown> {
  const text = feature['dataDefinition'];
  const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : null;
  return isObject(parsed) ? parsed : {};
}

function isWhole(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** Refuses attributes that the model lacks or whose values it does not take; null deletes one. */
export function checkAttributes(model: WorldModel, attributes: Readonly<Record<string, unknown>>): void {
  for (const [id, value] of Object.entries(attributes)) {
    const feature = Object.hasOwn(model.attributes, id) ? model.attributes[id] : undefined;
    if (value !== null || feature === undefined) checkValue(`attributes.${id}`, feature, value);
  }
}

/** Attributes with changes: null deletes one. */
export function changedAttributes(
  attributes: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...attributes, ...changes }).filter(([, value]) => value !== null),
  );
}

const TAG_KEY = /^[A-Za-z0-9_\-/]{1,49}$/;

/** Refuses tags that break EnOS's rules: at most 100, keys and values as the contract describes them. */
export function checkTags(name: string, tags: unknown): void {
  if (!isObject(tags)) return;
  const entries = Object.entries(tags);
  if (entries.length > 100) throw invalidArgument(name, 'must be at most 100');
  for (const [key, value] of entries) {
    if (!TAG_KEY.test(key)) throw invalidArgument(name, `${key} is no key of a tag`);
    if (String(value).trim() !== value)
      throw invalidArgument(`${name}.${key}`, 'starts or ends with a space');
  }
}

/** Text in several languages as requests send it. */
export function textOf(value: unknown): { defaultValue: string; i18nValue: Record<string, string> } {
  const { defaultValue, i18nValue = {} } = value as {
    defaultValue: string;
    i18nValue?: Record<string, string>;
  };
  return { defaultValue, i18nValue };
}

/** A boolean, or its text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
