/**
 * How single settings are written in the environment: durations, sizes, switches, lists, addresses. Each kind is a zod
 * schema from text to value; its message says what was expected. Whether the value may be shown is known to definition.ts.
 */
import proxyAddress from 'proxy-addr';
import { z } from 'zod';

const DURATION_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;
/** setTimeout takes no more than 2^31 - 1 ms. */
const LONGEST_DURATION = 2_147_483_647;
const SWITCH = new Map([
  ...['on', 'true', 'yes', '1'].map((word) => [word, true] as const),
  ...['off', 'false', 'no', '0'].map((word) => [word, false] as const),
]);

/** A schema from text: `read` returns undefined for text that cannot be right. */
function text<T>(expected: string, read: (value: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((value, context) => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `expected ${expected}` });
    return z.NEVER;
  });
}

/** The parts of a text between commas, without blanks around them and without empty ones. */
function listed(value: string): string[] {
  return value.split(',').flatMap((part) => part.trim() || []);
}

/** `500ms`, `60s`, `10m`, `1h`, `1d` as milliseconds, at least `min`. */
export function duration(min: number): z.ZodType<number, string> {
  const least = min > 0 ? `, at least ${durationText(min)}` : '';
  return text(`a duration such as 500ms, 60s, 10m, 1h or 1d${least}`, (value) => {
    const match = /^(\d{1,12})(ms|s|m|h|d)$/.exec(value);
    if (!match) return undefined;
    const result = Number(match[1]) * DURATION_UNITS[match[2] as keyof typeof DURATION_UNITS];
    return result >= min && result <= LONGEST_DURATION ? result : undefined;
  });
}

/** `1048576`, `512KiB`, `64MiB`, `1GiB` as bytes, at least `min`, which is 0 or 1. */
export function size(min: 0 | 1 = 1): z.ZodType<number, string> {
  const orNone = min === 0 ? ', or 0' : '';
  return text(`a size such as 1048576 (bytes), 512KiB, 64MiB or 1GiB${orNone}`, (value) => {
    const match = /^(\d{1,15})(B|KiB|MiB|GiB)?$/.exec(value);
    if (!match) return undefined;
    const result = Number(match[1]) * SIZE_UNITS[(match[2] ?? 'B') as keyof typeof SIZE_UNITS];
    return result >= min && Number.isSafeInteger(result) ? result : undefined;
  });
}

/** A whole number within bounds. */
export function integer(min: number, max: number): z.ZodType<number, string> {
  return text(`a whole number from ${min} to ${max}`, (value) => {
    const result = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return result >= min && result <= max ? result : undefined;
  });
}

/** `on`, `true`, `yes`, `1` or `off`, `false`, `no`, `0`. */
export function onOff(): z.ZodType<boolean, string> {
  return text('on or off (also true, yes, 1 and false, no, 0)', (value) => SWITCH.get(value.toLowerCase()));
}

/** One of several words. */
export function oneOfWords<const T extends string>(...words: T[]): z.ZodType<T, string> {
  return text(`one of ${words.join(', ')}`, (value) => words.find((word) => word === value));
}

/** Any text without line breaks or other control characters. */
export function plain(expected = 'text without control characters'): z.ZodType<string, string> {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return text(expected, (value) => (/[\u0000-\u001f\u007f]/.test(value) ? undefined : value));
}

