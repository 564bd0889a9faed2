/** The exchanges that calls are made of: one request each, with credentials, and what its outcome says. */
import type { Permit } from '../../resilience/circuit-breaker.js';
import { failedResult, repliedResult } from './attempt-result.js';
import type { AttemptResult } from './attempt-result.js';
import type { CallAttempt } from './attempt.js';
import type { Call } from '../call.js';
import type { EnosClientOptions, EnosClientSettings } from '../client-options.js';
import { addApplicationHeaders } from '../request/credentials.js';
import { namesToken, readReply, timeOf } from '../reply/envelope.js';
import type { EnosError } from '../errors.js';
import { exchange, ExchangeFailure } from './exchange.js';
import type { HttpReply } from './exchange.js';
import type { Operation } from '../operation.js';
import type { PreparedRequest } from '../request/request.js';
import type { Route } from '../service/routes.js';
import type { AccessToken, TokenSource } from '../request/token.js';

/** What exchanges of one client have in common. */
export interface ExchangesOptions extends Pick<
  EnosClientOptions,
  'secretKey' | 'logger' | 'onAttempt' | 'traceHeaders'
> {
  settings: EnosClientSettings;
  tokens: TokenSource;
}

/** The exchanges of one client. */
export class Exchanges {
  /** Services whose last exchange found no connection. */
  readonly #unreachable = new Set<string>();
  /** Seconds by which our clock was ahead at the last refusal. */
  #clockAhead: number | null = null;

  constructor(private readonly options: ExchangesOptions) {}

  /** Seconds by which this machine's clock was ahead of EnOS's when EnOS last refused something; null if unknown. */
  get clockAhead(): number | null {
    return this.#clockAhead;
  }

  /**
   * Makes one, with the place in the bulkhead that was taken for it (`permit` of its breaker), which it gives back.
   * Never rejects but for faults of ours.
   */
  async make(
    { operation, bulkhead }: Route,
    call: Call,
    request: PreparedRequest,
    token: AccessToken | null,
    authorization: string | null,
    permit: Permit,
  ): Promise<AttemptResult> {
    const { scope } = call;
    const { settings, tokens, secretKey } = this.options;
    const { timeouts, maxResponseBytes, now } = settings;
    const headers = [...request.headers];
    if (authorization !== null) headers.push('authorization', authorization);
    const startedAt = Date.now();
    const clock = performance.now();
    const time = scope.cutShort ? scope.remaining() : null;
    const number = (call.attempts += 1);
    let result: AttemptResult | null = null;
    let reply: HttpReply | null = null;
    try {
      call.addTraceHeaders(headers, this.options.traceHeaders);
      if (token) addApplicationHeaders(headers, operation, request, token, secretKey, now());
      const { method } = operation;
      const { target, body } = request;
      const limits = { headers: timeouts.headers, idle: timeouts.idle, maxResponseBytes };
      reply = await exchange(bulkhead.pool, { method, target, headers, body }, limits, scope);
      if (this.#unreachable.size > 0) this.#reached(operation);
      const secrets = () => [...tokens.secrets(), ...(token ? [token.value] : []), ...call.secrets()];
      const asked = { args: call.args, secrets, defer: call.options.defer };
      result = repliedResult(operation, readReply(operation, reply, asked));
      if (!result.ok) this.#compareClocks(reply);
      // Before the place is given on: the next call must not take the refused token along.
      if (!result.ok && result.tokenRefused && token) {
        this.#tokenRefused(call, token, result.error, authorization !== null);
      }
    } catch (error) {
      result = failedResult(operation, error, time);
      if (error instanceof ExchangeFailure && error.kind === 'unavailable') this.#missed(operation, error);
    } finally {
      bulkhead.leave(permit, result?.verdict ?? 'nothing');
    }
    const report: CallAttempt = {
      operation: call.operation,
      attempt: number,
      startedAt,
      durationMs: performance.now() - clock,
      outcome: result.ok ? 'ok' : result.error.kind,
      httpStatus: reply?.status ?? null,
      code: result.ok ? result.code : result.error.code,
      requestId: result.ok ? result.reply.requestId : result.error.requestId,
    };
    call.tellAttempt(report, this.options.onAttempt);
    return result;
  }

  /**
   * The gateway refused the call with its token. Where it named the token as the reason, or could have meant it, the token is
   * given up. HTTP 403 after a renewal means this application, or the user that the call is for: the next token would fare no
   * better.
   */
  #tokenRefused({ operation, replayed }: Call, token: AccessToken, error: EnosError, forUser: boolean): void {
    const { tokens } = this.options;
    const isFinal = replayed && (error.httpStatus === 403 || forUser);
    const mayReplace = replayed || tokens.mayReplace(token, operation);
    if (namesToken(error) || (mayReplace && !isFinal)) tokens.invalidate(token);
  }

  #compareClocks(reply: HttpReply): void {
    if (reply.headers.date === undefined) return;
    this.#clockAhead = Math.round((this.options.settings.now() - timeOf(reply)) / 1_000);
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
}
