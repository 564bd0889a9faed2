/**
 * The contract as tests read it: operations, their example requests, and a check of replies with ajv. Written apart
 * from the simulator's own reading of it.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Json = Record<string, unknown>;

/** One operation of the contract. */
export interface TestedOperation {
  operationId: string;
  file: string;
  method: string;
  /** Path without the action. */
  path: string;
  action: string | undefined;
  kind: string;
  /** Example request bodies by name; one undefined entry where the operation takes no body. */
  examples: [string, unknown][];
}

const FOLDER = fileURLToPath(new URL('../../src/enos/contract', import.meta.url));
const documents = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file, parse(readFileSync(join(FOLDER, file), 'utf8')) as Json]),
);

// `./common.yaml#/...` in alert.yaml is enos:///common.yaml#/... once alert.yaml is known as enos:///alert.yaml.
const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false });
formats.default(ajv);
for (const [file, document] of documents) ajv.addSchema(document, `enos:///${file}`);

const pointers = new Map<string, string>();
const sources = new Map<string, { file: string; pointer: string; source: Json }>();
const operations = new Map<string, TestedOperation>();
for (const [file, document] of documents) {
  for (const [key, item] of Object.entries((document.paths ?? {}) as Record<string, Json>)) {
    for (const [method, source] of Object.entries(item) as [string, Json][]) {
      const operationId = String(source.operationId);
      const [path = '', query = ''] = key.split('?');
      const pointer = ['paths', key, method];
      const base = pointerTo(file, pointer);
      sources.set(operationId, { file, pointer: base, source });
      pointers.set(
        operationId,
        `${base}${steps(['responses', '200', 'content', 'application/json', 'schema'])}`,
      );
      operations.set(operationId, {
        operationId,
        file,
        method: method.toUpperCase(),
        path,
        action: new URLSearchParams(query).get('action') ?? undefined,
        kind: String(source['x-enos-kind']),
        examples: readExamples(source),
      });
    }
  }
}

/** The operations by shape; each with the steps of its path, undefined where any stands. */
const shapes = new Map<string, { operation: TestedOperation; steps: (string | undefined)[] }[]>();
for (const operation of operations.values()) {
  const template = operation.path.split('/');
  const shape = shapeOf(operation.method, template);
  const steps = template.map((step) => (/^\{.+\}$/.test(step) ? undefined : step));
  shapes.set(shape, [...(shapes.get(shape) ?? []), { operation, steps }]);
}

function steps(pointer: string[]): string {
  return pointer
    .map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}

function pointerTo(file: string, pointer: string[]): string {
  return `enos:///${file}#${steps(pointer)}`;
}

function readExamples(source: Json): [string, unknown][] {
  const content = (source.requestBody as { content?: Record<string, Json> } | undefined)?.content;
  const media = content?.['application/json'];
  if (media === undefined) return [['no body', undefined]];
  if (media.example !== undefined) return [['example', media.example]];
  const examples = (media.examples ?? {}) as Record<string, { value: unknown }>;
  return Object.entries(examples).map(([name, { value }]) => [name, value]);
}

/** One operation; throws for an unknown id. */
export function contractOperation(operationId: string): TestedOperation {
  const operation = operations.get(operationId);
  if (operation === undefined) throw new Error(`No operation ${operationId}`);
  return operation;
}

/** The operation that a request calls; undefined where the contract has none. */
export function operationAt(
  method: string,
  path: string,
  action: string | null,
): TestedOperation | undefined {
  const given = path.split('/');
  const alike = (shapes.get(shapeOf(method, given)) ?? []).filter(({ steps }) =>
    steps.every((step, index) => (step === undefined ? given[index] !== '' : step === given[index])),
  );
  return alike.find(({ operation }) => (operation.action ?? null) === action)?.operation;
}

/** What two paths must have in common before their steps are worth a look. */
function shapeOf(method: string, path: readonly string[]): string {
  return `${method} ${path.length}`;
}

/** What the contract says of an operation, its `x-enos-` members included. */
export function contractSource(operationId: string): Json {
  const found = sources.get(operationId);
  if (found === undefined) throw new Error(`No operation ${operationId}`);
  return found.source;
}

/** What a request body does wrong by the contract; null if nothing. */
export function bodyErrors(operationId: string, body: unknown): string | null {
  const found = sources.get(operationId);
  const validate = ajv.getSchema(
    `${found?.pointer ?? ''}${steps(['requestBody', 'content', 'application/json', 'schema'])}`,
  );
  if (validate === undefined) throw new Error(`No body schema of ${operationId}`);
  return validate(body) === true ? null : ajv.errorsText(validate.errors);
}

/** What a reference of an operation's document stands for; the value itself where it is none. */
export function dereference(operationId: string, value: Json): Json {
  const reference = value.$ref;
  if (typeof reference !== 'string') return value;
  const [document = '', pointer = ''] = reference.split('#');
  const file = document === '' ? sources.get(operationId)?.file : document.replace('./', '');
  let found: unknown = documents.get(file ?? '');
  for (const step of pointer.split('/').slice(1)) found = (found as Json | undefined)?.[step];
  return (found ?? {}) as Json;
}

/** Every operation of some contract files. */
export function allOperations(...files: string[]): TestedOperation[] {
  return [...operations.values()].filter(({ file }) => files.includes(file));
}

/** The read operations of some contract files. */
export function readOperations(...files: string[]): TestedOperation[] {
  return [...operations.values()].filter(({ file, kind }) => kind === 'read' && files.includes(file));
}

/** The write operations of some contract files. */
export function writeOperations(...files: string[]): TestedOperation[] {
  return [...operations.values()].filter(({ file, kind }) => kind === 'write' && files.includes(file));
}

/** What a reply does wrong by the contract; null if nothing. */
export function contractErrors(operationId: string, reply: unknown): string | null {
  const validate = ajv.getSchema(pointers.get(operationId) ?? '');
  if (validate === undefined) throw new Error(`No reply schema of ${operationId}`);
  return validate(reply) === true ? null : ajv.errorsText(validate.errors);
}
