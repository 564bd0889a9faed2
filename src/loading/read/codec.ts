import type { ValueCodec } from '../../cache/cache.js';
import { EnosError, type EnosErrorDetails } from '../../enos/errors.js';
import { parseJson, stringifyJson } from '../../enos/reply/json.js';

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

/**
 * What is cached of a read, as text: its value, or "EnOS says there is none" with what callers may see of it. An outcome is
 * the value itself, or the `EnosError`; 64-bit integers (`bigint`) are exact.
 */
export const PLAIN_OUTCOMES: ValueCodec = outcomesOf(undefined);

const codecs = new WeakMap<object, ValueCodec>();

/** The same for values that have a codec of their own. */
export function outcomeCodec<Value>(codec: Codec<Value> | undefined): ValueCodec {
  if (codec === undefined) return PLAIN_OUTCOMES;
  let known = codecs.get(codec);
  if (known === undefined) codecs.set(codec, (known = outcomesOf(codec)));
  return known;
}

function outcomesOf(codec: Codec<unknown> | undefined): ValueCodec {
  return {
    encode: (outcome) => stringifyJson(storedOf(outcome, codec)),
    decode: (text) => {
      const stored = parseJson(text) as Stored;
      if ('missing' in stored) return new EnosError({ kind: 'refused', ...stored.missing });
      return codec === undefined ? stored.value : codec.fromJson(stored.value);
    },
  };
}

function storedOf(outcome: unknown, codec: Codec<unknown> | undefined): Stored {
  if (outcome instanceof EnosError) {
    const { service, operation, code, message, requestId, httpStatus } = outcome;
    return { missing: { service, operation, code, message, requestId, httpStatus } };
  }
  return { value: codec === undefined ? outcome : codec.toJson(outcome) };
}
