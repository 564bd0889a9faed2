/**
 * What a rule may say (docs/faults.md): which calls it means, how long they wait, what goes wrong with them, and how
 * often.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { span, wait, whole } from './parse.js';

const TEXT = z.string({ error: 'expected a text' }).min(1, 'expected a text that is not empty');
const TEXTS = z
  .union([TEXT, z.array(TEXT).min(1)], { error: 'expected a text or a list of texts' })
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** Which calls a rule means; every condition that is given must hold. */
const matchSchema = z.strictObject({
  /** Operation ids; `*` stands for any characters. */
  operation: TEXTS.optional(),
  /** Services: the contract's files without their ending. */
  service: TEXTS.optional(),
  org: TEXTS.optional(),
  /** One of these assets is named in the call. */
  asset: TEXTS.optional(),
  model: TEXTS.optional(),
  page: whole(0, Number.MAX_SAFE_INTEGER).optional(),
});

const delaySchema = z.union(
  [
    wait(),
    z.strictObject({ distribution: z.literal('uniform'), min: wait(), max: wait() }),
    z.strictObject({ distribution: z.literal('normal'), mean: wait(), deviation: wait() }),
    z.strictObject({ distribution: z.literal('exponential'), mean: wait() }),
  ],
  {
    error:
      'expected milliseconds or a length of time (a day at most), or one of ' +
      '{"distribution":"uniform","min","max"}, {"distribution":"normal","mean","deviation"}, ' +
      '{"distribution":"exponential","mean"}',
  },
);

/** When during a reply something happens. */
const POINTS = ['start', 'headers', 'body'] as const;
const at = z.enum(POINTS, { error: `expected one of ${POINTS.join(', ')}` }).default('start');

const header = z.union([z.string(), z.array(z.string())], { error: 'expected a text or a list of texts' });

const statusFault = z.strictObject({
  kind: z.literal('status'),
  status: whole(200, 599),
  /** `message` in the gateway's own body. */
  message: TEXT.optional(),
  /** A body in place of the gateway's: text as it is, anything else as JSON. */
  body: z.unknown().optional(),
  headers: z
    .record(z.string(), header)
    .default({})
    .superRefine((headers, context) => {
      for (const [name, value] of Object.entries(headers)) {
        if (!isSendable(name, value)) {
          context.addIssue({ code: 'custom', path: [name], message: 'expected what HTTP takes as a header' });
        }
      }
    }),
  /** Text of Retry-After as it is, several for several headers. */
  retryAfter: header
    .optional()
    .refine((value) => value === undefined || isSendable('retry-after', value), 'expected a header value'),
});

const KINDS = [
  statusFault,
  /** A refusal in the operation's own envelope. */
  z.strictObject({
    kind: z.literal('code'),
    code: whole(1, 999_999),
    message: TEXT.optional(),
    status: whole(200, 599).default(200),
  }),
  /** This call's token is treated as expired, or as one that was never issued. */
  z.strictObject({
    kind: z.literal('token'),
    state: z.enum(['expired', 'revoked'], { error: 'expected one of expired, revoked' }),
  }),
  z.strictObject({ kind: z.literal('hang'), at }),
  z.strictObject({ kind: z.literal('reset'), at }),
  /** The connection ends after so many bytes of the body; never with the whole body. */
  z.strictObject({ kind: z.literal('cut'), bytes: whole(0, 1e9).default(0) }),
  z.strictObject({ kind: z.literal('drip'), bytes: whole(1, 1e9).default(1), every: wait().default(100) }),
  z.strictObject({
    kind: z.literal('garbage'),
    form: z
      .enum(['json', 'html', 'binary', 'http', 'empty'], {
        error: 'expected one of json, html, binary, http, empty',
      })
      .default('json'),
  }),
  /** A content-length that is wrong by so many bytes: too long keeps the caller waiting, too short cuts its reading. */
  z.strictObject({
    kind: z.literal('length'),
    difference: whole(-1e9, 1e9).refine((value) => value !== 0, 'expected another number than 0'),
  }),
  /** A small compressed reply that grows to so many bytes. */
  z.strictObject({
    kind: z.literal('bomb'),
    bytes: whole(1, 1024 ** 3).default(100 * 1024 ** 2),
  }),
  /** The reply is right, behind headers of so many bytes. */
  z.strictObject({ kind: z.literal('headers'), bytes: whole(1, 16 * 1024 ** 2).default(1024 ** 2) }),
] as const;

const faultSchema = z.discriminatedUnion('kind', KINDS, {
  error: `expected an object whose kind is one of ${KINDS.map((kind) => kind.shape.kind.value).join(', ')}`,
});

/** A rule as it is sent. */
export const ruleSchema = z
  .strictObject(
    {
      /** Name to find the rule again; chosen by the simulator where it is not given. */
      id: z
        .string({ error: 'expected a text' })
        .regex(/^[\w.-]{1,64}$/, 'expected up to 64 letters, digits, dots, hyphens and underscores')
        .optional(),
      match: matchSchema.default({}),
      delay: delaySchema.optional(),
      fault: faultSchema.optional(),
      /** Share of the matching calls, 0 to 1. */
      rate: z.number({ error: 'expected a number from 0 to 1' }).min(0).max(1).default(1),
      /** Lets so many matching calls pass first. */
      skip: whole(0, Number.MAX_SAFE_INTEGER).default(0),
      /** Acts so many times, then no more. */
      times: whole(1, Number.MAX_SAFE_INTEGER).optional(),
      /** Acts for so long by the simulator's clock, then no more. */
      for: span().optional(),
    },
    { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : 'expected a rule: an object') },
  )
  .refine((rule) => rule.delay !== undefined || rule.fault !== undefined, {
    message: 'expected a delay, a fault, or both',
  });

/** A rule, checked, with its defaults. */
export type Rule = z.infer<typeof ruleSchema>;
/** What goes wrong. */
export type Fault = z.infer<typeof faultSchema>;
/** How long a call waits. */
export type Delay = z.infer<typeof delaySchema>;

/** Kinds that end in a reply of the simulator's own in place of the service's. */
export type ReplyFault = Extract<Fault, { kind: 'status' | 'code' | 'token' | 'garbage' | 'bomb' }>;

function isSendable(name: string, value: string | readonly string[]): boolean {
  try {
    validateHeaderName(name);
    for (const text of typeof value === 'string' ? [value] : value) validateHeaderValue(name, text);
    return true;
  } catch {
    return false;
  }
}
