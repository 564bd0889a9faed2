/** The client of EnOS: composes bulkheads, token, signature, envelope and repetition into one call per operation. */
import { authorizationOf } from './request/credentials.js';
import { enosErrorOf, type AttemptResult } from './attempts/attempt-result.js';
import { Call } from './call.js';
import { CallScope } from './attempts/call-scope.js';
import { enosChannel, type RetryDecided } from './channels.js';
import type { CallOptions, EnosClientState, ObservableEnosClient, Reply } from './client.js';
import { hostOf, withDefaults, type EnosClientOptions, type EnosClientSettings } from './client-options.js';
import { isLetIn, type UntypedReply } from './reply/envelope.js';
import { EnosError, failureOfWrite } from './errors.js';
import { Exchanges } from './attempts/exchanges.js';
import { OPERATIONS } from './generated/operations.js';
import { Bulkheads, BulkheadClosed, type Bulkhead } from './service/bulkhead.js';
import type { Arguments, OperationId } from './operation.js';
import { prefixOf, type UntypedArguments } from './request/request.js';
import { retryDelay } from './attempts/retry-policy.js';
import { Routes, type Route } from './service/routes.js';
import type { Permit } from '../resilience/circuit-breaker.js';
import { TokenSource, type AccessToken } from './request/token.js';

/** Makes a client. Throws if a URL is not usable or `caFile` cannot be read; connects to nothing yet. */
export function createEnosClient(options: EnosClientOptions): ObservableEnosClient {
  return new HttpEnosClient(options);
}

const RETRY = enosChannel('enos-graphql:retry');

class HttpEnosClient implements ObservableEnosClient {
  readonly gateway: string;
  readonly maxResponseBytes: number;
  readonly #settings: EnosClientSettings;
  readonly #bulkheads: Bulkheads;
  readonly #routes: Routes;
  readonly #tokens: TokenSource;
  readonly #exchanges: Exchanges;

