/**
 * From an HTTP request to its answer: finds the operation, counts it, asks the rules what is to go wrong, checks
 * credentials, and hands what is left to the service (service-calls.ts).
 */
import { factsOf, serviceOf } from './control/call-facts.js';
import { CallLog } from './control/call-log.js';
import type { LogEntry } from './control/call-log.js';
import { SimulatorClock } from './control/clock.js';
import { ControlPlane, isControlPath } from './control/control.js';
import { replyOf } from './control/fault-replies.js';
import { RuleBook } from './control/rule-book.js';
import type { Verdict } from './control/rule-book.js';
import { chooseSeed, Seed } from './control/seed.js';
import { getContract } from './contract/contract.js';
import type { ContractOperation, OperationMatch } from './contract/operations.js';
import { checkCredentials } from './gateway/gate.js';
import type { GateSettings, GateVerdict } from './gateway/gate.js';
import { refuseToken, serveToken, TOKEN_OPERATIONS } from './gateway/token-service.js';
import type { Credentials } from './gateway/token-service.js';
import { TokenStore } from './gateway/tokens.js';
import { gatewayReply, parseJson } from './http-reply.js';
import type { HttpCall, HttpReply } from './http-reply.js';
import { toJson } from './json.js';
import { isMultipart, readForm } from './multipart.js';
import type { ServiceHandlers, SimulatorContext } from './operation.js';
import { PortalSessions } from './portal/sessions.js';
import { Services } from './service-calls.js';
import { beginConnection } from './services/connection/index.js';
import { allHandlers } from './services/index.js';
import { IdMaker } from './world/id-maker.js';
import { DEFAULT_WRITE_LAG, LiveWorld } from './world/live-world.js';
import type { World } from './world/world.js';

/** What the simulator plays, and for whom. */
export interface DispatcherOptions {
  world: World;
  credentials: Credentials;
  /** Unix milliseconds; the machine's clock by default. Not with `clock`. */
  now?(): number;
  /** A clock that the world goes by too. */
  clock?: SimulatorClock;
  /** Serve the paths under /__ (docs/faults.md). */
  control?: boolean;
  /** From which everything random follows; a random one by default. */
  seed?: number;
  /** Rules in force from the start, as `POST /__faults` takes them. */
  faults?: unknown;
  /** Seconds that an access token lives. */
  tokenLifetime?: number;
  /** Milliseconds after which searches show a write; 2000 by default. */
  writeLag?: number;
  /** Seconds that a user's session in the Application Portal lives. */
  sessionLifetime?: number;
  /** How far `apim-timestamp` may be from now, in milliseconds; not checked by default. */
  timestampSkew?: number;
  /** Takes a line about a fault of the simulator's own; standard error by default. */
  log?: (line: string) => void;
  /** Handlers in place of the services' own, for tests of the dispatcher itself. */
  handlers?: ServiceHandlers;
}

/** A request on its way: what it means, and what the rules have decided about it. */
export interface Received {
  call: HttpCall;
  path: string;
  query: URLSearchParams;
  /** Null for a path of the control plane, or one that the contract does not know. */
  match: OperationMatch | null;
  verdict: Verdict;
  /** Its line in the log; null for what is no call of EnOS. */
  entry: LogEntry | null;
}

const UNTOUCHED: Verdict = { delay: 0, fault: null, rules: [] };

/** Answers requests over one world. */
export class Dispatcher {
  private readonly contract = getContract();
  private readonly calls = new Map<string, number>();
  private readonly seed: Seed;
  private readonly clock: SimulatorClock;
  private readonly tokens: TokenStore;
  private readonly gate: GateSettings;
  private readonly rules: RuleBook;
  private readonly callLog = new CallLog();
  private readonly controlPlane: ControlPlane | null;
  private readonly services: Services;

  /** Throws `ControlError` for a rule that cannot be used. */
  constructor(private readonly options: DispatcherOptions) {
    this.seed = new Seed(options.seed ?? chooseSeed());
    this.clock = options.clock ?? new SimulatorClock(() => options.now?.() ?? Date.now());
    this.tokens = new TokenStore(options.tokenLifetime ?? 7200, this.clock.now, this.seed);
    this.gate = {
      secretKey: options.credentials.secretKey,
      tokens: this.tokens,
      now: this.clock.now,
      timestampSkew: options.timestampSkew ?? null,
    };
    const { now } = this.clock;
    const log = options.log ?? toStandardError;
    const live = new LiveWorld(options.world, { now, lag: options.writeLag ?? DEFAULT_WRITE_LAG, log });
    const context: SimulatorContext = {
      world: live.current,
      current: live.current,
      now: live.now,
      series: live.series,
      ids: new IdMaker(this.seed, live.now),
      after: (milliseconds, run) => live.after(milliseconds, run),
      sessions: new PortalSessions(live.current, options.sessionLifetime ?? 7200, now),
      accessKey: options.credentials.accessKey,
    };
    const handlers = options.handlers ?? allHandlers;
    this.services = new Services({ handlers, live, context, seed: this.seed, log });
    beginConnection(context);
    const operations = [...this.contract.operations.byId.values()];
    const known = {
      operations: operations.map(({ operationId }) => operationId),
      services: [...new Set(operations.map(serviceOf))],
    };
    this.rules = new RuleBook(known, this.seed, this.clock.now);
    if (options.faults !== undefined) this.rules.replace(options.faults);
    this.controlPlane =
      options.control === true
        ? new ControlPlane({
            rules: this.rules,
            log: this.callLog,
            calls: this.calls,
            seed: this.seed,
            clock: this.clock,
            tokens: this.tokens,
            gate: this.gate,
            rebase: () => {
              if (live.restart()) beginConnection(context);
            },
          })
        : null;
  }

