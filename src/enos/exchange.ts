/** One HTTP exchange: request out, whole reply in, bounded in size and time. Knows nothing of EnOS's envelopes. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { CallEnded } from './call-scope.js';
import type { EnosErrorKind } from './errors.js';

/** What is sent. */
export interface HttpRequest {
  method: string;
  /** Path and query. */
  target: string;
  headers: Readonly<Record<string, string>>;
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

/** An exchange without a usable reply. Its message is a fixed text of ours: no address, no foreign text. */
export class ExchangeFailure extends Error {
  /**
   * @param reason short machine-readable cause for the log, such as ECONNREFUSED
   * @param sent false if it is certain that no byte of the request has left
   * @param broken whether the connection failed, so that another connection may do better
   */
  constructor(
    readonly kind: EnosErrorKind,
    message: string,
    readonly reason: string,
    readonly sent: boolean,
    readonly broken = false,
  ) {
    super(message);
    this.name = 'ExchangeFailure';
  }
}

/** Sends the request and takes in the reply, whatever its status. Rejects with `ExchangeFailure`, never with anything else. */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<HttpReply> {
  return new Promise<HttpReply>((resolve, reject) => {
    const receiver = new Receiver(limits.maxResponseBytes, signal, resolve, reject);
    if (signal.aborted) return;
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
class Receiver implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #size = 0;
  #settled = false;
  readonly #chunks: Buffer[] = [];
  readonly #onAbort = () => this.fail(this.signal.reason);

  constructor(
    private readonly maxBytes: number,
    private readonly signal: AbortSignal,
    private readonly resolve: (reply: HttpReply) => void,
    private readonly reject: (failure: ExchangeFailure) => void,
  ) {
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
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
    this.signal.removeEventListener('abort', this.#onAbort);
  }
}

const UNREACHABLE = 'EnOS cannot be reached';
const TOO_LATE = 'EnOS did not answer in time';

function invalid(what: string, reason: string): ExchangeFailure {
  return new ExchangeFailure('invalid-response', `The reply of EnOS ${what}`, reason, true);
}

function failureOf(error: unknown, sent: boolean, answered: boolean): ExchangeFailure {
  if (error instanceof ExchangeFailure) return error;
  if (error instanceof CallEnded) {
    return error.end === 'timeout'
      ? new ExchangeFailure('timeout', TOO_LATE, 'DEADLINE', sent)
      : new ExchangeFailure('cancelled', 'The call was cancelled', 'CANCELLED', sent);
  }
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new ExchangeFailure('timeout', TOO_LATE, code, sent);
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return invalid('is not valid HTTP', code);
  }
  if (answered || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return invalid('is cut', code);
  if (code === 'UND_ERR_INVALID_ARG') {
    return new ExchangeFailure('argument', 'The call cannot be sent as HTTP', code, false);
  }
  // A second connection would take as long to time out as the first, and a closed client stays closed.
  const broken =
    code !== 'UND_ERR_CONNECT_TIMEOUT' && code !== 'UND_ERR_CLOSED' && code !== 'UND_ERR_DESTROYED';
  return new ExchangeFailure('unavailable', UNREACHABLE, code, sent, broken);
}

/** The code of a system or undici error, such as ECONNREFUSED. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return [code, name].find((text) => typeof text === 'string') ?? 'UNKNOWN';
}
