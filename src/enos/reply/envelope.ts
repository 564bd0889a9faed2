/**
 * From an HTTP reply to the result of an operation or the one error class. All variants of EnOS's envelope come
 * together here: code or status, msg or message, results in `data` or in members of their own, files without any.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { EnosError, type EnosErrorDetails, isAboutRights, isTransient, meaningOf } from '../errors.js';
import type { HttpReply } from '../attempts/exchange.js';
import { parseDeferring } from './deferred-json.js';
import { parseJson } from './json.js';
import type { Operation } from '../operation.js';
import { emptyPage, faultOfPage, type AskedPage } from './page-check.js';
import { redact, redactId } from './redact.js';
import { retryAfterSeconds } from '../attempts/retry-policy.js';

/** A successful reply, before it gets the type of its operation. */
export interface UntypedReply {
  data: unknown;
  body: unknown;
  requestId: string | null;
  /** Size of the HTTP body, where the reply is an envelope. */
  bytes?: number;
}

/** What a reply amounts to. */
export type ReplyOutcome =
  | { ok: true; reply: UntypedReply; code: number | null }
  | {
      ok: false;
      error: EnosError;
      /** Whether what was refused is the token of this application, so that a new one may help. */
      tokenRefused: boolean;
    };

/** Texts that must not stand in an error; gathered only where something foreign is to be shown. */
export type Secrets = () => readonly string[];

type Members = Readonly<Record<string, unknown>>;

/** What is known of the call that a reply belongs to. */
export interface Asked {
  args: AskedPage;
  secrets: Secrets;
  /** As in `CallOptions`. */
  defer?: readonly string[] | undefined;
}

/**
 * Reads the reply of an operation. Whether it succeeded is decided by its code alone, never by its text. A success that
 * lacks what the contract says it holds is no valid reply: taken for "there is none" it would be wrong, and be kept.
 */
export function readReply(operation: Operation, reply: HttpReply, asked: Asked): ReplyOutcome {
  const { secrets, defer } = asked;
  if (reply.status >= 300 && reply.status < 400) {
    return failure(operation, reply, { kind: 'invalid-response', message: 'EnOS answered with a redirect' });
  }
  if (operation.reply === 'binary') return readFile(operation, reply, secrets);
  if (reply.body.length === 0) return readNothing(operation, reply);
  const body = parseBody(reply.body, defer);
  if (body === undefined) return unreadable(operation, reply, 'The reply of EnOS is not JSON');
  if (!isMembers(body)) return unreadable(operation, reply, 'The reply of EnOS is not an object');
  return readEnvelope(operation, reply, body, asked);
}

function readEnvelope(
  operation: Operation,
  reply: HttpReply,
  body: Members,
  { args, secrets }: Asked,
): ReplyOutcome {
  const verdict = verdictOf(operation, reply.status, body);
  if (verdict === null) {
    if (reply.status < 300 && operation.envelope?.data === false && isBareResult(operation, body)) {
      return { ok: true, reply: { data: body, body, requestId: null }, code: null };
    }
    return unreadable(operation, reply, 'The reply of EnOS has no code');
  }
  if (!verdict.success) return refusal(operation, reply, body, verdict.code, secrets);
  if (reply.status >= 400) return unreadable(operation, reply, 'The reply of EnOS contradicts itself');
  const requestId = requestIdOf(body, secrets);
  const data = body.data ?? emptyData(operation, body, args) ?? body.data;
  const fault = faultOfSuccess(operation, data, body, args);
  if (fault !== null)
    return failure(operation, reply, {
      kind: 'invalid-response',
      message: fault,
      code: verdict.code,
      requestId,
    });
  const { length: bytes } = reply.body;
  return { ok: true, reply: { data, body, requestId, bytes }, code: verdict.code };
}

/** What stands for the data of an empty page that came without. */
function emptyData({ envelope }: Operation, body: Members, args: AskedPage): object | undefined {
  return envelope?.page ? emptyPage(envelope.page, body, args) : undefined;
}

/** What a success lacks that the contract says it holds; null where it lacks nothing. */
function faultOfSuccess(
  { envelope }: Operation,
  data: unknown,
  body: Members,
  args: AskedPage,
): string | null {
  if (envelope === null || !envelope.data) return null;
  if (data == null) return envelope.nullable ? null : 'EnOS sent a success without data';
  if (envelope.page !== null) {
    const fault = faultOfPage(envelope.page, body, args);
    if (fault !== null) return fault;
  }
  const missing = isMembers(data) ? envelope.lists.find((name) => (data[name] ?? null) === null) : undefined;
  return missing === undefined ? null : `EnOS sent a success without ${missing}`;
}

interface Verdict {
  success: boolean;
  code: number | null;
}

/**
 * EnOS's code: the member that the contract names, else one of its other spellings. IAM has booleans besides it, which
 * count only where the code is absent.
 */
function verdictOf(operation: Operation, httpStatus: number, body: Members): Verdict | null {
  const usesStatus = operation.envelope?.code === 'status';
  const named = usesStatus ? (body.status ?? body.stauts ?? body.code) : (body.code ?? body.status);
  const code = integer(named);
  if (code === null) {
    const flag = body.success ?? body.successful;
    return usesStatus && typeof flag === 'boolean' ? { success: flag, code: null } : null;
  }
  // A gateway or web framework repeats the HTTP status in its own error page; that is no code of EnOS.
  if (httpStatus >= 400 && code === httpStatus && !isDocumented(operation, code)) return null;
  return { success: operation.envelope?.success.includes(code) ?? code === 0, code };
}

