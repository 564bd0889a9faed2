/** The client of EnOS: composes lanes, token, signature, envelope and repetition into one call per operation. */
import { addApplicationHeaders, authorizationOf, usesToken } from './credentials.js';
import { enosErrorOf, failedResult, repliedResult } from './attempt-result.js';
import type { AttemptResult } from './attempt-result.js';
import type { CallAttempt } from './attempt.js';
import { Call } from './call.js';
import { CallScope } from './call-scope.js';
import { enosChannel } from './channels.js';
import type { RetryDecided } from './channels.js';
import type { CallOptions, EnosClientState, ObservableEnosClient, Reply } from './client.js';
import { hostOf, withDefaults } from './client-options.js';
import type { EnosClientOptions, EnosClientSettings } from './client-options.js';
import { readReply, timeOf } from './envelope.js';
import type { UntypedReply } from './envelope.js';
import { EnosError } from './errors.js';
import { exchange, ExchangeFailure } from './exchange.js';
import type { HttpReply } from './exchange.js';
import { OPERATIONS } from './generated/operations.js';
import { Lanes } from './lanes.js';
import type { Arguments, Operation, OperationId } from './operation.js';
import { prefixOf, refuse, RequestPlan } from './request.js';
import type { PreparedRequest, UntypedArguments } from './request.js';
import { retryDelay } from './retry-policy.js';
import { LaneClosed } from './service-lane.js';
import type { ServiceLane } from './service-lane.js';
import { TokenSource } from './token.js';
import type { AccessToken } from './token.js';

/** Makes a client. Throws if a URL is not usable or `caFile` cannot be read; connects to nothing yet. */
export function createEnosClient(options: EnosClientOptions): ObservableEnosClient {
  return new HttpEnosClient(options);
}

const RETRY = enosChannel('enos-graphql:retry');

/** An operation as this client calls it. */
interface Route {
  operation: Operation;
  plan: RequestPlan;
  lane: ServiceLane;
  usesToken: boolean;
}

class HttpEnosClient implements ObservableEnosClient {
  readonly gateway: string;
  readonly #hosts: Readonly<Record<Operation['channel'], URL | null>>;
  readonly #settings: EnosClientSettings;
  readonly #lanes: Lanes;
  readonly #routes = new Map<string, Route>();
  readonly #tokens: TokenSource;
  /** Services whose last exchange found no connection. */
  readonly #unreachable = new Set<string>();
  /** Seconds by which our clock was ahead at the last refusal. */
  #clockAhead: number | null = null;

