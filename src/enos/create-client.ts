/** The client of EnOS: composes pools, token, signature, envelope and repetition into one call per operation. */
import { CallEnded, CallScope } from './call-scope.js';
import type { CallAttempt, CallOptions, EnosClient, Reply } from './client.js';
import {
  DEFAULT_CONNECTIONS,
  DEFAULT_MAX_RESPONSE_BYTES,
  DEFAULT_TIMEOUTS,
  hostOf,
} from './client-options.js';
import type { EnosClientOptions, EnosTimeouts } from './client-options.js';
import { applicationHeaders, userHeaders, usesToken } from './credentials.js';
import { readReply } from './envelope.js';
import type { Outcome, UntypedReply } from './envelope.js';
import { EnosError } from './errors.js';
import { exchange, ExchangeFailure } from './exchange.js';
import { OPERATIONS } from './generated/operations.js';
import type { Arguments, Operation, OperationId } from './operation.js';
import { Pools } from './pools.js';
import { secretsIn } from './redact.js';
import { prefixOf, prepareRequest, refuse } from './request.js';
import type { PreparedRequest, UntypedArguments } from './request.js';
import { retryDelay } from './retry-policy.js';
import { TokenSource } from './token.js';
import type { AccessToken } from './token.js';

/** Makes a client. Throws if a URL is not usable or `caFile` cannot be read; connects to nothing yet. */
export function createEnosClient(options: EnosClientOptions): EnosClient {
  return new HttpEnosClient(options);
}

/** How an exchange ended: an outcome of EnOS, or none. */
type Attempt = Outcome & { sent: boolean; broken: boolean };

class HttpEnosClient implements EnosClient {
  readonly gateway: string;
  readonly #hosts: Readonly<Record<Operation['channel'], URL | null>>;
  readonly #timeouts: EnosTimeouts;
  readonly #maxResponseBytes: number;
  readonly #pools: Pools;
  readonly #tokens: TokenSource;
  readonly #now: () => number;
  /** Services whose last exchange found no connection. */
  readonly #unreachable = new Set<string>();

