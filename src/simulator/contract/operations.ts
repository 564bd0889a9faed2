/**
 * The operations of the contract, and which of them a request means: method, path and `action` decide.
 */
import { isObject, resolveReference, schemaProperties } from './documents.js';
import type { ContractDocument, JsonObject } from './documents.js';
import { envelopeOf } from './envelope.js';
import type { Envelope } from './envelope.js';

/** A query or header parameter. */
export interface ContractParameter {
  name: string;
  in: 'query' | 'path' | 'header';
  required: boolean;
  schema: JsonObject;
}

/** A code that an operation documents; `message` may be a template or null. */
export interface ContractError {
  code: number;
  message: string | null;
}

/** Which fields of an expression take which operators. */
export interface ExpressionRules {
  fields: readonly { pattern: string; operators: readonly string[] }[];
}

/** One operation of the contract. */
export interface ContractOperation {
  operationId: string;
  /** Contract file that holds it, such as `alert.yaml`. */
  file: string;
  method: string;
  /** Path template without the action. */
  path: string;
  /** `action` that tells operations on one path apart; null where the path alone does. */
  action: string | null;
  parameters: readonly ContractParameter[];
  body: { required: boolean; schema: JsonObject; json: boolean; multipart: JsonObject | null } | null;
  /** Whether a call must be signed. On the integration channel the token alone authorizes. */
  signed: boolean;
  /** Schema of the reply as a whole, null for a reply that is not JSON. */
  reply: JsonObject | null;
  envelope: Envelope;
  errors: readonly ContractError[];
  pagination: { defaultPageSize: number; maxPageSize: number | null; sortable: readonly string[] };
  expression: ExpressionRules | null;
  /** Whether the body takes a `projection`. */
  takesProjection: boolean;
  /** Whether the contract promises that a cropped reply still fits its schema. */
  projectable: boolean;
}

/** What a request's method, path and action lead to. */
export interface OperationMatch {
  operation: ContractOperation;
  /** Values of the path template, decoded. */
  path: Record<string, string>;
}

/** getAlertContent is a GET in the 2.1 pages and a POST in later ones; its note asks a simulator to take both. */
const EXTRA_METHODS: Readonly<Record<string, readonly string[]>> = {
  getAlertContent: ['POST'],
  // What EnOS's own clients send, although the documents name another method.
  deleteAssetTree: ['GET'],
  cancelCommand: ['GET'],
  enableDevice: ['GET'],
  disableDevice: ['GET'],
  deleteDevice: ['GET'],
  deleteProduct: ['GET'],
  deleteFirmware: ['GET'],
  getOTAJob: ['POST'],
};

/** Actions that samples of the documentation, and EnOS's own clients, have in place of the one in the heading. */
const EXTRA_ACTIONS: Readonly<Record<string, string>> = {
  removeSubDevice: 'remove',
  searchSubDevice: 'searchSubDevices',
  searchAssetNode: 'searchAssetV2',
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  action: string | null;
  operation: ContractOperation;
}

/** Every operation of the contract, by id and by route. */
export class OperationIndex {
  readonly byId = new Map<string, ContractOperation>();
  private readonly routes: Route[] = [];

  constructor(documents: readonly ContractDocument[]) {
    for (const document of documents) {
      for (const [key, item] of Object.entries(objectAt(document.content, 'paths'))) {
        if (!isObject(item)) continue;
        for (const method of METHODS) {
          const source = item[method];
          if (isObject(source)) this.add(documents, document, key, method.toUpperCase(), source);
        }
      }
    }
    // Templates come after literal paths, so that /policies/unformatted does not fall to /policies/{policyId}.
    this.routes.sort((a, b) => a.names.length - b.names.length);
  }

  /** The operation that a request means. An exact action wins over an operation that has none. */
  match(method: string, path: string, action: string | null): OperationMatch | null {
    const hits = this.routes.filter((route) => route.method === method && route.pattern.test(path));
    const route = hits.find((hit) => hit.action === action) ?? hits.find((hit) => hit.action === null);
    if (route === undefined) return null;
    const values = route.pattern.exec(path)?.slice(1) ?? [];
    const decoded: Record<string, string> = {};
    for (const [index, name] of route.names.entries()) {
      const value = decodeSegment(values[index] ?? '');
      if (value === null) return null;
      decoded[name] = value;
    }
    return { operation: route.operation, path: decoded };
  }

