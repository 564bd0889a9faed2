/** Checks what the control plane is sent: an error names the field and what was expected. */
import { z } from 'zod';

/** What was sent cannot be used; the message is for the person who sent it. */
export class ControlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlError';
  }
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** A day, in milliseconds. */
const LONGEST_WAIT = 86_400_000;

/** The checked value. Throws `ControlError` with every field at fault; `within` says where the value stands. */
export function check<T>(schema: z.ZodType<T>, value: unknown, within: PropertyKey[] = []): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${pathText([...within, ...issue.path])}: ${issue.message}`,
  );
  throw new ControlError(problems.join('; '));
}

/** `match.operation`, `[2].fault.status`; the whole is called body. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '') || 'body';
}

/** A length of time in milliseconds: a number of them, or text such as `250ms`, `30s`, `-10m`, `2h`, `1d`. */
export function span({ negative = false, longest = Number.MAX_SAFE_INTEGER } = {}): z.ZodType<number> {
  const sign = negative ? '-?' : '';
  const bound = longest === LONGEST_WAIT ? ', a day at most' : '';
  const expected = `expected milliseconds or a length of time such as 250ms, 30s, 10m or 2h${bound}`;
  const format = new RegExp(`^(${sign}\\d+(?:\\.\\d+)?)(ms|s|m|h|d)$`);
  return z.unknown().transform((value, context) => {
    const match = typeof value === 'string' ? format.exec(value) : null;
    const number = match ? Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0)) : value;
    const fits = typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= longest;
    if (fits && (negative || number >= 0)) return number;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** As `span`, for what a call may be made to wait: a day at most, which timers can hold. */
export const wait = (): z.ZodType<number> => span({ longest: LONGEST_WAIT });

/** An instant: Unix milliseconds, or ISO 8601 with its offset. */
export const instant: z.ZodType<number> = z.unknown().transform((value, context) => {
  const time =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value)
      ? Date.parse(value)
      : value;
  if (typeof time === 'number' && Number.isInteger(time) && !Number.isNaN(new Date(time).getTime()))
    return time;
  context.addIssue({
    code: 'custom',
    message: 'expected Unix milliseconds or an instant such as 2026-01-15T12:00:00Z',
  });
  return z.NEVER;
});

/** A whole number within bounds. */
export function whole(low: number, high: number): z.ZodType<number> {
  const message = `expected a whole number from ${low} to ${high}`;
  return z.number({ error: message }).refine((n) => Number.isInteger(n) && n >= low && n <= high, message);
}
