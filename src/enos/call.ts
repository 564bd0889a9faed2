/** One call: who asked for what, how long it may take, and what is told about it. */
import { CallScope } from './attempts/call-scope.js';
import { enosChannel } from './channels.js';
import type { CallInfo } from './channels.js';
import type { CallAttempt } from './attempts/attempt.js';
import type { CallOptions } from './client.js';
import type { EnosError } from './errors.js';
import type { Operation, OperationId } from './operation.js';
import { secretsIn } from './reply/redact.js';
import type { UntypedArguments } from './request/request.js';

const START = enosChannel('enos-graphql:call:start');
const END = enosChannel('enos-graphql:call:end');
const ERROR = enosChannel('enos-graphql:call:error');
const ATTEMPT = enosChannel('enos-graphql:attempt');

/** Names of trace context; nothing else may travel by its hook. */
const TRACE_HEADERS = ['traceparent', 'tracestate', 'baggage'] as const;
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** A call. It is its own `CallInfo`: the object by which listeners know it. */
export class Call implements CallInfo {
  readonly operation: OperationId;
  readonly kind: 'read' | 'write';
  readonly scope: CallScope;
  /** HTTP exchanges made so far. */
  attempts = 0;
  /** Whether it is sent for the second time, with another token. */
  replayed = false;
  /** Milliseconds spent in the queue so far. */
  queuedMs = 0;

  /** @param total milliseconds that it may take */
  constructor(
    readonly contract: Operation,
    readonly service: string,
    readonly args: UntypedArguments,
    readonly options: CallOptions,
    total: number,
  ) {
    this.operation = contract.id as OperationId;
    this.kind = contract.kind;
    this.scope = new CallScope(total, options);
    if (START.hasSubscribers) START.publish({ call: this });
  }

  get startedAt(): number {
    return this.scope.startedAt;
  }

  /** Secrets of the caller, which no error may hold. */
  secrets(): string[] {
    return secretsIn(this.args.query, this.args.body, { token: this.options.userToken });
  }

  /** Adds the trace context that the hooks give; the one of the call comes before the client's. */
  addTraceHeaders(headers: string[], ofClient: CallOptions['traceHeaders']): void {
    const hook = this.options.traceHeaders ?? ofClient;
    if (!hook) return;
    const given = hook(this);
    for (const name of TRACE_HEADERS) {
      const value = given[name];
      if (value !== undefined && HEADER_VALUE.test(value)) headers.push(name, value);
    }
  }

  /** An exchange has ended. */
  tellAttempt(attempt: CallAttempt, onAttemptOfClient: CallOptions['onAttempt']): void {
    this.options.onAttempt?.(attempt);
    onAttemptOfClient?.(attempt);
    if (ATTEMPT.hasSubscribers) ATTEMPT.publish({ call: this, attempt });
  }

  /** The call has its answer. */
  tellEnd(requestId: string | null): void {
    if (END.hasSubscribers) END.publish({ ...this.#ending(), requestId });
  }

  /** The call has failed. */
  tellError(error: EnosError): void {
    if (ERROR.hasSubscribers) ERROR.publish({ ...this.#ending(), error });
  }

  #ending() {
    const { attempts, queuedMs } = this;
    return { call: this as CallInfo, durationMs: Date.now() - this.startedAt, attempts, queuedMs };
  }
}
