/**
 * The application's access token: taken when first needed, extended before it ends, renewed when it is refused, always by
 * one exchange however many calls wait. It lives in memory only.
 */
import type { CallScope } from '../attempts/call-scope.js';
import { EnosError } from '../errors.js';
import type { Arguments } from '../operation.js';
import type { EnosLogger } from '../client-options.js';
import { Refusals, RefusalsByName } from '../reply/refusals.js';
import { encryption } from './signature.js';

/** A token that EnOS issued. Compare by identity: EnOS may issue the same text again. */
export interface AccessToken {
  readonly value: string;
  /** Unix milliseconds from which it is to be extended. */
  readonly renewAt: number;
  /** Unix milliseconds from which it is worthless. */
  readonly endsAt: number;
}

/** Operations of the token service. */
export type TokenOperation = 'token.getAccessToken' | 'token.refreshAccessToken';

/** One exchange with the token service: resolves to the reply's `data`, rejects with `EnosError`. */
export type TokenExchange = <Id extends TokenOperation>(
  id: Id,
  body: Arguments<Id>['body'],
) => Promise<unknown>;

/** What a `TokenSource` needs. */
export interface TokenSourceOptions {
  accessKey: string;
  secretKey: string;
  exchange: TokenExchange;
  /** Unix milliseconds. */
  now: () => number;
  /** Seconds by which this machine's clock was ahead of EnOS's when EnOS last refused something; null if unknown. */
  clockAhead: () => number | null;
  logger?: EnosLogger;
}

/** Share of a token's remaining life after which it is extended; the rest is the time in which to succeed. */
const RENEW_AFTER = 0.9;
/** Exchanges that one renewal may take where EnOS asks for another timestamp. */
const MAX_TRIES = 3;
/**
 * Clocks that differ by so much may be why a timestamp is refused. The contract has no tolerance and no way to ask for the
 * time of EnOS, so that it is for the operator to set the clock.
 */
const SUSPICIOUS_SECONDS = 30;

/** Holds the token of one pair of keys. */
export class TokenSource {
  #held: AccessToken | null = null;
  #flight: Promise<AccessToken> | null = null;
  #retryAheadAt = 0;
  #lastTimestamp = 0;
  #exchangeSucceeded: boolean | null = null;
  #rejected = false;
  #lastRejected: AccessToken | null = null;
  /** Refusals of the credentials in a row: by the token service, or of calls also with a renewed token. */
  readonly #refusals = new Refusals();
  #refusal: EnosError | null = null;
  /** Renewals that were of no use to an operation: it was refused with the new token as well. */
  readonly #useless = new RefusalsByName();

  constructor(private readonly options: TokenSourceOptions) {}

