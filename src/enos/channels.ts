/**
 * What the REST side publishes: channels of node:diagnostics_channel. Metrics, traces and logs hang on
 * from outside; a channel without subscribers costs one test of a flag.
 *
 * | channel                   | message           | when                                                                      |
 * | ------------------------- | ----------------- | ------------------------------------------------------------------------- |
 * | `enos-graphql:call:start` | `CallStarted`     | a call begins, before its arguments are looked at                         |
 * | `enos-graphql:call:end`   | `CallSucceeded`   | it has its answer                                                         |
 * | `enos-graphql:call:error` | `CallFailed`      | it has failed                                                             |
 * | `enos-graphql:attempt`    | `AttemptEnded`    | one HTTP exchange of a call has ended, well or not                        |
 * | `enos-graphql:retry`      | `RetryDecided`    | a failed exchange could be repeated: it will be, or budget or time forbid |
 * | `enos-graphql:breaker`    | `BreakerChanged`  | the breaker of a service opens, lets a probe through, or closes           |
 *
 * Each start is followed by one end or one error, never both. Calls of the token service are calls of their own. Messages
 * are published synchronously in the asynchronous context of the caller, so that AsyncLocalStorage works.
 * They hold no arguments, headers, tokens or addresses. Subscribers must not throw and must not change a message.
 */
import { channel } from 'node:diagnostics_channel';
import type { BreakerState } from '../resilience/circuit-breaker.js';
import type { CallAttempt } from './attempts/attempt.js';
import type { EnosError, EnosErrorKind } from './errors.js';
import type { OperationId } from './operation.js';

/** One call: the same object in every message about it, so that a WeakMap can hold what a listener keeps per call. */
export interface CallInfo {
  readonly operation: OperationId;
  /** The part of EnOS that answers: first segment of the operation's path, such as `asset-tree-service`. */
  readonly service: string;
  readonly kind: 'read' | 'write';
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** Message of `enos-graphql:call:start`. */
export interface CallStarted {
  readonly call: CallInfo;
}

/** What both ends of a call tell. */
export interface CallEnding {
  readonly call: CallInfo;
  /** Milliseconds from the start, waits included. */
  readonly durationMs: number;
  /** Milliseconds of it spent in the queue of the service. */
  readonly queuedMs: number;
  /** HTTP exchanges made; 0 where the call ended before one. */
  readonly attempts: number;
}

/** Message of `enos-graphql:call:end`. */
export interface CallSucceeded extends CallEnding {
  readonly requestId: string | null;
}

/** Message of `enos-graphql:call:error`. */
export interface CallFailed extends CallEnding {
  readonly error: EnosError;
}

/** Message of `enos-graphql:attempt`. */
export interface AttemptEnded {
  readonly call: CallInfo;
  readonly attempt: CallAttempt;
}

/** Message of `enos-graphql:retry`. */
export interface RetryDecided {
  readonly call: CallInfo;
  /** Number of the exchange that failed; 1 for the first. */
  readonly attempt: number;
  /** Why it failed. */
  readonly cause: EnosErrorKind;
  /** `retried`, or what forbade it: the budget of repetitions, or the time that the call has left. */
  readonly decision: 'retried' | 'budget' | 'deadline';
  /** Milliseconds until the next exchange; 0 where there is none. */
  readonly delayMs: number;
}

/** Message of `enos-graphql:breaker`. */
export interface BreakerChanged {
  readonly service: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Exchanges in the sliding window, and how many of them failed. */
  readonly calls: number;
  readonly failures: number;
  /** Milliseconds until a probe may go, where it opened; else 0. */
  readonly openForMs: number;
}

/** Messages by channel. */
export interface EnosChannels {
  'enos-graphql:call:start': CallStarted;
  'enos-graphql:call:end': CallSucceeded;
  'enos-graphql:call:error': CallFailed;
  'enos-graphql:attempt': AttemptEnded;
  'enos-graphql:retry': RetryDecided;
  'enos-graphql:breaker': BreakerChanged;
}

/** A channel of the table, typed. */
export interface TypedChannel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
  subscribe(listener: (message: Message) => void): void;
  unsubscribe(listener: (message: Message) => void): void;
}

/** The channel of that name; the same object each time. */
export function enosChannel<Name extends keyof EnosChannels>(name: Name): TypedChannel<EnosChannels[Name]> {
  // Node types every message as unknown; the table above is what is published.
  return channel(name) as TypedChannel<EnosChannels[Name]>;
}