  constructor(private readonly options: EnosClientOptions) {
    const gateway = hostOf(options.url);
    this.gateway = gateway.origin + prefixOf(gateway);
    this.#hosts = {
      gateway,
      token: gateway,
      integration: options.integrationUrl === undefined ? null : hostOf(options.integrationUrl),
      'data-query-proxy': options.dataQueryProxyUrl === undefined ? null : hostOf(options.dataQueryProxyUrl),
    };
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.#maxResponseBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
    this.#now = options.now ?? Date.now;
    this.#pools = new Pools({
      connectTimeout: this.#timeouts.connect,
      connectionsPerService: options.connectionsPerService ?? DEFAULT_CONNECTIONS,
      caFile: options.caFile,
    });
    const { accessKey, secretKey, logger } = options;
    this.#tokens = new TokenSource({
      accessKey,
      secretKey,
      logger,
      now: this.#now,
      // The token's exchange belongs to every call that waits for it, so none of them may end it.
      exchange: async (id, body) => (await this.#run(OPERATIONS[id], { body }, {})).data,
    });
  }

  async call<Id extends OperationId>(
    id: Id,
    args: Arguments<Id>,
    options: CallOptions = {},
  ): Promise<Reply<Id>> {
    if (!Object.hasOwn(OPERATIONS, id)) throw unknownOperation(id);
    const reply = await this.#run(OPERATIONS[id], args as UntypedArguments, options);
    // Beyond its envelope a reply is taken at the contract's word; whoever reads a field checks what it must rely on.
    return reply as Reply<Id>;
  }

  credentialsAccepted(): boolean | null {
    return this.#tokens.accepted();
  }

  async connect(options: CallOptions = {}): Promise<void> {
    const operation = OPERATIONS['token.getAccessToken'];
    await this.#within(operation, options, (scope) => this.#tokens.current(scope));
  }

  async close(): Promise<void> {
    await this.#pools.close();
  }

  #run(operation: Operation, args: UntypedArguments, options: CallOptions): Promise<UntypedReply> {
    return this.#within(operation, options, async (scope) => {
      const base = this.#hosts[operation.channel];
      if (!base) throw refuse(operation, `No host is set for the channel ${operation.channel}`);
      const prepared = await prepareRequest(operation, base, args);
      const headers = { ...prepared.headers, ...userHeaders(operation, options.userToken) };
      const hidden = secretsIn(args.query, args.body, { token: options.userToken });
      return this.#attempts(new Call(operation, base, { ...prepared, headers }, hidden, scope, options));
    });
  }

  /** Exchanges until one settles the call: at most one replay with another token and one repetition. */
  async #attempts(call: Call): Promise<UntypedReply> {
    let replayed = false;
    let repeated = false;
    for (let number = 1; ; number++) {
      const token = usesToken(call.operation) ? await this.#tokens.current(call.scope) : null;
      const attempt = await this.#attempt(call, token, number);
      if (attempt.ok) {
        if (token) this.#tokens.accept();
        return attempt.reply;
      }
      if (attempt.tokenRefused && token) {
        this.#tokens.invalidate(token);
        if (replayed) throw this.#credentialsRefused(attempt.error);
        replayed = true;
        continue;
      }
      const delay = repeated ? null : retryDelay(call.operation, attempt, call.scope.remaining());
      if (delay === null) throw attempt.error;
      repeated = true;
      await call.scope.sleep(delay);
    }
  }

  async #attempt(call: Call, token: AccessToken | null, number: number): Promise<Attempt> {
    const { operation, base, request, scope } = call;
    const startedAt = Date.now();
    const clock = performance.now();
    let attempt: Attempt;
    let httpStatus: number | null = null;
    try {
      const reply = await exchange(
        this.#pools.of(base, operation.path),
        {
          method: operation.method,
          target: request.target,
          headers: {
            ...request.headers,
            ...(token
              ? applicationHeaders(operation, request, token, this.options.secretKey, this.#now())
              : {}),
          },
          body: request.body,
        },
        {
          headers: this.#timeouts.headers,
          idle: this.#timeouts.idle,
          maxResponseBytes: this.#maxResponseBytes,
        },
        scope.signal,
      );
      httpStatus = reply.status;
      this.#reached(operation);
      const secrets = [...this.#tokens.secrets(), ...(token ? [token.value] : []), ...call.hidden];
      attempt = { ...readReply(operation, reply, secrets), sent: true, broken: false };
    } catch (error) {
      attempt = failedAttempt(operation, error);
      if (error instanceof ExchangeFailure && error.kind === 'unavailable') this.#missed(operation, error);
    }
    const report: CallAttempt = {
      operation: operation.id as OperationId,
      attempt: number,
      startedAt,
      durationMs: performance.now() - clock,
      outcome: attempt.ok ? 'ok' : attempt.error.kind,
      httpStatus,
      code: attempt.ok ? attempt.code : attempt.error.code,
      requestId: attempt.ok ? attempt.reply.requestId : attempt.error.requestId,
    };
    call.options.onAttempt?.(report);
    this.options.onAttempt?.(report);
    return attempt;
  }

  #credentialsRefused(error: EnosError): EnosError {
    if (error.httpStatus !== 403) this.#tokens.reject();
    const { service, operation, code, requestId, httpStatus } = error;
    this.options.logger?.('warn', 'EnOS refuses the access token of this application, also a new one', {
      operation: `${service}.${operation}`,
      code,
      httpStatus,
    });
    const message = 'EnOS refuses the credentials of this application';
    return new EnosError({ kind: 'credentials', service, operation, code, message, requestId, httpStatus });
  }

  /** Logs once that a service cannot be reached, however many calls find out. */
  #missed({ service }: Operation, { reason }: ExchangeFailure): void {
    if (this.#unreachable.has(service)) return;
    this.#unreachable.add(service);
    this.options.logger?.('warn', 'EnOS cannot be reached', { service, reason });
  }

  #reached({ service }: Operation): void {
    if (this.#unreachable.delete(service))
      this.options.logger?.('info', 'EnOS is reached again', { service });
  }

  /** Runs within the call's time; whatever goes wrong leaves as `EnosError`. */
  async #within<T>(
    operation: Operation,
    options: CallOptions,
    work: (scope: CallScope) => Promise<T>,
  ): Promise<T> {
    const scope = new CallScope(this.#timeouts.total, options);
    try {
      scope.signal.throwIfAborted();
      return await work(scope);
    } catch (error) {
      throw asEnosError(operation, error);
    } finally {
      scope.dispose();
    }
  }
}

/** One call on its way. */
class Call {
  constructor(
    readonly operation: Operation,
    readonly base: URL,
    readonly request: PreparedRequest,
    /** Secrets of the caller, which no error may hold. */
    readonly hidden: readonly string[],
    readonly scope: CallScope,
    readonly options: CallOptions,
  ) {}
}

function failedAttempt(operation: Operation, error: unknown): Attempt {
  const { sent = true, broken = false } = error instanceof ExchangeFailure ? error : {};
  return { ok: false, error: asEnosError(operation, error), tokenRefused: false, sent, broken };
}

function asEnosError(operation: Operation, error: unknown): EnosError {
  if (error instanceof EnosError) return error;
  const { service, operation: name } = operation;
  if (error instanceof CallEnded) {
    const message = error.end === 'timeout' ? 'EnOS did not answer in time' : 'The call was cancelled';
    const retryable = error.end === 'timeout';
    return new EnosError({ kind: error.end, service, operation: name, message, retryable });
  }
  if (error instanceof ExchangeFailure) {
    const { kind, message, retryable } = error;
    return new EnosError({ kind, service, operation: name, message, retryable });
  }
  throw error; // a fault of ours, not of the call
}

function unknownOperation(id: string): EnosError {
  return new EnosError({
    kind: 'argument',
    service: '',
    operation: id,
    message: 'There is no such operation',
  });
}
