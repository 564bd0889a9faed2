/**
 * From an HTTP request to its answer: finds the operation, counts it, checks credentials, organization and
 * parameters, runs the handler, checks the handler's reply against the contract, crops and wraps it.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { getContract } from './contract/contract.js';
import { wrap } from './contract/envelope.js';
import { deniedOrganization, internalError, invalidArgument } from './contract/errors.js';
import type { Refusal } from './contract/errors.js';
import type { ContractOperation, OperationMatch } from './contract/operations.js';
import type { ContractViolation } from './contract/validation.js';
import { checkCredentials } from './gateway/gate.js';
import type { GateSettings } from './gateway/gate.js';
import { serveToken, TOKEN_OPERATIONS } from './gateway/token-service.js';
import type { Credentials } from './gateway/token-service.js';
import { TokenStore } from './gateway/tokens.js';
import { toJson } from './json.js';
import { ServiceError } from './operation.js';
import type { OperationHandler, OperationRequest, ServiceHandlers } from './operation.js';
import { PortalSessions } from './portal/sessions.js';
import { crop, parseProjection } from './projection.js';
import { cleanBody } from './request-body.js';
import { allHandlers } from './services/index.js';
import type { World } from './world/world.js';

/** What the simulator plays, and for whom. */
export interface DispatcherOptions {
  world: World;
  credentials: Credentials;
  /** Unix milliseconds; the clock by default. */
  now?(): number;
  /** Serve /__calls. */
  control?: boolean;
  /** Seconds that an access token lives. */
  tokenLifetime?: number;
  /** Seconds that a user's session in the Application Portal lives. */
  sessionLifetime?: number;
  /** How far `apim-timestamp` may be from now, in milliseconds; not checked by default. */
  timestampSkew?: number;
  /** Takes a line about a fault of the simulator's own; standard error by default. */
  log?(line: string): void;
  /** Handlers in place of the services' own, for tests of the dispatcher itself. */
  handlers?: ServiceHandlers;
}

/** A request read whole. */
export interface HttpCall {
  method: string;
  /** Path and query as sent. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer; `body` is JSON text, null for none. */
export interface HttpReply {
  status: number;
  body: string | null;
}

const PORTAL_FILE = 'app-portal.yaml';

/** Answers requests over one world. */
export class Dispatcher {
  private readonly contract = getContract();
  private readonly calls = new Map<string, number>();
  private readonly tokens: TokenStore;
  private readonly sessions: PortalSessions;
  private readonly gate: GateSettings;
  private readonly now: () => number;
  private readonly handlers: ServiceHandlers;

  constructor(private readonly options: DispatcherOptions) {
    this.now = () => options.now?.() ?? Date.now();
    this.handlers = options.handlers ?? allHandlers;
    this.tokens = new TokenStore(options.tokenLifetime ?? 7200, this.now);
    this.sessions = new PortalSessions(options.world, options.sessionLifetime ?? 7200, this.now);
    this.gate = {
      secretKey: options.credentials.secretKey,
      tokens: this.tokens,
      now: this.now,
      timestampSkew: options.timestampSkew ?? null,
    };
  }

  /** The gateway's refusal of a body beyond the limit. */
  tooLarge(): HttpReply {
    return gatewayReply(413, 'Request size limit exceeded');
  }

  /** Answers one request. */
  answer(call: HttpCall): HttpReply {
    const mark = call.target.indexOf('?');
    const path = mark < 0 ? call.target : call.target.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? '' : call.target.slice(mark + 1));
    if (this.options.control === true && path === '/__calls') return this.answerControl(call.method);

    const match = this.contract.operations.match(call.method, path, query.get('action'));
    if (match === null) return gatewayReply(404, 'no Route matched with those values');
    const { operation } = match;
    this.calls.set(operation.operationId, (this.calls.get(operation.operationId) ?? 0) + 1);
    if (isTokenOperation(operation)) return this.answerToken(operation, call.body);

    const verdict = checkCredentials({ headers: call.headers, query, body: call.body }, this.gate);
    if (verdict === 'refused') return gatewayReply(401, 'Invalid authentication credentials');
    if (verdict === 'expired') {
      return this.refuse(operation, { code: 1203, msg: 'The access token has expired' }, 401);
    }
    const handler = this.handlerOf(operation);
    if (handler === undefined) return gatewayReply(503, 'Service unavailable');
    return this.serve(match, handler, query, call);
  }

  /** Two services may name an operation alike: those of the Application Portal are found by service and name. */
  private handlerOf({ file, operationId }: ContractOperation): OperationHandler | undefined {
    return this.handlers[file === PORTAL_FILE ? `app-portal.${operationId}` : operationId];
  }

