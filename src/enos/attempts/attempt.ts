/** What is told about each HTTP exchange with EnOS. */
import type { OperationId } from '../operation.js';

/** One HTTP exchange with EnOS. */
export interface CallAttempt {
  operation: OperationId;
  /** 1 for the first. */
  attempt: number;
  /** Unix milliseconds. */
  startedAt: number;
  durationMs: number;
  /** `ok`, or the kind of the error. */
  outcome: string;
  httpStatus: number | null;
  /** EnOS's code; 0 or 200 on success. */
  code: number | null;
  requestId: string | null;
}
