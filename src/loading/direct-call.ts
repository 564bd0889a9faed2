/** Calls of one request alone: writes, and reads past every cache. */
import type { CallSignal } from '../enos/client.js';
import type { OperationId } from '../enos/operation.js';
import { enosCall, operationNames, type EnosCall } from './enos-call.js';
import type { LoadAttempt } from './read/single-flight.js';
import type { LoadContext } from './load-context.js';
import { callsUntil } from './request/request-end.js';

const MAX_EXPLAINED_KEYS = 100;

/** The client that asked may go: what has begun is carried on. */
const NEVER: CallSignal = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

/** What is called once, outside of every cache and shared read, and how explain names it. */
export interface DirectCall {
  operation: OperationId;
  keys: readonly string[];
}

/**
 * Runs calls for this request alone. They end by its deadline, not with the client that asked: a write that has begun is not
 * to be cut off. `keys` may still be filled while it runs.
 */
export async function callDirectly<Value>(
  context: LoadContext,
  { operation, keys }: DirectCall,
  run: (call: EnosCall, attempts: readonly LoadAttempt[]) => Promise<Value>,
): Promise<Value> {
  const attempts: LoadAttempt[] = [];
  const until = callsUntil(context);
  const call = enosCall(context, {
    signal: NEVER,
    until: typeof until === 'function' ? until : () => until,
    attempts,
  });
  const path = context.queryPath?.();
  try {
    return await run(call, attempts);
  } finally {
    context.explain?.({
      ...operationNames(operation),
      hits: [],
      misses: keys.slice(0, MAX_EXPLAINED_KEYS),
      counts: { hits: 0, shared: 0, misses: keys.length },
      attempts,
      paths: () => (path === undefined ? [] : [path]),
    });
  }
}
