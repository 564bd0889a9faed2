/**
 * The control plane as HTTP sees it: the paths under /__, their methods, and what they answer (docs/faults.md). It exists
 * only where it was asked for.
 */
import { z } from 'zod';
import type { TokenStore } from '../gateway/tokens.js';
import { gatewayReply, parseJson } from '../http-reply.js';
import type { HttpCall, HttpReply } from '../http-reply.js';
import { toJson } from '../json.js';
import type { CallLog, LogFilter } from './call-log.js';
import type { SimulatorClock } from './clock.js';
import { check, ControlError, instant, span, whole } from './parse.js';
import type { RuleBook } from './rule-book.js';
import type { Seed } from './seed.js';

/** What the control plane controls. */
export interface Controlled {
  rules: RuleBook;
  log: CallLog;
  /** Calls per operation. */
  calls: Map<string, number>;
  seed: Seed;
  clock: SimulatorClock;
  tokens: TokenStore;
  /** Settings of the gateway's checks, which the control plane changes in place. */
  gate: { timestampSkew: number | null };
  /** Lets the world count back from now again. */
  rebase(): void;
}

type Handler = (call: { query: URLSearchParams; body: unknown; rest: string }) => HttpReply;

const clockSchema = z
  .strictObject({
    fix: instant.optional(),
    set: instant.optional(),
    advance: span({ negative: true }).optional(),
  })
  .refine((body) => Object.keys(body).length === 1, 'expected one of fix, set, advance');

const seedSchema = z.strictObject({ seed: whole(0, Number.MAX_SAFE_INTEGER) });

const tokenSchema = z
  .strictObject({
    state: z.enum(['expired', 'revoked'], { error: 'expected one of expired, revoked' }).optional(),
    /** Seconds. */
    lifetime: whole(1, 31_536_000).optional(),
    timestampTolerance: z
      .union([z.null(), span()], { error: 'expected a length of time or null' })
      .optional(),
  })
  .refine(
    (body) => Object.keys(body).length > 0,
    'expected at least one of state, lifetime, timestampTolerance',
  );

const number = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a whole number')
  .transform(Number);
const logSchema = z.strictObject({
  operation: z.string().optional(),
  service: z.string().optional(),
  org: z.string().optional(),
  asset: z.string().optional(),
  fault: z.string().optional(),
  status: number.optional(),
  ending: z
    .enum(['open', 'answered', 'broken', 'left'], { error: 'expected one of open, answered, broken, left' })
    .optional(),
  after: number.optional(),
  limit: number.optional(),
});

/** Whether a path belongs to the control plane. */
export function isControlPath(path: string): boolean {
  return path.startsWith('/__');
}

/** Answers the paths under /__. */
export class ControlPlane {
  private readonly routes: Readonly<Record<string, Readonly<Record<string, Handler>>>>;

  constructor(private readonly parts: Controlled) {
    const { rules, log, calls, seed, clock, tokens } = parts;
    this.routes = {
      '/__faults': {
        GET: ({ rest }) => (rest === '' ? ok({ rules: rules.list() }) : found(rules.find(rest))),
        POST: ({ body }) => ({ status: 201, body: toJson({ rules: rules.add(body) }) }),
        PUT: ({ body }) => ok({ rules: rules.replace(body) }),
        DELETE: ({ rest }) => {
          if (rest !== '' && !rules.remove(rest)) return found(null);
          if (rest === '') rules.clear();
          return NOTHING;
        },
      },
      '/__log': {
        GET: ({ query }) => ok({ calls: log.list(check<LogFilter>(logSchema, Object.fromEntries(query))) }),
        DELETE: done(() => log.clear()),
      },
      '/__calls': {
        GET: () => ok(Object.fromEntries(calls)),
        DELETE: done(() => calls.clear()),
      },
      '/__clock': {
        GET: () => this.clock(),
        PUT: ({ body }) => this.setClock(check(clockSchema, body)),
        DELETE: done(() => {
          clock.follow();
          parts.rebase();
        }),
      },
      '/__seed': {
        GET: () => ok({ seed: seed.value }),
        PUT: ({ body }) => {
          seed.restart(check(seedSchema, body).seed);
          return ok({ seed: seed.value });
        },
      },
      '/__tokens': {
        GET: () => this.tokens(),
        PUT: ({ body }) => this.setTokens(check(tokenSchema, body)),
        DELETE: done(() => tokens.revokeAll()),
      },
      '/__reset': {
        POST: done(() => {
          rules.clear();
          log.clear();
          calls.clear();
          tokens.reset();
          parts.gate.timestampSkew = this.firstTolerance;
          clock.follow();
          parts.rebase();
          seed.restart();
        }),
      },
    };
    this.firstTolerance = parts.gate.timestampSkew;
  }

  private readonly firstTolerance: number | null;

  /** Answers one request; `path` is without the query. */
  answer(call: HttpCall, path: string, query: URLSearchParams): HttpReply {
    const [, head = '', rest = ''] = /^(\/[^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
    const route = this.routes[head];
    if (route === undefined || (rest !== '' && head !== '/__faults')) {
      return gatewayReply(404, `There is nothing here; there are ${Object.keys(this.routes).join(', ')}`);
    }
    const handler = route[call.method];
    if (handler === undefined) {
      const allow = Object.keys(route).join(', ');
      return {
        ...gatewayReply(405, `Method not allowed; ${head} takes ${allow}`),
        headers: { allow },
      };
    }
    try {
      const hasBody = call.method === 'POST' || call.method === 'PUT';
      const body = hasBody && head !== '/__reset' ? parseJson(call.body) : undefined;
      if (hasBody && head !== '/__reset' && body === undefined) throw new ControlError('body: expected JSON');
      return handler({ query, body, rest: decodeURIComponent(rest) });
    } catch (error) {
      if (error instanceof ControlError) return gatewayReply(400, error.message);
      if (error instanceof URIError) return gatewayReply(400, 'path: expected the id of a rule');
      throw error;
    }
  }

  private clock(): HttpReply {
    const { clock } = this.parts;
    const timestamp = clock.now();
    return ok({ time: new Date(timestamp).toISOString(), timestamp, mode: clock.mode });
  }

  private setClock({ fix, set, advance }: z.infer<typeof clockSchema>): HttpReply {
    const { clock } = this.parts;
    if (advance !== undefined) clock.advance(advance);
    else {
      if (fix !== undefined) clock.fix(fix);
      if (set !== undefined) clock.set(set);
      // The world begins again at a time that is told; time that passes makes it older.
      this.parts.rebase();
    }
    return this.clock();
  }

  private tokens(): HttpReply {
    const { tokens, gate } = this.parts;
    return ok({
      live: tokens.live(),
      lifetime: tokens.lifetimeSeconds,
      timestampTolerance: gate.timestampSkew,
    });
  }

  private setTokens({ state, lifetime, timestampTolerance }: z.infer<typeof tokenSchema>): HttpReply {
    const { tokens, gate } = this.parts;
    if (lifetime !== undefined) tokens.lifetimeSeconds = lifetime;
    if (timestampTolerance !== undefined) gate.timestampSkew = timestampTolerance;
    if (state === 'expired') tokens.expireAll();
    if (state === 'revoked') tokens.revokeAll();
    return this.tokens();
  }
}

const NOTHING: HttpReply = { status: 204, body: null };

function ok(body: unknown): HttpReply {
  return { status: 200, body: toJson(body) };
}

function found(rule: unknown): HttpReply {
  return rule === null ? gatewayReply(404, 'There is no rule of this id') : ok(rule);
}

function done(act: () => void): Handler {
  return () => {
    act();
    return NOTHING;
  };
}
