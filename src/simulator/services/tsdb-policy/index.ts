/**
 * TSDB Policy Service.
 */
import type { ServiceHandlers } from '../../operation.js';
import { policyReadHandlers } from './read.js';
import { policyWriteHandlers } from './write.js';

/** Handlers by operation id of tsdb-policy.yaml. */
export const tsdbPolicyHandlers: ServiceHandlers = { ...policyReadHandlers, ...policyWriteHandlers };
