/** Calls of a simulator by operation id; every reply is held against the contract. */
import { contractErrors, contractOperation } from './enos-contract.js';
import type { TinySimulator } from './tiny-simulator.js';

/** What a call sends beside its operation. */
export interface SentCall {
  query?: Record<string, string | undefined>;
  body?: unknown;
  /** Values of the path's placeholders. */
  path?: Record<string, string>;
}

/** Gives the reply's body. */
export type OperationCaller = (operationId: string, sent?: SentCall) => Promise<Record<string, unknown>>;

/** Calls operations of a simulator. */
export function operationCaller(simulator: () => TinySimulator): OperationCaller {
  return async (operationId, { query = {}, body, path = {} } = {}) => {
    const { method, path: template, action } = contractOperation(operationId);
    const reply = await simulator().client.call({
      method,
      path: template.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? ''),
      query: { action, ...query },
      ...(body === undefined ? {} : { body }),
    });
    expect(reply.status).toBe(200);
    expect(contractErrors(operationId, reply.body)).toBeNull();
    return reply.body;
  };
}