  /** A token that has time left; null if there is none, which is to be waited for. */
  ready(): AccessToken | null {
    const held = this.#held;
    const now = this.options.now();
    if (held === null || now >= held.endsAt) return null;
    if (now >= held.renewAt && now >= this.#retryAheadAt) this.#renewAhead(held, now);
    return held;
  }

  /**
   * A token that has time left; waits for one, within the scope, only if there is none. Rejects with `EnosError`, at once
   * while EnOS is not to be asked again after it refused the credentials, or with `CallEnded` when the scope ends first.
   */
  async current(scope: CallScope): Promise<AccessToken> {
    const held = this.ready();
    if (held !== null) return held;
    if (this.#flight === null && this.#refusal !== null) {
      const pause = this.#pauseLeft();
      if (pause > 0) throw refusedBefore(this.#refusal, pause);
    }
    return scope.race(this.#renewOnce());
  }

  /** EnOS refused this token: it is not given out again. A token that has been replaced meanwhile stays replaced. */
  invalidate(token: AccessToken): void {
    if (this.#held === token) this.#held = null;
  }

  /**
   * Whether the call of an operation that was refused without EnOS naming the token as the reason may have another token:
   * there is one, or one may be taken. An application that lacks an API, or all of them, is refused with any token. To
   * renew it for each such call would cost two exchanges, and revoke the token that other replicas hold.
   */
  mayReplace(token: AccessToken, operation: string): boolean {
    if (this.#held !== token) return true;
    const now = this.options.now();
    return this.#useless.pauseLeft(operation, now) === 0 && (!this.#rejected || this.#pauseLeft() === 0);
  }

  /** Whether this is the token that is given out at present. */
  holds(token: AccessToken): boolean {
    return this.#held === token;
  }

  /**
   * EnOS refused a call of the operation even with this renewed token, with this error; counts once for all calls that had
   * the token. `forUser`: the call also carried a user's token, which may be the reason, and says nothing of ours.
   */
  reject(token: AccessToken, operation: string, error: EnosError, forUser: boolean): void {
    this.#useless.add(operation, token, this.options.now());
    if (forUser || this.#lastRejected === token) return;
    this.#lastRejected = token;
    this.#rejected = true;
    this.#countRefusal('EnOS refuses the access token of this application, also a new one', error);
  }

  /** EnOS took a call with its token; `renewed` names its operation where it had been refused with the token before. */
  accept(renewed?: string): void {
    if (renewed !== undefined) this.#useless.reset(renewed);
    if (!this.#rejected && this.#refusals.count === 0) return;
    this.#rejected = false;
    this.#refusals.reset();
    this.#refusal = null;
  }

  /** Whether the last exchange with the token service succeeded and its token was taken since; null before the first. */
  accepted(): boolean | null {
    return this.#exchangeSucceeded === null ? null : this.#exchangeSucceeded && !this.#rejected;
  }

  /** Every text in use that must never be shown. */
  secrets(): string[] {
    const { accessKey, secretKey } = this.options;
    return [secretKey, accessKey, ...(this.#held ? [this.#held.value] : [])];
  }

  #renewOnce(): Promise<AccessToken> {
    this.#flight ??= this.#renew().finally(() => (this.#flight = null));
    return this.#flight;
  }

  /** Extends the token behind the calls' backs; should that fail, it is tried again while the token lives. */
  #renewAhead(held: AccessToken, now: number): void {
    this.#retryAheadAt = now + (held.endsAt - held.renewAt) / 4;
    this.#renewOnce().catch((error: unknown) => {
      const { code = null, httpStatus = null, kind = null } = error instanceof EnosError ? error : {};
      this.options.logger?.('warn', 'The EnOS access token could not be extended', {
        kind,
        code,
        httpStatus,
      });
    });
  }

  async #renew(): Promise<AccessToken> {
    const held = this.#held;
    try {
      const token = await this.#extendOrTake(held);
      this.#held = token;
      this.#exchangeSucceeded = true;
      return token;
    } catch (error) {
      this.#exchangeSucceeded = false;
      if (error instanceof EnosError && error.kind === 'credentials') {
        this.#countRefusal('EnOS refuses the key pair of this application', error);
      }
      throw error;
    }
  }

  #countRefusal(message: string, error: EnosError): void {
    this.#refusals.add(this.options.now());
    this.#refusal = error;
    const { service, operation, code, httpStatus } = error;
    const clockAhead = this.options.clockAhead();
    const isOff = clockAhead !== null && Math.abs(clockAhead) >= SUSPICIOUS_SECONDS;
    const hint = isOff ? '; the clock of this machine differs from that of EnOS' : '';
    const details = { operation: `${service}.${operation}`, code, httpStatus, clockAheadSeconds: clockAhead };
    this.options.logger?.('warn', message + hint, details);
  }

  #pauseLeft(): number {
    return this.#refusals.pauseLeft(this.options.now());
  }

  async #extendOrTake(held: AccessToken | null): Promise<AccessToken> {
    if (held !== null && this.options.now() < held.endsAt) {
      try {
        return await this.#ask('token.refreshAccessToken', { accessToken: held.value });
      } catch (error) {
        const { code = null, httpStatus = null } = error instanceof EnosError ? error : {};
        this.options.logger?.('info', 'EnOS did not extend the access token; taking a new one', {
          code,
          httpStatus,
        });
      }
    }
    return this.#ask('token.getAccessToken', {});
  }

  async #ask(id: TokenOperation, extra: { accessToken?: string }): Promise<AccessToken> {
    for (let attempt = 1; ; attempt++) {
      const timestamp = this.#nextTimestamp();
      const { accessKey, secretKey } = this.options;
      const body = {
        appKey: accessKey,
        encryption: encryption(accessKey, timestamp, secretKey),
        timestamp,
        ...extra,
      };
      try {
        // The life of the token is counted from here: it began after this moment, so it ends no sooner than computed.
        const askedAt = this.options.now();
        const data = await this.options.exchange(id, body);
        return tokenOf(data, askedAt, id);
      } catch (error) {
        const used = error instanceof EnosError && error.meaning === 'timestamp-used';
        if (!used || attempt === MAX_TRIES) throw asCredentials(error);
      }
    }
  }

  /** EnOS takes a timestamp once: two renewals within a millisecond, or after the clock was set back, need different ones. */
  #nextTimestamp(): number {
    this.#lastTimestamp = Math.max(this.options.now(), this.#lastTimestamp + 1);
    return this.#lastTimestamp;
  }
}

function tokenOf(data: unknown, askedAt: number, id: TokenOperation): AccessToken {
  const { accessToken, expire } = (data ?? {}) as Readonly<Record<string, unknown>>;
  const seconds = typeof expire === 'string' && expire !== '' ? Number(expire) : expire;
  // The token becomes a header: nothing but visible ASCII.
  const usable = typeof accessToken === 'string' && /^[\x21-\x7e]+$/.test(accessToken);
  if (!usable || typeof seconds !== 'number' || !(seconds >= 0)) {
    throw new EnosError({
      kind: 'invalid-response',
      service: 'token',
      operation: id.slice('token.'.length),
      message: 'The reply of the EnOS token service holds no token',
    });
  }
  const life = seconds * 1000;
  return { value: accessToken, renewAt: askedAt + life * RENEW_AFTER, endsAt: askedAt + life };
}

/** A refusal by the token service concerns this application's own keys, which is another matter than a refused call. */
function asCredentials(error: unknown): unknown {
  if (!(error instanceof EnosError)) return error;
  const refusedKeys = error.meaning === 'keys-refused';
  const refusedByGateway = error.kind === 'http' && (error.httpStatus === 401 || error.httpStatus === 403);
  if (!refusedKeys && !refusedByGateway) return error;
  const { service, operation, code, message, requestId, httpStatus } = error;
  return new EnosError({ kind: 'credentials', service, operation, code, message, requestId, httpStatus });
}

/** The answer while EnOS is not to be asked: the refusal it gave, and when to come back. */
function refusedBefore(error: EnosError, pause: number): EnosError {
  const { kind, service, operation, code, message, requestId, httpStatus } = error;
  const retryAfter = Math.ceil(pause / 1_000);
  return new EnosError({ kind, service, operation, code, message, requestId, httpStatus, retryAfter });
}
