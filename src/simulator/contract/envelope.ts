/**
 * The envelope of a reply, read off its schema: most services send {code, msg, requestId, data}, the time series
 * service {code, msg, submsg, data}, older operations `status` for `code`, the token service `business` as well, the
 * Application Portal {code, message, data}.
 */
import { flattenSchema, isObject, schemaProperties } from './documents.js';
import type { ContractDocument, JsonObject } from './documents.js';

/** What an operation wraps its data in. */
export interface Envelope {
  /** Member that carries the result code. */
  codeKey: 'code' | 'status';
  /** Member that carries the text. */
  messageKey: 'msg' | 'message';
  /** Code of success: 0, but 200 under the older paths of the Application Portal. */
  okCode: 0 | 200;
  /** Text of success. */
  okMessage: string;
  /** Whether a fresh id is sent, null is sent, or the member does not exist. */
  requestId: 'fresh' | 'null' | 'none';
  hasSubmsg: boolean;
  /** Name of the service, in the token service's envelope. */
  business: string | null;
}

/** The paths that still say 200 (app-portal.yaml, x-enos-envelope). */
const OLD_PORTAL_PATH = /^\/app-portal-service\/v2\.[01]\//;

/** Reads the envelope off the schema of a reply. */
export function envelopeOf(
  documents: readonly ContractDocument[],
  reply: JsonObject | null,
  path: string,
): Envelope {
  const properties = schemaProperties(documents, reply);
  const required = flattenSchema(documents, reply).flatMap((part) =>
    Array.isArray(part.required) ? (part.required as unknown[]) : [],
  );
  const codeKey = 'code' in properties || !('status' in properties) ? 'code' : 'status';
  const business = isObject(properties.business) ? properties.business.const : null;
  const described = isObject(properties.msg) ? properties.msg.description : null;
  const message = typeof described === 'string' ? described : '';
  const isOldPortal = OLD_PORTAL_PATH.test(path);
  // A reply that is no JSON is refused in the common envelope.
  if (reply === null) {
    return {
      codeKey: 'code',
      messageKey: 'msg',
      okCode: 0,
      okMessage: 'OK',
      requestId: 'fresh',
      hasSubmsg: false,
      business: null,
    };
  }
  if ('message' in properties && !('msg' in properties)) {
    return {
      codeKey,
      messageKey: 'message',
      okCode: isOldPortal ? 200 : 0,
      okMessage: isOldPortal ? '' : 'OK',
      requestId: 'none',
      hasSubmsg: false,
      business: null,
    };
  }
  return {
    codeKey,
    messageKey: 'msg',
    okCode: 0,
    okMessage: typeof business === 'string' ? 'SUCCESS' : message.includes('"success"') ? 'success' : 'OK',
    requestId: required.includes('requestId') ? 'fresh' : 'requestId' in properties ? 'null' : 'none',
    hasSubmsg: 'submsg' in properties,
    business: typeof business === 'string' ? business : null,
  };
}

/**
 * Wraps a result, a success where it has no code; `beside` stands next to `data`, `requestId` makes an id where the envelope
 * has one.
 */
export function wrap(
  envelope: Envelope,
  result: { code?: number; msg?: string; data: unknown; beside?: Record<string, unknown> },
  requestId: () => string,
): JsonObject {
  return {
    [envelope.codeKey]: result.code ?? envelope.okCode,
    [envelope.messageKey]: result.msg ?? envelope.okMessage,
    ...(envelope.requestId === 'none'
      ? {}
      : { requestId: envelope.requestId === 'fresh' ? requestId() : null }),
    // Only the older envelope, the one with `status`, says success twice.
    ...(envelope.hasSubmsg
      ? { submsg: (result.code ?? 0) === 0 && envelope.codeKey === 'status' ? 'success' : null }
      : {}),
    ...(envelope.business === null ? {} : { business: envelope.business }),
    data: result.data,
    ...result.beside,
  };
}