  /** Unix milliseconds by the simulator's clock. */
  now(): number {
    return this.clock.now();
  }

  /** The gateway's refusal of a body beyond the limit. */
  tooLarge(): HttpReply {
    return gatewayReply(413, 'Request size limit exceeded');
  }

  /** Takes in a request: counts and logs it, and decides what is to go wrong with it. */
  receive(call: HttpCall): Received {
    const mark = call.target.indexOf('?');
    const path = mark < 0 ? call.target : call.target.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? '' : call.target.slice(mark + 1));
    const isControl = this.controlPlane !== null && isControlPath(path);
    const match = isControl ? null : this.contract.operations.match(call.method, path, query.get('action'));
    const received = { call, path, query, match, verdict: UNTOUCHED, entry: null };
    if (match === null) return received;
    const { operationId } = match.operation;
    this.calls.set(operationId, (this.calls.get(operationId) ?? 0) + 1);
    if (this.controlPlane === null && this.rules.isEmpty()) return received;
    const isJson = call.body.length > 0 && !isMultipart(call.headers);
    const facts = factsOf(match.operation, query, isJson ? parseJson(call.body) : undefined);
    const verdict = this.rules.judge(facts);
    const entry = this.callLog.begin(facts, {
      time: new Date(this.clock.now()).toISOString(),
      method: call.method,
      delay: verdict.delay,
      fault: verdict.fault?.kind ?? null,
      rules: verdict.rules,
    });
    return { ...received, verdict, entry };
  }

  /** Answers a request that was received. What its fault does to the transport is left to whoever holds the socket. */
  async answer(received: Received): Promise<HttpReply> {
    const { call, path, query, match, verdict, entry } = received;
    if (match === null) {
      if (this.controlPlane !== null && isControlPath(path))
        return this.controlPlane.answer(call, path, query);
      return gatewayReply(404, 'no Route matched with those values');
    }
    const reply =
      (await replyOf(verdict.fault, match.operation, this.seed)) ??
      (await this.answerCall(match, query, call, verdict));
    if (entry !== null) describeReply(entry, reply, match.operation);
    return reply;
  }

  private async answerCall(
    match: OperationMatch,
    query: URLSearchParams,
    call: HttpCall,
    told: Verdict,
  ): Promise<HttpReply> {
    const { operation } = match;
    const refusedToken = told.fault?.kind === 'token' ? told.fault.state : null;
    if (isTokenOperation(operation)) return this.answerToken(operation, call.body, refusedToken);
    const verdict = this.judgeCredentials(operation, call, query, refusedToken);
    if (verdict === 'refused') return gatewayReply(401, 'Invalid authentication credentials');
    if (verdict === 'expired') {
      return this.services.refuse(operation, { code: 1203, msg: 'The access token has expired' }, 401);
    }
    return this.services.serve(match, query, call, isMultipart(call.headers) ? await readForm(call) : null);
  }

  /** A fault may let a token that is good look expired or unknown. */
  private judgeCredentials(
    { signed }: ContractOperation,
    { headers, body }: HttpCall,
    query: URLSearchParams,
    refusedToken: 'expired' | 'revoked' | null,
  ): GateVerdict {
    const verdict = checkCredentials({ headers, query, body }, this.gate, signed);
    if (verdict !== 'passed' || refusedToken === null) return verdict;
    return refusedToken === 'expired' ? 'expired' : 'refused';
  }

  private answerToken(
    operation: ContractOperation,
    body: Buffer,
    refusedToken: 'expired' | 'revoked' | null,
  ): HttpReply {
    const { status, msg, data } =
      refusedToken === null
        ? serveToken(operation.operationId, parseJson(body), this.options.credentials, this.tokens)
        : refuseToken(refusedToken === 'expired' ? 1203 : 1204);
    return { status: 200, body: toJson(this.services.wrap(operation, { code: status, msg, data })) };
  }
}

function toStandardError(line: string): void {
  process.stderr.write(`simulator: ${line}\n`);
}

function isTokenOperation({ file, operationId }: ContractOperation): boolean {
  return file === 'token.yaml' && TOKEN_OPERATIONS.includes(operationId);
}

/** Notes in the log what a call is answered. */
function describeReply(entry: LogEntry, { status, body }: HttpReply, { envelope }: ContractOperation): void {
  entry.status = status;
  if (typeof body !== 'string') return;
  // Read off the text's beginning: where envelopes have their code, and at no cost for a large reply.
  const head = body.slice(0, 1_000);
  const code = new RegExp(`"${envelope.codeKey}":(\\d+)`).exec(head)?.[1];
  entry.code = code === undefined ? null : Number(code);
  entry.requestId = /"requestId":"([^"]+)"/.exec(head)?.[1] ?? null;
}
