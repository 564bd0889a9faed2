/**
 * The file in which a client's build writes down its operations. Two formats are in use: Apollo's persisted query manifest,
 * and a JSON object from id to text, as Relay and GraphQL Code Generator write it.
 */
import { GraphQLError, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';

/** Texts of documents by their ids. */
export type Manifest = ReadonlyMap<string, string>;

/** The file is not a manifest. The message says what is wrong with it and where. */
export class ManifestError extends Error {
  constructor(problem: string) {
    super(`The file of operations (DOCUMENTS_FILE) cannot be used: ${problem}`);
    this.name = 'ManifestError';
  }
}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

/** Reads a manifest of either format. Throws ManifestError. */
export function readManifest(json: string): Manifest {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    throw new ManifestError('it is not JSON');
  }
  if (!isObject(content)) throw new ManifestError('expected a JSON object');
  return 'format' in content && !isDocumentText(content['format']) ? ofApollo(content) : ofMap(content);
}

/** What is wrong with each document that this schema cannot run, by id; its first error each. */
export function invalidDocuments(manifest: Manifest, schema: GraphQLSchema): Map<string, string> {
  const problems = new Map<string, string>();
  for (const [id, text] of manifest) {
    const problem = problemOf(text, schema);
    if (problem !== undefined) problems.set(id, problem);
  }
  return problems;
}

function problemOf(text: string, schema: GraphQLSchema): string | undefined {
  try {
    return validate(schema, parse(text))[0]?.message;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

function ofApollo(content: Readonly<Record<string, unknown>>): Manifest {
  const { format, version, operations } = content;
  if (format !== APOLLO_FORMAT)
    throw new ManifestError(`its "format" is unknown; expected "${APOLLO_FORMAT}"`);
  if (version !== 1) throw new ManifestError('its "version" is not 1');
  if (!Array.isArray(operations)) throw new ManifestError('"operations" is not a list');
  return unique(
    operations.map((operation: unknown, index) => {
      const { id, body } = isObject(operation) ? operation : {};
      if (typeof id !== 'string' || id === '' || typeof body !== 'string')
        throw new ManifestError(`operations[${index}] has not the texts "id" and "body"`);
      return [id, body];
    }),
  );
}

function ofMap(content: Readonly<Record<string, unknown>>): Manifest {
  return unique(
    Object.entries(content).map(([id, text]) => {
      if (id === '' || typeof text !== 'string')
        throw new ManifestError(`"${id.slice(0, 80)}" is not an id with the text of a document`);
      return [id, text];
    }),
  );
}

function unique(entries: readonly (readonly [string, string])[]): Manifest {
  const manifest = new Map<string, string>();
  for (const [id, text] of entries) {
    if (manifest.has(id) && manifest.get(id) !== text)
      throw new ManifestError(`the id "${id.slice(0, 80)}" stands for two documents`);
    manifest.set(id, text);
  }
  return manifest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value under the key "format" is the document of a map that has such an id. */
function isDocumentText(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{');
}