function refusal(
  operation: Operation,
  reply: HttpReply,
  body: Members,
  code: number | null,
  secrets: Secrets,
): ReplyOutcome {
  const text = [body.msg, body.message, body.submsg].find(
    (part) => typeof part === 'string' && part.trim() !== '',
  );
  const unauthorized = reply.status === 401 || reply.status === 403;
  const meaning = meaningOf(operation.service, code);
  const otherwise = isAboutRights(meaning) || (code !== null && isDocumented(operation, code));
  return failure(
    operation,
    reply,
    {
      kind: 'refused',
      code,
      message: typeof text === 'string' ? redact(text, secrets()) : 'EnOS refused the call',
      requestId: requestIdOf(body, secrets),
      retryable: isTransient(meaning) || isTransientStatus(reply.status),
    },
    meaning === 'token-refused' || (unauthorized && !otherwise),
  );
}

/** A reply without an envelope: told by its HTTP status where that is an error, else not what the contract says. */
function unreadable(operation: Operation, reply: HttpReply, message: string): ReplyOutcome {
  if (reply.status < 400) return failure(operation, reply, { kind: 'invalid-response', message });
  return failure(
    operation,
    reply,
    {
      kind: 'http',
      message: `EnOS answered with HTTP status ${reply.status}`,
      retryable: isTransientStatus(reply.status),
    },
    reply.status === 401 || reply.status === 403,
  );
}

/** An empty reply says that a write is done (204) where it has no result; a read has nothing to show for it. */
function readNothing(operation: Operation, reply: HttpReply): ReplyOutcome {
  if (reply.status === 204 && operation.kind === 'write' && operation.envelope?.nullable !== false) {
    return { ok: true, reply: { data: undefined, body: {}, requestId: null }, code: null };
  }
  return unreadable(operation, reply, 'The reply of EnOS is empty');
}

/** A file comes as bare bytes; a failure to give it comes as JSON. A file of JSON is told from it by having no code. */
function readFile(operation: Operation, reply: HttpReply, secrets: Secrets): ReplyOutcome {
  const isJson = /\bjson\b/i.test(reply.headers['content-type'] ?? '');
  if (isJson || reply.status >= 400) {
    const body = parseBody(reply.body);
    const verdict = isMembers(body) ? verdictOf(operation, reply.status, body) : null;
    const hasText = isMembers(body) && (typeof body.msg === 'string' || typeof body.message === 'string');
    if (isMembers(body) && verdict?.success === false && hasText) {
      return refusal(operation, reply, body, verdict.code, secrets);
    }
  }
  if (reply.status >= 400) return unreadable(operation, reply, '');
  const bytes = new Uint8Array(reply.body);
  return { ok: true, reply: { data: bytes, body: bytes, requestId: null }, code: null };
}

function failure(
  operation: Operation,
  reply: HttpReply,
  details: Omit<EnosErrorDetails, 'service' | 'operation'>,
  tokenRefused = false,
): ReplyOutcome {
  const error = new EnosError({
    ...details,
    service: operation.service,
    operation: operation.operation,
    httpStatus: reply.status,
    retryAfter: retryAfterSeconds(reply.headers['retry-after'], timeOf(reply)),
  });
  return { ok: false, error, tokenRefused };
}

/** Whether a refusal says that the token is the reason; HTTP 401 and 403 alone may have others. */
export function namesToken({ meaning }: EnosError): boolean {
  return meaning === 'token-refused';
}

/** Whether a refusal shows that the gateway let the application in: a service answered, and of something else than rights. */
export function isLetIn({ kind, code, meaning }: EnosError): boolean {
  return kind === 'refused' && code !== null && meaning !== 'token-refused' && !isAboutRights(meaning);
}

/** Whether a refusal tells of a fault inside EnOS rather than of the call: by HTTP status, unless its code says otherwise. */
export function isFaultOfService(operation: Operation, { code, httpStatus, meaning }: EnosError): boolean {
  if (httpStatus === null || httpStatus < 500) return false;
  return code === null || isTransient(meaning) || !isDocumented(operation, code);
}

/** Unix milliseconds by the clock of the server that answered, which dates in its headers go by; else by ours. */
export function timeOf({ headers }: HttpReply): number {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? Date.now() : time;
}

function parseBody(bytes: Buffer, defer?: readonly string[]): unknown {
  // Most replies are ASCII, which needs no decoding and makes the text that is parsed fastest.
  if (!defer && isAscii(bytes)) return parsed(() => parseJson(bytes.toString('latin1')));
  if (!isUtf8(bytes)) return undefined;
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = hasByteOrderMark ? 3 : 0;
  if (defer) return parsed(() => parseDeferring(bytes.subarray(start), defer));
  return parsed(() => parseJson(bytes.toString('utf8', start)));
}

function parsed(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined; // the parser's text quotes the reply; callers get a text of ours
  }
}

/** One old Portal operation sends its result without an envelope; it is then told by the result's own id. */
function isBareResult(operation: Operation, body: Members): boolean {
  return operation.envelope?.code === 'code' && typeof body.id === 'string';
}

function isDocumented(operation: Operation, code: number): boolean {
  return operation.errors.some((error) => error.code === code);
}

function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function isMembers(value: unknown): value is Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function integer(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

function requestIdOf(body: Members, secrets: Secrets): string | null {
  const { requestId } = body;
  return typeof requestId === 'string' && requestId !== '' ? redactId(requestId, secrets()) : null;
}
