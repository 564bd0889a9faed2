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
const operations = new Map<string, TestedOperation>();
for (const [file, document] of documents) {
  for (const [key, item] of Object.entries((document.paths ?? {}) as Record<string, Json>)) {
    for (const [method, source] of Object.entries(item) as [string, Json][]) {
      const operationId = String(source.operationId);
      const [path = '', query = ''] = key.split('?');
      const pointer = ['paths', key, method, 'responses', '200', 'content', 'application/json', 'schema'];
      const escaped = pointer.map((step) =>
        encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')),
      );
      pointers.set(operationId, `enos:///${file}#/${escaped.join('/')}`);
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

/** The read operations of some contract files. */
export function readOperations(...files: string[]): TestedOperation[] {
  return [...operations.values()].filter(({ file, kind }) => kind === 'read' && files.includes(file));
}

/** What a reply does wrong by the contract; null if nothing. */
export function contractErrors(operationId: string, reply: unknown): string | null {
  const validate = ajv.getSchema(pointers.get(operationId) ?? '');
  if (validate === undefined) throw new Error(`No reply schema of ${operationId}`);
  return validate(reply) === true ? null : ajv.errorsText(validate.errors);
}
