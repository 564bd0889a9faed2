/** One HTTP exchange: request out, whole reply in, bounded in size and time. Knows nothing of EnOS's envelopes. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { CallEnded } from './call-scope.js';
import type { CallScope } from './call-scope.js';
import type { Waiting } from '../../resilience/semaphore.js';
import type { EnosErrorKind } from '../errors.js';

/** What is sent. */
export interface HttpRequest {
  method: string;
  /** Path and query. */
  target: string;
  /** Names and values in turn. */
  headers: string[];
  body: Uint8Array | null;
}

/** A whole HTTP reply. */
export interface HttpReply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Bounds of an exchange; times in milliseconds. */
export interface ExchangeLimits {
  /** Until the reply's headers have come. */
  headers: number;
  /** Longest silence within the reply's body. */
  idle: number;
  maxResponseBytes: number;
}

/** What an `ExchangeFailure` tells. */
export interface ExchangeFailureDetails {
  kind: EnosErrorKind;
  /** A fixed text of ours: no address, no foreign text. */
  message: string;
  /** Short machine-readable cause for the log, such as ECONNREFUSED. */
  reason: string;
  /** False if it is certain that no byte of the request has left. */
  sent: boolean;
  /** Whether the connection failed, so that another one may do better. */
  broken?: boolean;
  /** Whether the same exchange may succeed later. */
  retryable?: boolean;
  /** Whether it failed for this client having been closed. */
  ofClient?: boolean;
}

/** An exchange without a usable reply. */
export class ExchangeFailure extends Error {
  readonly kind: EnosErrorKind;
  readonly reason: string;
  readonly sent: boolean;
  readonly broken: boolean;
  readonly retryable: boolean;
  readonly ofClient: boolean;

  constructor(details: ExchangeFailureDetails) {
    super(details.message);
    this.name = 'ExchangeFailure';
    this.kind = details.kind;
    this.reason = details.reason;
    this.sent = details.sent;
    this.broken = details.broken ?? false;
    this.retryable = details.retryable ?? false;
    this.ofClient = details.ofClient ?? false;
  }
}

/** Sends the request and takes in the reply, whatever its status. Rejects with `ExchangeFailure`, never with anything else. */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: ExchangeLimits,
  scope: CallScope,
): Promise<HttpReply> {
  return new Promise<HttpReply>((resolve, reject) => {
    const receiver = new Receiver(limits.maxResponseBytes, scope, resolve, reject);
    scope.watch(receiver);
    if (scope.ended) return;
    try {
      dispatcher.dispatch(
        {
          path: request.target,
          method: request.method,
          headers: request.headers,
          body: request.body,
          headersTimeout: limits.headers,
          bodyTimeout: limits.idle,
        },
        receiver,
      );
    } catch (error) {
      receiver.fail(error);
    }
  });
}

/** Collects one reply. Settles at once when the call ends, also while the request still waits for a connection. */
class Receiver implements Dispatcher.DispatchHandler, Waiting {
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #size = 0;
  #settled = false;
  readonly #chunks: Buffer[] = [];

  constructor(
    private readonly maxBytes: number,
    private readonly scope: CallScope,
    private readonly resolve: (reply: HttpReply) => void,
    private readonly reject: (failure: ExchangeFailure) => void,
  ) {}

  endWith(end: CallEnded): void {
    this.fail(end);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('The call has ended'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') this.fail(invalid('is compressed', 'COMPRESSED'));
    if (Number(headers['content-length']) > this.maxBytes) this.fail(invalid('is too large', 'TOO_LARGE'));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size > this.maxBytes) this.fail(invalid('is too large', 'TOO_LARGE'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);
    this.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: unknown): void {
    this.fail(error);
  }

  /** Ends the exchange without a reply and gives up its connection. */
  fail(error: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.reject(failureOf(error, this.#controller !== undefined, this.#status > 0));
    this.#controller?.abort(new Error('The reply is of no use'));
  }

  #settle(): void {
    this.#settled = true;
    this.scope.unwatch(this);
  }
}

const TOO_LATE = { kind: 'timeout', message: 'EnOS did not answer in time', retryable: true } as const;
const CANCELLED = { kind: 'cancelled', message: 'The call was cancelled' } as const;
const UNREACHABLE = { kind: 'unavailable', message: 'EnOS cannot be reached', retryable: true } as const;
const UNSENDABLE = { kind: 'argument', message: 'The call cannot be sent as HTTP' } as const;

/** Failures to connect that another attempt would only repeat: as slow as the first, or on a closed client. */
const FINAL = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);
const OF_CLIENT = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

function invalid(what: string, reason: string, broken = false): ExchangeFailure {
  const message = `The reply of EnOS ${what}`;
  return new ExchangeFailure({
    kind: 'invalid-response',
    message,
    reason,
    sent: true,
    broken,
    retryable: broken,
  });
}

function failureOf(error: unknown, sent: boolean, answered: boolean): ExchangeFailure {
  if (error instanceof ExchangeFailure) return error;
  if (error instanceof CallEnded) {
    const ended = error.end === 'timeout' ? TOO_LATE : CANCELLED;
    return new ExchangeFailure({ ...ended, reason: error.end, sent });
  }
  const reason = codeOf(error);
  if (reason === 'UND_ERR_HEADERS_TIMEOUT' || reason === 'UND_ERR_BODY_TIMEOUT') {
    return new ExchangeFailure({ ...TOO_LATE, reason, sent });
  }
  if (/^(?:HPE_|HTTPParserError$|UND_ERR_HEADERS_OVERFLOW$)/.test(reason)) {
    return invalid('is not valid HTTP', reason);
  }
  if (answered || reason === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return invalid('is cut', reason, true);
  if (reason === 'UND_ERR_INVALID_ARG') return new ExchangeFailure({ ...UNSENDABLE, reason, sent: false });
  const ofClient = OF_CLIENT.has(reason);
  return new ExchangeFailure({ ...UNREACHABLE, reason, sent, broken: !FINAL.has(reason), ofClient });
}

/** The code of a system or undici error, such as ECONNREFUSED. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return [code, name].find((text) => typeof text === 'string') ?? 'UNKNOWN';
}
