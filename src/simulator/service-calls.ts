/**
 * What a service does with a call that the gateway has let through: checks organization and parameters, runs the handler,
 * checks its reply against the contract, crops and wraps it.
 */
import { getContract } from './contract/contract.js';
import { isObject } from './contract/documents.js';
import { wrap } from './contract/envelope.js';
import { deniedOrganization, internalError, invalidArgument } from './contract/errors.js';
import type { Refusal } from './contract/errors.js';
import type { ContractOperation, OperationMatch } from './contract/operations.js';
import type { ContractViolation } from './contract/validation.js';
import type { Seed } from './control/seed.js';
import { fileReply } from './file-reply.js';
import { parseJson } from './http-reply.js';
import type { HttpCall, HttpReply } from './http-reply.js';
import { toJson } from './json.js';
import { FormError, membersOf } from './multipart.js';
import type { Form } from './multipart.js';
import { ServiceError } from './operation.js';
import type { OperationHandler, OperationRequest, ServiceHandlers, SimulatorContext } from './operation.js';
import { crop, parseProjection } from './projection.js';
import { cleanBody } from './request-body.js';
import type { LiveWorld } from './world/live-world.js';

/** What services work with. */
export interface ServiceParts {
  handlers: ServiceHandlers;
  /** The world that `context` shows. */
  live: LiveWorld;
  context: SimulatorContext;
  seed: Seed;
  /** Takes a line about a fault of the simulator's own. */
  log(line: string): void;
}

const PORTAL_FILE = 'app-portal.yaml';

/**
 * Reads by search, to which a write shows only after a while; reads by key show it at once, but for that of a command,
 * for which EnOS's own samples wait too.
 */
const SEARCH = /^(search|scroll|aggregate|getCommand$)/;

/** The services of EnOS, seen from the gateway. */
export class Services {
  private readonly validator = getContract().validator;

  constructor(private readonly parts: ServiceParts) {}

  /** Serves a call that has passed the gateway. Never throws. */
  serve(
    { operation, path }: OperationMatch,
    query: URLSearchParams,
    call: HttpCall,
    form: Form | null = null,
  ): HttpReply {
    const handler = this.handlerOf(operation);
    if (handler === undefined) {
      // Not 503, which clients repeat.
      const msg = `${operation.operationId} is not simulated`;
      this.parts.log(msg);
      return this.refuse(operation, { ...internalError(operation), msg });
    }
    const request: OperationRequest = {
      operationId: operation.operationId,
      orgId: query.get('orgId') ?? '',
      query: firstValues(query),
      path,
      headers: call.headers,
      body: {},
      files: [],
    };
    const inQuery = this.validator.query(operation, request.query);
    if (inQuery !== null)
      return this.refuse(operation, invalidArgument(operation, inQuery.name, inQuery.detail));
    // The portal knows several organizations, and mostly takes the one that the user's session has chosen.
    if (operation.file !== PORTAL_FILE && request.orgId !== this.parts.context.world.orgId) {
      return this.refuse(operation, deniedOrganization(operation, request.orgId));
    }
    if (operation.body !== null && operation.body.json) {
      const parsed = call.body.length === 0 ? {} : parseJson(call.body);
      if (parsed === undefined)
        return this.refuse(operation, invalidArgument(operation, 'body', 'is not JSON'));
      const body = cleanBody(operation, parsed);
      const inBody = this.validator.body(operation, withoutEntries(body, handler.entries));
      if (inBody !== null)
        return this.refuse(operation, invalidArgument(operation, inBody.name, inBody.detail));
      request.body = body as Record<string, unknown>;
    }
    const { live } = this.parts;
    live.goOn();
    try {
      if (operation.body?.multipart) this.readForm(operation, request, form);
      return live.write(() => this.run(operation, handler, request));
    } catch (error) {
      if (error instanceof ServiceError)
        return this.refuse(operation, { code: error.code, msg: error.message });
      this.parts.log(
        `${operation.operationId} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return this.refuse(operation, internalError(operation));
    }
  }

  /** Two services may name an operation alike: those of the Application Portal are found by service and name. */
  private handlerOf({ file, operationId }: ContractOperation): OperationHandler | undefined {
    return this.parts.handlers[file === PORTAL_FILE ? `app-portal.${operationId}` : operationId];
  }

  private readForm(operation: ContractOperation, request: OperationRequest, form: Form | null): void {
    const refuse = (name: string, detail: string): never => {
      const { code, msg } = invalidArgument(operation, name, detail);
      throw new ServiceError(code, msg);
    };
    if (form === null) return refuse('body', 'is not multipart/form-data');
    try {
      const { members, files } = membersOf(operation, form);
      const violation = this.validator.form(operation, members);
      if (violation !== null) return refuse(violation.name, violation.detail);
      Object.assign(request, { body: members, files });
    } catch (error) {
      if (error instanceof FormError) return refuse('body', error.message);
      throw error;
    }
  }

  /** Runs the handler and holds its reply against the contract, whole and cropped. */
  private run(operation: ContractOperation, handler: OperationHandler, request: OperationRequest): HttpReply {
    const paths =
      operation.takesProjection && Array.isArray(request.body.projection)
        ? parseProjection(request.body.projection as string[])
        : null;
    const { context, live } = this.parts;
    const isSearch = SEARCH.test(operation.operationId);
    const reply = handler(request, isSearch ? { ...context, world: live.searched() } : context);
    const { rows, refusal, file, wait = 0, ...result } = reply;
    const held = wait > 0 ? { wait } : {};
    if (refusal !== undefined) return { ...this.refuse(operation, refusal), ...held };
    if (file !== undefined) return fileReply(file, request.headers['range']);
    const whole = this.wrap(operation, result);
    mustHold(this.validator.reply(operation, whole));
    if (paths === null) return { status: 200, body: toJson(whole), ...held };

    // Editions that wrap a page in `items` crop its rows all the same.
    const cropped = {
      ...whole,
      data:
        rows === 'items'
          ? { items: crop((result.data as { items: unknown }).items, paths) }
          : crop(result.data, paths),
    };
    if (operation.projectable) mustHold(this.validator.cropped(operation, cropped));
    return { status: 200, body: toJson(cropped), ...held };
  }

  /** A refusal in the envelope of the called operation; `data` is null, or absent where the schema has no null. */
  refuse(operation: ContractOperation, { code, msg }: Refusal, status = 200): HttpReply {
    const reply = this.wrap(operation, { code, msg, data: null });
    if (this.validator.reply(operation, reply) !== null) delete reply.data;
    return { status, body: toJson(reply) };
  }

  /** An outcome in the envelope of the operation. */
  wrap(operation: ContractOperation, result: Parameters<typeof wrap>[1]): ReturnType<typeof wrap> {
    return wrap(operation.envelope, result, () => this.parts.seed.uuid('request'));
  }
}

/** A reply that the contract rejects is a fault of the simulator, never something to send. */
function mustHold(violation: ContractViolation | null): void {
  if (violation === null) return;
  throw new Error(`its reply is not as the contract says: ${violation.name} ${violation.detail}`);
}

/** A body with an empty list in place of the entries that the handler checks itself. */
function withoutEntries(body: unknown, list: string | undefined): unknown {
  if (list === undefined || !isObject(body) || !Array.isArray(body[list])) return body;
  return { ...body, [list]: [] };
}

function firstValues(query: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of query) values[name] ??= value;
  return values;
}
