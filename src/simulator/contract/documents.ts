/**
 * Reads the contract: the OpenAPI documents in src/enos/contract, as they stand, at start. The simulator shares
 * nothing else with the server, so that each side is a check on the other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { jsonOfYaml } from '../parsed-yaml.js';

/** A JSON object of a contract document. */
export type JsonObject = Record<string, unknown>;

/** A contract document; its `$ref`s are absolute (`enos:alert.yaml#/...`). */
export interface ContractDocument {
  /** File name, such as `alert.yaml`. */
  file: string;
  content: JsonObject;
}

/** The folder that holds the contract, found from src/ and from dist/ alike. */
export const CONTRACT_FOLDER = fileURLToPath(new URL('../../../src/enos/contract', import.meta.url));

/** Name under which a document is known to `$ref`s. */
export function documentUri(file: string): string {
  return `enos:${file}`;
}

/** True for a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads every document of a folder. */
export function readDocuments(folder: string = CONTRACT_FOLDER): ContractDocument[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const json = jsonOfYaml(text);
      const content: unknown = json === undefined ? parse(text, { maxAliasCount: -1 }) : JSON.parse(json);
      if (!isObject(content)) throw new Error(`${file} is not an OpenAPI document`);
      return { file, content: absoluteReferences(content, file) as JsonObject };
    });
}

/** Copies a value with its references made absolute, so that a schema can be compiled away from its document. */
function absoluteReferences(value: unknown, file: string): unknown {
  if (Array.isArray(value)) return value.map((item) => absoluteReferences(item, file));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key === '$ref' && typeof item === 'string'
        ? [key, absoluteReference(item, file)]
        : [key, absoluteReferences(item, file)],
    ),
  );
}

function absoluteReference(reference: string, file: string): string {
  const [target = '', pointer = ''] = reference.split('#');
  return `${documentUri(target === '' ? file : target.replace(/^\.\//, ''))}#${pointer}`;
}

/** Follows an absolute reference; throws if it leads nowhere. */
export function resolveReference(documents: readonly ContractDocument[], reference: string): JsonObject {
  const [uri = '', pointer = ''] = reference.split('#');
  let value: unknown = documents.find((document) => documentUri(document.file) === uri)?.content;
  for (const step of pointer.split('/').slice(1)) {
    value = isObject(value) ? value[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  if (!isObject(value)) throw new Error(`${reference} leads nowhere`);
  return value;
}

/** A schema's own object and all that it draws in with `$ref` and `allOf`, without those two keywords' nesting. */
export function flattenSchema(documents: readonly ContractDocument[], schema: unknown): JsonObject[] {
  if (!isObject(schema)) return [];
  const parts: JsonObject[] = [schema];
  if (typeof schema.$ref === 'string') {
    parts.push(...flattenSchema(documents, resolveReference(documents, schema.$ref)));
  }
  if (Array.isArray(schema.allOf)) {
    for (const part of schema.allOf) parts.push(...flattenSchema(documents, part));
  }
  return parts;
}

/** The properties that a schema names, over `$ref` and `allOf`. */
export function schemaProperties(documents: readonly ContractDocument[], schema: unknown): JsonObject {
  return Object.assign(
    {},
    ...flattenSchema(documents, schema).map((part) => (isObject(part.properties) ? part.properties : {})),
  ) as JsonObject;
}