  private answerControl(method: string): HttpReply {
    if (method === 'GET') return { status: 200, body: toJson(Object.fromEntries(this.calls)) };
    if (method === 'DELETE') {
      this.calls.clear();
      return { status: 204, body: null };
    }
    return gatewayReply(405, 'Method not allowed');
  }

  private answerToken(operation: ContractOperation, body: Buffer): HttpReply {
    const { status, msg, data } = serveToken(
      operation.operationId,
      parseJson(body),
      this.options.credentials,
      this.tokens,
    );
    return { status: 200, body: toJson(wrap(operation.envelope, { code: status, msg, data })) };
  }

  private serve(
    { operation, path }: OperationMatch,
    handler: OperationHandler,
    query: URLSearchParams,
    call: HttpCall,
  ): HttpReply {
    const request: OperationRequest = {
      operationId: operation.operationId,
      orgId: query.get('orgId') ?? '',
      query: firstValues(query),
      path,
      headers: call.headers,
      body: {},
    };
    const inQuery = this.contract.validator.query(operation, request.query);
    if (inQuery !== null)
      return this.refuse(operation, invalidArgument(operation, inQuery.name, inQuery.detail));
    // The portal knows several organizations, and mostly takes the one that the user's session has chosen.
    if (operation.file !== PORTAL_FILE && request.orgId !== this.options.world.orgId) {
      return this.refuse(operation, deniedOrganization(operation, request.orgId));
    }
    if (operation.body !== null && operation.body.json) {
      const parsed = call.body.length === 0 ? {} : parseJson(call.body);
      if (parsed === undefined)
        return this.refuse(operation, invalidArgument(operation, 'body', 'is not JSON'));
      const body = cleanBody(operation, parsed);
      const inBody = this.contract.validator.body(operation, body);
      if (inBody !== null)
        return this.refuse(operation, invalidArgument(operation, inBody.name, inBody.detail));
      request.body = body as Record<string, unknown>;
    }
    try {
      return { status: 200, body: this.run(operation, handler, request) };
    } catch (error) {
      if (error instanceof ServiceError)
        return this.refuse(operation, { code: error.code, msg: error.message });
      this.log(
        `${operation.operationId} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return this.refuse(operation, internalError(operation));
    }
  }

  /** Runs the handler and holds its reply against the contract, whole and cropped. */
  private run(operation: ContractOperation, handler: OperationHandler, request: OperationRequest): string {
    const paths =
      operation.takesProjection && Array.isArray(request.body.projection)
        ? parseProjection(request.body.projection as string[])
        : null;
    const { world, credentials } = this.options;
    const reply = handler(request, {
      world,
      now: this.now,
      sessions: this.sessions,
      accessKey: credentials.accessKey,
    });
    const { data, beside } = reply;
    const whole = wrap(operation.envelope, { data, ...(beside === undefined ? {} : { beside }) });
    mustHold(this.contract.validator.reply(operation, whole));
    if (paths === null) return toJson(whole);

    // Editions that wrap a page in `items` crop its rows all the same.
    const cropped = {
      ...whole,
      data:
        reply.rows === 'items'
          ? { items: crop((data as { items: unknown }).items, paths) }
          : crop(data, paths),
    };
    if (operation.projectable) mustHold(this.contract.validator.cropped(operation, cropped));
    return toJson(cropped);
  }

  /** A refusal in the envelope of the called operation; `data` is null, or absent where the schema has no null. */
  private refuse(operation: ContractOperation, { code, msg }: Refusal, status = 200): HttpReply {
    const reply = wrap(operation.envelope, { code, msg, data: null });
    if (this.contract.validator.reply(operation, reply) !== null) delete reply.data;
    return { status, body: toJson(reply) };
  }

  private log(line: string): void {
    if (this.options.log !== undefined) this.options.log(line);
    else process.stderr.write(`simulator: ${line}\n`);
  }
}

function isTokenOperation({ file, operationId }: ContractOperation): boolean {
  return file === 'token.yaml' && TOKEN_OPERATIONS.includes(operationId);
}

/** A reply that the contract rejects is a fault of the simulator, never something to send. */
function mustHold(violation: ContractViolation | null): void {
  if (violation === null) return;
  throw new Error(`its reply is not as the contract says: ${violation.name} ${violation.detail}`);
}

/** A refusal by the gateway itself, in its own shape. */
function gatewayReply(status: number, message: string): HttpReply {
  return { status, body: toJson({ message }) };
}

function firstValues(query: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of query) values[name] ??= value;
  return values;
}

/** Parses JSON; undefined for what is not. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
