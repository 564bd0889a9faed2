import { EnosError, type EnosErrorDetails } from '../enos/errors.js';
import { parseJson, stringifyJson } from '../enos/json.js';
import { isNotFound } from './not-found.js';
import type { Outcome } from './single-flight.js';

/** Turns values into what JSON can hold, and back, where they are not plain data. */
export interface Codec<Value> {
  toJson(value: Value): unknown;
  fromJson(json: unknown): Value;
}

/** What is remembered of a refusal. */
type StoredRefusal = Pick<
  EnosErrorDetails,
  'service' | 'operation' | 'code' | 'message' | 'requestId' | 'httpStatus'
>;

type Stored = { value: unknown } | { missing: StoredRefusal };

/** JSON text of a value as it is cached; 64-bit integers (`bigint`) are exact. */
export function encodeValue<Value>(value: Value, codec: Codec<Value> | undefined): string {
  return jsonText({ value: codec === undefined ? value : codec.toJson(value) });
}

/** JSON text of "EnOS says there is none", with what callers may see of it. */
export function encodeMissing(error: EnosError): string {
  const { service, operation, code, message, requestId, httpStatus } = error;
  const missing: StoredRefusal = { service, operation, code, message, requestId, httpStatus };
  return jsonText({ missing });
}

/** The text to cache for an outcome; undefined for failures that must not be remembered. */
export function encodeOutcome<Value>(outcome: Outcome, codec: Codec<Value> | undefined): string | undefined {
  if ('value' in outcome) return encodeValue(outcome.value as Value, codec);
  return isNotFound(outcome.error) ? encodeMissing(outcome.error) : undefined;
}

/** An object always has a JSON text; only undefined and functions have none. */
function jsonText(stored: Stored): string {
  return stringifyJson(stored);
}

/** What a cached text says; undefined for one that cannot be read, which then counts as absent. */
export function decodeOutcome<Value>(text: string, codec: Codec<Value> | undefined): Outcome | undefined {
  try {
    const stored = parseJson(text) as Stored;
    if ('missing' in stored) return { error: new EnosError({ kind: 'refused', ...stored.missing }) };
    return { value: codec === undefined ? stored.value : codec.fromJson(stored.value) };
  } catch {
    return undefined;
  }
}