  private add(
    documents: readonly ContractDocument[],
    document: ContractDocument,
    key: string,
    method: string,
    source: JsonObject,
  ): void {
    const [path = '', query = ''] = key.split('?');
    const action = new URLSearchParams(query).get('action');
    const operation = readOperation(documents, document, source, method, path, action);
    this.byId.set(operation.operationId, operation);
    const aliases = [...textList(source['x-enos-path-aliases']), ...textList(source['x-enos-alias-paths'])];
    const extra = EXTRA_ACTIONS[operation.operationId];
    if (extra !== undefined) aliases.push(`${path}?action=${extra}`);
    for (const route of [key, ...aliases]) {
      for (const verb of [method, ...(EXTRA_METHODS[operation.operationId] ?? [])]) {
        this.routes.push(toRoute(route, verb, operation));
      }
    }
  }
}

function toRoute(key: string, method: string, operation: ContractOperation): Route {
  const [path = '', query = ''] = key.split('?');
  const names: string[] = [];
  const pattern = path
    .split(/(\{[^{}]+\})/)
    .map((piece) => {
      if (!piece.startsWith('{')) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(piece.slice(1, -1));
      return '([^/]+)';
    })
    .join('');
  const action = new URLSearchParams(query).get('action');
  return { method, pattern: new RegExp(`^${pattern}$`), names, action, operation };
}

function readOperation(
  documents: readonly ContractDocument[],
  document: ContractDocument,
  source: JsonObject,
  method: string,
  path: string,
  action: string | null,
): ContractOperation {
  const content = objectAt(objectAt(objectAt(source, 'responses'), '200'), 'content');
  const replySchema = objectAt(content, 'application/json').schema;
  const reply = isObject(replySchema) ? replySchema : null;
  const body = readBody(documents, source.requestBody);
  return {
    operationId: String(source.operationId),
    file: document.file,
    method,
    path,
    action,
    parameters: listAt(source, 'parameters').map((item) => readParameter(documents, item)),
    body,
    signed: objectAt(source, 'x-enos-auth').signed !== false,
    reply,
    envelope: envelopeOf(documents, reply, path),
    errors: [
      ...readErrors(source['x-enos-errors']),
      ...readErrors(objectAt(document.content, 'info')['x-enos-common-errors']),
    ],
    pagination: readPagination(objectAt(source, 'x-enos-pagination')),
    expression: readExpressionRules(source['x-enos-expression']),
    takesProjection: body !== null && 'projection' in schemaProperties(documents, body.schema),
    projectable: source['x-enos-projectable'] === true,
  };
}

function readParameter(documents: readonly ContractDocument[], item: unknown): ContractParameter {
  const source = dereference(documents, item);
  return {
    name: String(source.name),
    in: source.in as ContractParameter['in'],
    required: source.required === true,
    schema: objectAt(source, 'schema'),
  };
}

function readBody(documents: readonly ContractDocument[], item: unknown): ContractOperation['body'] {
  if (!isObject(item)) return null;
  const source = dereference(documents, item);
  const content = objectAt(source, 'content');
  return {
    required: source.required === true,
    schema: objectAt(objectAt(content, 'application/json'), 'schema'),
    json: 'application/json' in content,
    multipart:
      'multipart/form-data' in content ? objectAt(objectAt(content, 'multipart/form-data'), 'schema') : null,
  };
}

function readErrors(value: unknown): ContractError[] {
  return (Array.isArray(value) ? value : []).filter(isObject).map((item) => ({
    code: Number(item.code),
    message: typeof item.message === 'string' ? item.message : null,
  }));
}

function readPagination(source: JsonObject): ContractOperation['pagination'] {
  return {
    defaultPageSize: typeof source.defaultPageSize === 'number' ? source.defaultPageSize : 10,
    maxPageSize: typeof source.maxPageSize === 'number' ? source.maxPageSize : null,
    sortable: textList(source.sortable),
  };
}

/** Operators of the newest edition and of the 2.1 baseline together: what any edition accepted is accepted. */
function readExpressionRules(value: unknown): ExpressionRules | null {
  if (!isObject(value)) return null;
  const fields = listAt(value, 'operators')
    .filter(isObject)
    .flatMap((rule) => {
      const operators = [...textList(rule.operators), ...textList(rule.baseline)];
      return textList(rule.fields).map((pattern) => ({ pattern, operators }));
    });
  return { fields };
}

function dereference(documents: readonly ContractDocument[], item: unknown): JsonObject {
  if (!isObject(item)) return {};
  return typeof item.$ref === 'string' ? resolveReference(documents, item.$ref) : item;
}

function decodeSegment(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape names nothing: the request has no route.
    return null;
  }
}

function objectAt(source: JsonObject, key: string): JsonObject {
  const value = source[key];
  return isObject(value) ? value : {};
}

function listAt(source: JsonObject, key: string): unknown[] {
  const value = source[key];
  return Array.isArray(value) ? value : [];
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
