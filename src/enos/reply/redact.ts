/** Makes texts that EnOS sent fit to be shown: no secrets, no internal addresses, no stack traces, no length without end. */

/** Longest text that passes; EnOS's own messages are shorter. */
const MAX_LENGTH = 500;
const HIDDEN = '***';
/** From a stack frame of Java or JavaScript on, nothing is for callers. */
const STACK_FRAME = /\s(?:at\s+[\w$.<>]+\(|Caused by:)[\s\S]*/;
const ADDRESS = /\b(?:https?|jdbc:\w+|tcp|redis|mongodb|kafka):\/\/[^\s'"<>]+/g;
const IP_ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)(?::\d+)?/g;
/** Host names with a port, or under a domain that only an internal network has. */
const HOST =
  /\b(?:[\w-]+\.)+(?:[a-z][\w-]*:\d{2,5}|(?:internal|local|svc|lan|corp)(?!\.\w)(?::\d{2,5})?)\b/gi;

/**
 * A text of EnOS, fit for callers: `secrets` and addresses of hosts hidden, cut before a stack trace and at 500
 * characters, control characters replaced by blanks.
 */
export function redact(text: string, secrets: readonly string[]): string {
  // Secrets go first and from the whole text: a cut could leave half of one.
  let safe = text;
  for (const secret of secrets.filter(Boolean).sort((a, b) => b.length - a.length)) {
    safe = safe
      .replaceAll(secret, HIDDEN)
      .replaceAll(new URLSearchParams({ s: secret }).toString().slice(2), HIDDEN);
  }
  safe = safe
    .slice(0, 10 * MAX_LENGTH)
    .replace(STACK_FRAME, '')
    .replace(ADDRESS, HIDDEN)
    .replace(IP_ADDRESS, HIDDEN)
    .replace(HOST, HIDDEN)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
  return safe.length > MAX_LENGTH
    ? `${safe.slice(0, MAX_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : safe;
}

/** What an id may look like that holds no address, no stack trace and no control character. */
const PLAIN_ID = /^[\w-]{1,100}$/;

/** The same for the id of a request, which every reply holds and nearly always needs nothing done. */
export function redactId(id: string, secrets: readonly string[]): string {
  const isPlain = PLAIN_ID.test(id) && !secrets.some((secret) => secret !== '' && id.includes(secret));
  return isPlain ? id : redact(id, secrets);
}

/** Shorter ones would blot out ordinary words, and give nothing away that is worth the name. */
const MIN_SECRET = 4;
const SECRET_NAME = /token|password|secret|pwd|encryption/i;

/** The texts in query or body of a call that stand under a secret-sounding name, such as a password at log-in. */
export function secretsIn(...parts: unknown[]): string[] {
  const secrets: string[] = [];
  for (const part of parts) {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) continue;
    // Asked after each call: no list is made of what is nearly never there.
    for (const name in part) {
      const value: unknown = (part as Readonly<Record<string, unknown>>)[name];
      if (typeof value === 'string' && value.length >= MIN_SECRET && SECRET_NAME.test(name))
        secrets.push(value);
    }
  }
  return secrets;
}
