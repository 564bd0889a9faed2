/**
 * What a simulated service is: a table from operation id to handler. The HTTP side has matched path, method and
 * action, checked token and signature and validated the request against the contract before a handler runs, and
 * validates and wraps what the handler returns in the envelope that the contract gives the operation.
 */
import type { FormFile } from './multipart.js';
import type { PortalSessions } from './portal/sessions.js';
import type { IdMaker } from './world/id-maker.js';
import type { WritableSeries, World } from './world/world.js';

/** A request after validation. Query values are decoded text; absent ones are undefined. */
export interface OperationRequest {
  operationId: string;
  orgId: string;
  query: Readonly<Record<string, string | undefined>>;
  path: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON body; an empty object where there is none. */
  body: Readonly<Record<string, unknown>>;
  /** Files of a multipart body; its other parts are members of `body`. */
  files: readonly FormFile[];
}

/** What handlers may use. */
export interface SimulatorContext {
  /** The world: as it is, or, for a search, as searches see it. Writes change the maps of the world as it is. */
  world: World;
  /** The world as it is, for searches too. */
  current: World;
  /** Unix milliseconds: the simulator's idea of now; for what was scheduled, the moment at which it happens. */
  now: () => number;
  /** Series as uploads and deletions change them. */
  series: WritableSeries;
  /** Makes the ids of what writes create. */
  ids: IdMaker;
  /** Lets something happen when so many milliseconds have passed. What it changes is a write of its own. */
  after: (milliseconds: number, run: () => void) => void;
  /** Who is signed in to the Application Portal. */
  sessions: PortalSessions;
  /** Access key of the one application. */
  accessKey: string;
}

/** A successful reply: `data`, and what stands beside it in the envelope (such as `pagination`). */
export interface OperationReply {
  /** Undefined where the reply has no such member. */
  data: unknown;
  /** Code where it is not that of success: a batch of which a part has failed. */
  code?: number;
  /** Text in place of the envelope's own. */
  msg?: string;
  beside?: Record<string, unknown>;
  /** A refusal after which what the call has changed stays changed. */
  refusal?: { code: number; msg: string };
  /** Bytes in place of the envelope. */
  file?: { name: string; bytes: Buffer };
  /** Milliseconds that the call blocks. */
  wait?: number;
  /** `items` where the rows that a projection crops stand in `data.items` instead of being `data` itself. */
  rows?: 'items';
}

/** Serves one operation. Throws `ServiceError` for a documented refusal. */
export interface OperationHandler {
  (request: OperationRequest, context: SimulatorContext): OperationReply;
  /** Member of the body that lists entries which the handler checks one by one: a wrong one does not refuse the call. */
  entries?: string;
}

/** Handlers by operation id, one table per EnOS service. */
export type ServiceHandlers = Readonly<Record<string, OperationHandler>>;

/** A refusal that the service documents; it travels in the operation's own envelope with HTTP 200. */
export class ServiceError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'ServiceError';
  }
}
