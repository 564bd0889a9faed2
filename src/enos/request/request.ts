/** From an operation and its arguments to the parts of an HTTP request, with every id checked before it meets a URL. */
import { EnosError } from '../errors.js';
import { stringifyJson } from '../reply/json.js';
import type { Operation } from '../operation.js';
import { signedText } from './signature.js';

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
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** The bytes to send; null without a body. */
  readonly body: Uint8Array | null;
  /** What the signature covers of it: decoded query parameters, `action` included, and the JSON body. */
  readonly signedText: string;
}

/** Ids that some server in between might read as a step up or into another path, whatever their encoding. */
const CLIMBING = /^\.+(?:;|$)|[/\\%\p{Cc}]/u;
/** What a header may hold: visible ASCII and blanks. */
const HEADER_VALUE = /^[\x20-\x7e]*$/;

/** How requests of one operation to one host are made: what does not depend on the arguments, worked out once. */
export class RequestPlan {
  readonly #prefix: string;
  /** The whole path, where no id is part of it. */
  readonly #fixedPath: string | null;
  readonly #headers: readonly string[];
  readonly #headerParameters: readonly string[];
  readonly #action: readonly [name: string, value: string] | null;

  /** @param base origin and path prefix of the host of the operation's channel */
  constructor(
    readonly operation: Operation,
    private readonly base: URL,
  ) {
    this.#prefix = prefixOf(base);
    this.#fixedPath = operation.path.includes('{') ? null : this.#checked(this.#prefix + operation.path);
    this.#headers = [
      'accept',
      operation.reply === 'binary' ? '*/*' : 'application/json',
      // A compressed reply could unpack to any size; and the way to the gateway is short.
      'accept-encoding',
      'identity',
      'user-agent',
      'enos-graphql',
    ];
    // Credentials are the client's own business, also where the contract lists their headers as parameters.
    this.#headerParameters = operation.parameters
      .filter(({ name, in: place }) => place === 'header' && !name.startsWith('apim-'))
      .map(({ name }) => name);
    this.#action = operation.action === null ? null : ['action', operation.action];
  }

  /**
   * Prepares a request; a promise only for bodies of form data. Throws or rejects with `EnosError` of kind `argument`,
   * whose message names the parameter but not its value.
   */
  prepare(args: UntypedArguments): PreparedRequest | Promise<PreparedRequest> {
    const query = this.#query(args.query);
    const target = this.#target(args.path, query);
    const headers = this.#headersOf(args.headers);
    if (args.body instanceof FormData) return this.#withForm(target, query, headers, args.body);
    const json = this.#jsonBody(args.body);
    if (json === null) return { target, headers, body: null, signedText: signedText(query, null) };
    headers.push('content-type', 'application/json');
    return { target, headers, body: Buffer.from(json, 'utf8'), signedText: signedText(query, json) };
  }

  #query(values: Readonly<Record<string, unknown>> = {}): (readonly [string, string])[] {
    const query = this.#action === null ? [] : [this.#action];
    for (const name of Object.keys(values)) {
      if (name === 'action') throw refuse(this.operation, 'Parameter action is set by the operation');
      const value = text(this.operation, name, values[name]);
      if (value !== undefined) query.push([name, value]);
    }
    return query;
  }

  #target(
    ids: Readonly<Record<string, unknown>> = {},
    query: readonly (readonly [string, string])[],
  ): string {
    let target = this.#fixedPath ?? this.#checked(this.#prefix + pathOf(this.operation, ids));
    let separator = '?';
    for (const [name, value] of query) {
      target += `${separator}${encode(this.operation, name)}=${encode(this.operation, name, value)}`;
      separator = '&';
    }
    return target;
  }

  /** The path, if a URL takes it as it is. */
  #checked(path: string): string {
    const url = new URL(this.base.origin + path);
    if (url.origin === this.base.origin && url.pathname === path) return path;
    throw refuse(this.operation, 'The path of the call is not well-formed');
  }

  #headersOf(values: Readonly<Record<string, unknown>> = {}): string[] {
    const headers = [...this.#headers];
    for (const name of this.#headerParameters) {
      const value = text(this.operation, name, values[name]);
      if (value === undefined) continue;
      if (!HEADER_VALUE.test(value)) {
        throw refuse(this.operation, `Parameter ${name} holds characters that no header takes`);
      }
      headers.push(name, value);
    }
    return headers;
  }

  #jsonBody(value: unknown): string | null {
    const { body } = this.operation;
    if (value === undefined) {
      if (body?.required) throw refuse(this.operation, 'The call needs a body');
      return null;
    }
    if (!body) throw refuse(this.operation, 'The call takes no body');
    if (!body.mediaTypes.includes('application/json')) {
      throw refuse(this.operation, 'The call takes its body as FormData');
    }
    return jsonOf(this.operation, value);
  }

  async #withForm(
    target: string,
    query: readonly (readonly [string, string])[],
    headers: string[],
    value: FormData,
  ): Promise<PreparedRequest> {
    if (!this.operation.body) throw refuse(this.operation, 'The call takes no body');
    const form = new Response(value);
    const body = new Uint8Array(await form.arrayBuffer());
    headers.push('content-type', form.headers.get('content-type') ?? '');
    return { target, headers, body, signedText: signedText(query, null) };
  }
}

/** Path prefix of a host without the closing slash. */
export function prefixOf(base: URL): string {
  return base.pathname.replace(/(?<!\/)\/+$/, '');
}

function pathOf(operation: Operation, values: Readonly<Record<string, unknown>>): string {
  return operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = text(operation, name, values[name]);
    if (value === undefined || value === '') throw refuse(operation, `Parameter ${name} must not be empty`);
    if (CLIMBING.test(value)) throw refuse(operation, `Parameter ${name} is not a valid id`);
    return encode(operation, name, value);
  });
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
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => text(operation, name, item) ?? '').join(',');
  }
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