  constructor(private readonly options: EnosClientOptions) {
    const gateway = hostOf(options.url);
    this.gateway = gateway.origin + prefixOf(gateway);
    this.#hosts = {
      gateway,
      token: gateway,
      integration: options.integrationUrl === undefined ? null : hostOf(options.integrationUrl),
      'data-query-proxy': options.dataQueryProxyUrl === undefined ? null : hostOf(options.dataQueryProxyUrl),
    };
    this.#settings = withDefaults(options);
    const { timeouts, concurrencyPerService, queuePerService, breaker, retryBudgetPercent } = this.#settings;
    const { accessKey, secretKey, caFile, logger } = options;
    this.#lanes = new Lanes({
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
    this.#tokens = new TokenSource({
      accessKey,
      secretKey,
      logger,
      now: this.#settings.now,
      clockAhead: () => this.#clockAhead,
      // The token's exchange belongs to every call that waits for it, so none of them may end it.
      exchange: async (id, body) => (await this.#run(this.#route(id), { body }, {})).data,
    });
  }

  async call<Id extends OperationId>(
    id: Id,
    args: Arguments<Id>,
    options: CallOptions = {},
  ): Promise<Reply<Id>> {
    const reply = await this.#run(this.#route(id), args as UntypedArguments, options);
    // Beyond its envelope a reply is taken at the contract's word; whoever reads a field checks what it must rely on.
    return reply as Reply<Id>;
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
    return { services: this.#lanes.all().map((lane) => lane.state()) };
  }

  async close(): Promise<void> {
    await this.#lanes.close();
  }

  #route(id: string): Route {
    return this.#routes.get(id) ?? this.#newRoute(id);
  }

  #newRoute(id: string): Route {
    const operation = Object.hasOwn(OPERATIONS, id) ? OPERATIONS[id as OperationId] : null;
    if (!operation) throw unknownOperation(id);
    const base = this.#hosts[operation.channel];
    if (!base) throw refuse(operation, `No host is set for the channel ${operation.channel}`);
    const plan = new RequestPlan(operation, base);
    const lane = this.#lanes.of(base, operation.path);
    const route = { operation, plan, lane, usesToken: usesToken(operation) };
    this.#routes.set(id, route);
    return route;
  }

  /** One call within its time; whatever goes wrong leaves as `EnosError`. */
  async #run(route: Route, args: UntypedArguments, options: CallOptions): Promise<UntypedReply> {
    const { operation, lane } = route;
    const call = new Call(operation, lane.service, args, options, this.#settings.timeouts.total);
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
    let replayed = false;
    let retries = 0;
    let lastError: EnosError | null = null;
    for (;;) {
      let token = route.usesToken ? (this.#tokens.ready() ?? (await this.#tokens.current(call.scope))) : null;
      const place = this.#enter(route.lane, call, lastError);
      const waits = place instanceof Promise;
      const probe = waits ? await place : place;
      // The wait may have been longer than the life of the token.
      if (waits && token) token = this.#tokens.ready() ?? token;
      const result = await this.#attempt(route, call, request, token, authorization, probe);
      if (result.ok) {
        if (token) this.#tokens.accept();
        return result.reply;
      }
      lastError = result.error;
      if (result.tokenRefused && token) {
        this.#tokens.invalidate(token);
        if (replayed) throw this.#credentialsRefused(result.error, token);
        replayed = true;
        continue;
      }
      if (!(await this.#waitForRetry(route, call, result, retries++))) throw result.error;
    }
  }

  /**
   * A place for an exchange, as `ServiceLane.enter` gives it. Where a repetition gets none, the call fails with what it
   * failed with before, which says more.
   */
  #enter(lane: ServiceLane, call: Call, lastError: EnosError | null): boolean | Promise<boolean> {
    const fail = (reason: unknown): never => {
      throw reason instanceof LaneClosed && lastError ? lastError : reason;
    };
    try {
      if (call.attempts === 0) lane.budget.earn();
      const place = lane.enter(call.scope);
      if (typeof place === 'boolean') return place;
      const since = performance.now();
      return place.catch(fail).finally(() => (call.queuedMs += performance.now() - since));
    } catch (reason) {
      return fail(reason);
    }
  }

  /** Whether the failed exchange is to be repeated; resolves when it is time to. */
  async #waitForRetry(
    { operation, lane }: Route,
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
    else if (!lane.spendRetry()) tell('budget', 0);
    else {
      tell('retried', delay);
      await call.scope.sleep(delay);
      return true;
    }
    return false;
  }

  async #attempt(
    { operation, lane }: Route,
    call: Call,
    request: PreparedRequest,
    token: AccessToken | null,
    authorization: string | null,
    probe: boolean,
  ): Promise<AttemptResult> {
    const { scope } = call;
    const { timeouts, maxResponseBytes, now } = this.#settings;
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
      if (token) addApplicationHeaders(headers, operation, request, token, this.options.secretKey, now());
      const { method } = operation;
      const { target, body } = request;
      const limits = { headers: timeouts.headers, idle: timeouts.idle, maxResponseBytes };
      reply = await exchange(lane.pool, { method, target, headers, body }, limits, scope);
      if (this.#unreachable.size > 0) this.#reached(operation);
      const secrets = () => [...this.#tokens.secrets(), ...(token ? [token.value] : []), ...call.secrets()];
      result = repliedResult(operation, readReply(operation, reply, secrets));
      if (!result.ok) this.#compareClocks(reply);
    } catch (error) {
      result = failedResult(operation, error, time);
      if (error instanceof ExchangeFailure && error.kind === 'unavailable') this.#missed(operation, error);
    } finally {
      lane.leave(probe, result?.verdict ?? 'nothing');
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

  #credentialsRefused(error: EnosError, token: AccessToken): EnosError {
    if (error.httpStatus !== 403) this.#tokens.reject(token, error);
    const { service, operation, code, requestId, httpStatus } = error;
    const message = 'EnOS refuses the credentials of this application';
    return new EnosError({ kind: 'credentials', service, operation, code, message, requestId, httpStatus });
  }

  #compareClocks(reply: HttpReply): void {
    if (reply.headers.date === undefined) return;
    this.#clockAhead = Math.round((this.#settings.now() - timeOf(reply)) / 1_000);
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

function unknownOperation(id: string): EnosError {
  return new EnosError({
    kind: 'argument',
    service: '',
    operation: id,
    message: 'There is no such operation',
  });
}