  constructor(options: EnosClientOptions) {
    const gateway = hostOf(options.url);
    this.gateway = gateway.origin + prefixOf(gateway);
    const hosts = {
      gateway,
      token: gateway,
      integration: options.integrationUrl === undefined ? null : hostOf(options.integrationUrl),
      'data-query-proxy': options.dataQueryProxyUrl === undefined ? null : hostOf(options.dataQueryProxyUrl),
    };
    this.#settings = withDefaults(options);
    this.maxResponseBytes = this.#settings.maxResponseBytes;
    const { timeouts, concurrencyPerService, queuePerService, breaker, retryBudgetPercent } = this.#settings;
    const { accessKey, secretKey, caFile, logger } = options;
    this.#bulkheads = new Bulkheads({
      connectTimeout: timeouts.connect,
      caFile,
      concurrency: concurrencyPerService,
      queueLimit: queuePerService,
      breaker,
      retryPercent: retryBudgetPercent,
      onBreaker: (service, state) =>
        state === 'open'
          ? logger?.('warn', 'A service of EnOS fails too often and is not asked for now', { service })
          : logger?.('info', 'A service of EnOS works again', { service }),
    });
    this.#routes = new Routes(hosts, this.#bulkheads);
    this.#tokens = new TokenSource({
      accessKey,
      secretKey,
      logger,
      now: this.#settings.now,
      clockAhead: () => this.#exchanges.clockAhead,
      // The token's exchange belongs to every call that waits for it, so none of them may end it.
      exchange: async (id, body) => (await this.#run(id, { body }, {})).data,
    });
    this.#exchanges = new Exchanges({ ...options, settings: this.#settings, tokens: this.#tokens });
  }

  call<Id extends OperationId>(id: Id, args: Arguments<Id>, options: CallOptions = {}): Promise<Reply<Id>> {
    // Beyond its envelope a reply is taken at the contract's word; readers of a field check what they rely on.
    return this.#run(id, args as UntypedArguments, options) as Promise<Reply<Id>>;
  }

  credentialsAccepted(): boolean | null {
    return this.#tokens.accepted();
  }

  async connect(options: CallOptions = {}): Promise<void> {
    const scope = new CallScope(this.#settings.timeouts.total, options);
    try {
      scope.check();
      await this.#tokens.current(scope);
    } catch (error) {
      throw enosErrorOf(OPERATIONS['token.getAccessToken'], error);
    } finally {
      scope.dispose();
    }
  }

  state(): EnosClientState {
    return { services: this.#bulkheads.all().map((bulkhead) => bulkhead.state()) };
  }

  async close(): Promise<void> {
    await this.#bulkheads.close();
  }

  /** One call within its time; whatever goes wrong leaves as `EnosError`. */
  async #run(id: OperationId, args: UntypedArguments, options: CallOptions): Promise<UntypedReply> {
    const route = this.#routes.of(id);
    const { operation, bulkhead } = route;
    const call = new Call(operation, bulkhead.service, args, options, this.#settings.timeouts.total);
    try {
      call.scope.check();
      const reply = await this.#attempts(route, call);
      call.tellEnd(reply.requestId);
      return reply;
    } catch (thrown) {
      const error = enosErrorOf(operation, thrown);
      call.tellError(error);
      throw error;
    } finally {
      call.scope.dispose();
    }
  }

  /** Exchanges until one settles the call: at most one replay with another token, and repetitions within their bounds. */
  async #attempts(route: Route, call: Call): Promise<UntypedReply> {
    const { operation, plan } = route;
    const authorization = authorizationOf(operation, call.options.userToken);
    const prepared = plan.prepare(call.args);
    const request = prepared instanceof Promise ? await call.scope.race(prepared) : prepared;
    let retries = 0;
    let lastError: EnosError | null = null;
    for (;;) {
      let token = route.usesToken ? (this.#tokens.ready() ?? (await this.#tokens.current(call.scope))) : null;
      const place = this.#enter(route.bulkhead, call, lastError);
      const waits = place instanceof Promise;
      const permit = waits ? await place : place;
      if (waits && token) token = await this.#tokenAfterWait(route.bulkhead, call, permit);
      const result = await this.#exchanges.make(route, call, request, token, authorization, permit);
      if (result.ok) {
        if (token) this.#tokens.accept(call.replayed ? operation.id : undefined);
        return result.reply;
      }
      lastError = result.error;
      if (result.tokenRefused && token) {
        if (call.replayed) this.#tokens.reject(token, operation.id, result.error, authorization !== null);
        if (call.replayed || this.#tokens.holds(token)) throw credentialsRefused(result.error);
        call.replayed = true;
        continue;
      }
      if (token && isLetIn(result.error)) this.#tokens.accept();
      if (await this.#waitForRetry(route, call, result, retries++)) continue;
      throw operation.kind === 'write' && result.sent ? failureOfWrite(result.error) : result.error;
    }
  }

  /**
   * A place for an exchange, as `Bulkhead.enter` gives it. Where a repetition gets none, the call fails with what it
   * failed with before, which says more.
   */
  #enter(bulkhead: Bulkhead, call: Call, lastError: EnosError | null): Permit | Promise<Permit> {
    const fail = (reason: unknown): never => {
      throw reason instanceof BulkheadClosed && lastError ? lastError : reason;
    };
    try {
      if (call.attempts === 0) bulkhead.budget.earn();
      const place = bulkhead.enter(call.scope);
      if (typeof place === 'number') return place;
      const since = performance.now();
      return place.catch(fail).finally(() => (call.queuedMs += performance.now() - since));
    } catch (reason) {
      return fail(reason);
    }
  }

  /** The token to go with after a wait in the queue, which may have been longer than the life of the one before it. */
  async #tokenAfterWait(bulkhead: Bulkhead, call: Call, permit: Permit): Promise<AccessToken> {
    try {
      return this.#tokens.ready() ?? (await this.#tokens.current(call.scope));
    } catch (error) {
      bulkhead.leave(permit, 'nothing');
      throw error;
    }
  }

  /** Whether the failed exchange is to be repeated; resolves when it is time to. */
  async #waitForRetry(
    { operation, bulkhead }: Route,
    call: Call,
    result: AttemptResult & { ok: false },
    retries: number,
  ): Promise<boolean> {
    if (retries >= this.#settings.retries) return false;
    const delay = retryDelay(operation, result, retries + 1);
    if (delay === null) return false;
    const tell = (decision: RetryDecided['decision'], delayMs: number) =>
      RETRY.publish({ call, attempt: call.attempts, cause: result.error.kind, decision, delayMs });
    if (delay >= call.scope.remaining()) tell('deadline', 0);
    else if (!bulkhead.spendRetry()) tell('budget', 0);
    else {
      tell('retried', delay);
      await call.scope.sleep(delay);
      return true;
    }
    return false;
  }
}

function credentialsRefused(error: EnosError): EnosError {
  const { service, operation, code, requestId, httpStatus } = error;
  const message = 'EnOS refuses the credentials of this application';
  return new EnosError({ kind: 'credentials', service, operation, code, message, requestId, httpStatus });
}
