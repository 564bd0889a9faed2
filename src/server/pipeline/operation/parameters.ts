/** What a request says of its operation, as GraphQL over HTTP has it. */
import type { IncomingMessage } from 'node:http';
import { parseExactJson } from '../../variables/variables.js';
import { isReadableGet } from '../../http/safe-get.js';

/** The parameters of GraphQL over HTTP, checked. */
export interface Parameters {
  method: 'GET' | 'POST';
  query: string | undefined;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
  extensions: Record<string, unknown> | undefined;
  /** Of documents known in advance. */
  documentId: string | undefined;
}

/**
 * The parameters of a request, `body` being what its body holds. Undefined where anything is not as it should be: Apollo
 * then says what.
 */
export function readParameters(req: IncomingMessage, body: unknown): Parameters | undefined {
  if (req.method === 'POST') return fromBody(body);
  return req.method === 'GET' && isReadableGet(req) ? fromUrl(req.url ?? '') : undefined;
}

/**
 * The query part of an address without parameters that say nothing: empty ones, and null where JSON is expected. Clients that
 * fill in a template send them for what they leave out.
 */
export function withoutEmpty(search: string): string {
  const given = [...new URLSearchParams(search)].filter(([name, value]) => !isNothing(name, value));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function isNothing(name: string, value: string): boolean {
  return value === '' || (JSON_PARAMETERS.has(name) && value.trim() === 'null');
}

const NAMES = ['query', 'operationName', 'variables', 'extensions', 'documentId'] as const;
const JSON_PARAMETERS: ReadonlySet<string> = new Set(['variables', 'extensions']);

function fromBody(body: unknown): Parameters | undefined {
  if (!isRecord(body)) return undefined;
  const { operationName, variables, extensions, documentId } = body;
  // An empty text names no document: clients send it where they name one by its hash.
  const query = body['query'] === '' ? undefined : body['query'];
  if (
    !isTextOrNone(query) ||
    !isTextOrNone(documentId) ||
    !isName(operationName) ||
    !isRecordOrNone(variables) ||
    !isRecordOrNone(extensions)
  )
    return undefined;
  return {
    method: 'POST',
    query: query ?? undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
    documentId: documentId ?? undefined,
  };
}

function fromUrl(url: string): Parameters | undefined {
  const start = url.indexOf('?');
  const search = new URLSearchParams(start < 0 ? '' : url.slice(start));
  if (NAMES.some((name) => search.getAll(name).length > 1)) return undefined;
  const text = (name: (typeof NAMES)[number]): string | undefined => {
    const value = search.get(name);
    return value === null || isNothing(name, value) ? undefined : value;
  };
  const operationName = text('operationName');
  const variables = parsed(text('variables'));
  const extensions = parsed(text('extensions'));
  if (!isName(operationName) || !isRecordOrNone(variables) || !isRecordOrNone(extensions)) return undefined;
  return {
    method: 'GET',
    query: text('query'),
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
    documentId: text('documentId'),
  };
}

/** The value of a JSON text; what is not JSON, or null, is no record and so left to Apollo. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseExactJson(text) ?? '';
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordOrNone(value: unknown): value is Record<string, unknown> | null | undefined {
  return value == null || isRecord(value);
}

function isTextOrNone(value: unknown): value is string | null | undefined {
  return value == null || typeof value === 'string';
}

/** An empty name is a name that no operation has. */
function isName(value: unknown): value is string | null | undefined {
  return isTextOrNone(value) && value !== '';
}
