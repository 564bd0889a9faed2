/** From an operation and its arguments to the parts of an HTTP request, with every id checked before it meets a URL. */
import { EnosError } from './errors.js';
import { stringifyJson } from './json.js';
import type { Operation } from './operation.js';

/** Arguments of an operation as `Arguments<Id>` types them, seen without their operation. */
export interface UntypedArguments {
  query?: Readonly<Record<string, unknown>>;
  path?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, unknown>>;
  body?: unknown;
}

/** A request that is complete but for credentials; it can be sent any number of times. */
export interface PreparedRequest {
  /** Path from the root of the host, prefix and query string included. */
  target: string;
  /** Decoded query parameters, `action` included: what the signature covers. */
  query: readonly (readonly [name: string, value: string])[];
  headers: Readonly<Record<string, string>>;
  /** The bytes to send; null without a body. */
  body: Uint8Array | null;
  /** The body as it is signed: null without a body and for multipart bodies. */
  signedBody: string | null;
}

/** Ids that some server on the way might read as a step up or into another path, whatever their encoding. */
const CLIMBING = /^\.+(?:;|$)|[/\\%\p{Cc}]/u;
/** What a header may hold: visible ASCII and blanks. */
const HEADER_VALUE = /^[\x20-\x7e]*$/;

/**
 * Prepares a request to `base` (origin and path prefix of the host of the operation's channel).
 * Rejects with `EnosError` of kind `argument`, whose message names the parameter but not its value.
 */
export async function prepareRequest(
  operation: Operation,
  base: URL,
  args: UntypedArguments,
): Promise<PreparedRequest> {
  const query = queryOf(operation, args.query ?? {});
  const encoded = query.map(
    ([name, value]) => `${encode(operation, name)}=${encode(operation, name, value)}`,
  );
  const path = prefixOf(base) + pathOf(operation, args.path ?? {});
  const url = new URL(base.origin + path);
  if (url.origin !== base.origin || url.pathname !== path) {
    throw refuse(operation, 'The path of the call is not well-formed');
  }
  const target = encoded.length > 0 ? `${path}?${encoded.join('&')}` : path;
  const { body, signedBody, contentType } = await bodyOf(operation, args.body);
  const headers: Record<string, string> = {
    accept: operation.reply === 'binary' ? '*/*' : 'application/json',
    // A compressed reply could unpack to any size; and the way to the gateway is short.
    'accept-encoding': 'identity',
    'user-agent': 'enos-graphql',
    ...headersOf(operation, args.headers ?? {}),
  };
  if (contentType !== null) headers['content-type'] = contentType;
  return { target, query, headers, body, signedBody };
}

/** Path prefix of a host without the closing slash. */
export function prefixOf(base: URL): string {
  return base.pathname.replace(/\/+$/, '');
}

function pathOf(operation: Operation, values: Readonly<Record<string, unknown>>): string {
  return operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = text(operation, name, values[name]);
    if (value === undefined || value === '') throw refuse(operation, `Parameter ${name} must not be empty`);
    if (CLIMBING.test(value)) throw refuse(operation, `Parameter ${name} is not a valid id`);
    return encode(operation, name, value);
  });
}

function queryOf(operation: Operation, values: Readonly<Record<string, unknown>>): [string, string][] {
  const query: [string, string][] = operation.action === null ? [] : [['action', operation.action]];
  for (const name of Object.keys(values)) {
    if (name === 'action') throw refuse(operation, 'Parameter action is set by the operation');
    const value = text(operation, name, values[name]);
    if (value !== undefined) query.push([name, value]);
  }
  return query;
}

function headersOf(operation: Operation, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, in: place } of operation.parameters) {
    // Credentials are the client's own business, also where the contract lists their headers as parameters.
    if (place !== 'header' || name.startsWith('apim-')) continue;
    const value = text(operation, name, values[name]);
    if (value === undefined) continue;
    if (!HEADER_VALUE.test(value))
      throw refuse(operation, `Parameter ${name} holds characters that no header takes`);
    headers[name] = value;
  }
  return headers;
}

interface RequestBody {
  body: Uint8Array | null;
  signedBody: string | null;
  contentType: string | null;
}

async function bodyOf(operation: Operation, value: unknown): Promise<RequestBody> {
  if (value === undefined) {
    if (operation.body?.required) throw refuse(operation, 'The call needs a body');
    return { body: null, signedBody: null, contentType: null };
  }
  if (!operation.body) throw refuse(operation, 'The call takes no body');
  if (value instanceof FormData) {
    const form = new Response(value);
    const body = new Uint8Array(await form.arrayBuffer());
    return { body, signedBody: null, contentType: form.headers.get('content-type') };
  }
  if (!operation.body.mediaTypes.includes('application/json')) {
    throw refuse(operation, 'The call takes its body as FormData');
  }
  const json = jsonOf(operation, value);
  return { body: Buffer.from(json, 'utf8'), signedBody: json, contentType: 'application/json' };
}

function jsonOf(operation: Operation, value: unknown): string {
  try {
    return stringifyJson(value);
  } catch {
    // A text of ours, as the engine's may quote the value.
    throw refuse(operation, 'The body cannot be written as JSON');
  }
}

function text(operation: Operation, name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => text(operation, name, item) ?? '').join(',');
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw refuse(operation, `Parameter ${name} must be a text, a finite number or a boolean`);
}

function encode(operation: Operation, name: string, value = name): string {
  try {
    return encodeURIComponent(value);
  } catch {
    // Half a surrogate pair has no UTF-8 form.
    throw refuse(operation, `Parameter ${name} is not well-formed Unicode`);
  }
}

/** An error for arguments that cannot be sent. */
export function refuse(operation: Operation, message: string): EnosError {
  return new EnosError({
    kind: 'argument',
    service: operation.service,
    operation: operation.operation,
    message,
  });
}