/** An http or https address that may have a path, but no credentials, query or fragment. Kept without a final slash. */
export function httpUrl(): z.ZodType<string, string> {
  return text('an http:// or https:// address without user, password, query and fragment', (value) => {
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    if (!/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
    return url.href.replace(/(?<!\/)\/+$/, '');
  });
}

/** An address of Redis; which parts it may have is for src/cache to say. */
export function redisUrl(): z.ZodType<string, string> {
  return text(
    'an address that starts with redis://, rediss://, redis[s]+sentinel:// or redis[s]+cluster://',
    (value) => (/^rediss?(\+sentinel|\+cluster)?:\/\/[^\s]+$/i.test(value) ? value : undefined),
  );
}

/** What keys begin with: nothing that Redis or a cluster reads as a pattern or a hash tag, and nothing that splits a line. */
export function keyPrefix(): z.ZodType<string, string> {
  return text('1 to 64 letters, digits and . _ : - /, such as enos-graphql:', (value) =>
    /^[A-Za-z0-9._:/-]{1,64}$/.test(value) ? value : undefined,
  );
}

/**
 * Web origins separated by commas: scheme, host and port, nothing else. `*.` before the host stands for every name below
 * it. `*` alone is refused: it would let any page read what its visitor may see.
 */
export function origins(): z.ZodType<string[], string> {
  return text(
    'origins separated by commas, such as https://dashboard.example.com or https://*.example.com',
    (value) => {
      const list = listed(value.toLowerCase());
      return list.every(isOrigin) ? list : undefined;
    },
  );
}

function isOrigin(text: string): boolean {
  const plainText = text.replace(/^(https?:\/\/)\*\.(?=[^.]+\.)/, '$1');
  if (!/^https?:\/\/[^*]+$/.test(plainText) || !URL.canParse(plainText)) return false;
  return new URL(plainText).origin === plainText;
}

/** Names as GraphQL has them, separated by commas. */
export function names(): z.ZodType<string[], string> {
  return text('names separated by commas, such as SiteScreen,AlertList', (value) => {
    const list = listed(value);
    return list.every((name) => /^[_A-Za-z][_0-9A-Za-z]*$/.test(name)) ? list : undefined;
  });
}

/**
 * Host names or addresses separated by commas, without ports. `*.` before a name stands for every name below it, `*` alone
 * for all.
 */
export function hostNames(): z.ZodType<string[], string> {
  return text(
    'host names separated by commas, without ports, such as graph.example.com or *.example.com',
    (value) => {
      const list = listed(value.toLowerCase());
      return list.every(isHostName) ? list.map((host) => host.replace(/^\[|\]$/g, '')) : undefined;
    },
  );
}

function isHostName(host: string): boolean {
  if (host === '*') return true;
  if (host.length > 253) return false;
  return /^(?:\[[0-9a-f:.]+\]|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/.test(host);
}

/** Names of HTTP headers separated by commas. */
export function headerNames(): z.ZodType<string[], string> {
  return text('names of headers separated by commas, such as x-tenant,sentry-trace', (value) => {
    const list = listed(value);
    return list.every((name) => /^[!#$%&'+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) ? list : undefined;
  });
}

/** Names of environment variables separated by commas. */
export function variableNames(): z.ZodType<string[], string> {
  return text('names of variables separated by commas, such as ENOS_REGION,CACHE_DIR', (value) => {
    const list = listed(value);
    return list.every((name) => /^[A-Za-z_]\w{0,199}$/.test(name)) ? list : undefined;
  });
}

/** Addresses and ranges of proxies separated by commas, as proxy-addr takes them. */
export function proxies(): z.ZodType<string[], string> {
  return text('addresses or ranges separated by commas, such as 10.0.0.0/8,loopback', (value) => {
    const list = listed(value);
    try {
      proxyAddress.compile(list);
      return list;
    } catch {
      return undefined;
    }
  });
}

/** A number from 0 to 1. */
export function share(): z.ZodType<number, string> {
  return text('a number from 0 to 1, such as 0.1', (value) => {
    const result = /^\d(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
    return result >= 0 && result <= 1 ? result : undefined;
  });
}

/** HTTP headers as OpenTelemetry writes them: `name=value` separated by commas, values percent-encoded. */
export function headerList(): z.ZodType<Record<string, string>, string> {
  return text('headers such as api-key=secret, separated by commas, values percent-encoded', (value) => {
    const headers: Record<string, string> = {};
    for (const part of value.split(',')) {
      const match = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=([^=;\s][^;]*)$/.exec(part);
      if (!match?.[1] || match[2] === undefined) return undefined;
      try {
        headers[match[1].toLowerCase()] = decodeURIComponent(match[2].trim());
      } catch {
        return undefined;
      }
    }
    return headers;
  });
}

/** Milliseconds in the largest unit that takes them whole, as `duration` reads it. */
export function durationText(milliseconds: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find(
    (name) => milliseconds > 0 && milliseconds % DURATION_UNITS[name] === 0,
  );
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / DURATION_UNITS[unit]}${unit}`;
}

/** Bytes in the largest unit that takes them whole, as `size` reads it. */
export function sizeText(bytes: number): string {
  const unit = (['GiB', 'MiB', 'KiB'] as const).find((name) => bytes > 0 && bytes % SIZE_UNITS[name] === 0);
  return unit === undefined ? `${bytes}` : `${bytes / SIZE_UNITS[unit]}${unit}`;
}

/** Whether a host (a name, or an address with or without brackets) is this machine's own. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
