/** Address of one Redis or Sentinel process. */
export interface RedisNode {
  host: string;
  port: number;
}

interface RedisTargetBase {
  tls: boolean;
  nodes: RedisNode[];
  username?: string;
  password?: string;
}

/** What REDIS_URL points at. */
export type RedisTarget =
  | (RedisTargetBase & { kind: 'single'; db: number })
  | (RedisTargetBase & {
      kind: 'sentinel';
      db: number;
      masterName: string;
      sentinelUsername?: string;
      sentinelPassword?: string;
    })
  | (RedisTargetBase & { kind: 'cluster' });

/**
 * REDIS_URL cannot be understood. The message says what is wrong and where, and never repeats a part of the URL: with
 * a character left unescaped, any part of it may be a piece of the password.
 */
export class RedisUrlError extends Error {
  constructor(problem: string) {
    super(`REDIS_URL: ${problem}`);
    this.name = 'RedisUrlError';
  }
}

const SCHEMES = new Map<string, { kind: RedisTarget['kind']; tls: boolean }>([
  ['redis', { kind: 'single', tls: false }],
  ['rediss', { kind: 'single', tls: true }],
  ['redis+sentinel', { kind: 'sentinel', tls: false }],
  ['rediss+sentinel', { kind: 'sentinel', tls: true }],
  ['redis+cluster', { kind: 'cluster', tls: false }],
  ['rediss+cluster', { kind: 'cluster', tls: true }],
]);
const SCHEME_LIST = [...SCHEMES.keys()].map((scheme) => `${scheme}://`).join(', ');
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const ESCAPE_HINT = 'special characters in user or password must be percent-encoded';

/**
 * Reads REDIS_URL: `redis[s]://[user:pass@]host[:port][/db]`,
 * `redis[s]+sentinel://[user:pass@]host[:port],.../masterName[/db][?sentinelUsername=&sentinelPassword=]` or
 * `redis[s]+cluster://[user:pass@]host[:port],...`. WHATWG URL knows no lists of hosts, hence the own parser.
 * Throws RedisUrlError.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = /^([^:/?#]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url.trim());
  const scheme = SCHEMES.get(match?.[1]?.toLowerCase() ?? '');
  if (!match || !scheme) throw new RedisUrlError(`must start with one of ${SCHEME_LIST}`);
  if (match[5] !== undefined) throw new RedisUrlError(`"#" has no meaning here; ${ESCAPE_HINT}`);
  const authority = match[2] ?? '';
  const path = (match[3] ?? '')
    .split('/')
    .slice(1)
    .filter((part, i, all) => part !== '' || i < all.length - 1);
  const options = parseOptions(match[4], scheme.kind);
  const at = authority.lastIndexOf('@');
  const base = {
    tls: scheme.tls,
    nodes: parseNodes(authority.slice(at + 1), scheme.kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT),
    ...(at < 0 ? {} : parseCredentials(authority.slice(0, at))),
  };
  switch (scheme.kind) {
    case 'single':
      if (base.nodes.length > 1) {
        throw new RedisUrlError(
          'several hosts need redis+sentinel:// or redis+cluster:// (rediss+... for TLS)',
        );
      }
      return { kind: 'single', ...base, db: parseDb(path, 0) };
    case 'sentinel': {
      const masterName = decode(path[0] ?? '', 'the name of the master');
      if (masterName === '')
        throw new RedisUrlError('the Sentinel form needs the name of the master: .../masterName');
      return { kind: 'sentinel', ...base, masterName, db: parseDb(path, 1), ...options };
    }
    case 'cluster':
      if (path.length > 0) throw new RedisUrlError('a cluster has no databases: leave the path away');
      return { kind: 'cluster', ...base };
  }
}

/** The target in words for logs: kind and addresses, no credentials. */
export function describeRedisTarget(target: RedisTarget): string {
  const nodes = target.nodes
    .map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
    .join(',');
  const name = target.kind === 'sentinel' ? ` ${target.masterName}` : '';
  return `${target.kind}${name} ${nodes}${target.tls ? ' (TLS)' : ''}`;
}

/** Every secret of the target, to be struck out of foreign messages. */
export function redisSecrets(target: RedisTarget): string[] {
  const secrets = [target.password, target.kind === 'sentinel' ? target.sentinelPassword : undefined];
  return secrets.filter((secret): secret is string => secret !== undefined && secret !== '');
}

function parseCredentials(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':');
  if (colon < 0)
    throw new RedisUrlError('a user without a password; a password alone is written ":password@"');
  const username = decode(text.slice(0, colon), 'the user');
  const password = decode(text.slice(colon + 1), 'the password');
  if (password === '') throw new RedisUrlError('the password is empty; leave "user:@" away for none');
  return { ...(username === '' ? {} : { username }), password };
}

function parseNodes(text: string, defaultPort: number): RedisNode[] {
  return text.split(',').map((part, index) => {
    const where = `address ${index + 1}`;
    const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d+))?$/i.exec(part);
    const host = match?.[1] ?? match?.[2];
    if (!match || host === undefined) {
      throw new RedisUrlError(`${where} is not host, host:port or [IPv6]:port; ${ESCAPE_HINT}`);
    }
    const port = match[3] === undefined ? defaultPort : Number(match[3]);
    if (port < 1 || port > 65_535) throw new RedisUrlError(`${where} has a port outside 1 to 65535`);
    return { host, port };
  });
}

function parseDb(path: string[], index: number): number {
  if (path.length > index + 1) throw new RedisUrlError(`too many parts in the path; ${ESCAPE_HINT}`);
  const text = path[index];
  if (text === undefined) return 0;
  if (!/^\d{1,5}$/.test(text)) throw new RedisUrlError(`the database must be a number; ${ESCAPE_HINT}`);
  return Number(text);
}

function parseOptions(
  query: string | undefined,
  kind: RedisTarget['kind'],
): { sentinelUsername?: string; sentinelPassword?: string } {
  const options: { sentinelUsername?: string; sentinelPassword?: string } = {};
  for (const part of (query ?? '').split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : part.slice(equals + 1);
    if (kind !== 'sentinel') throw new RedisUrlError(`this form takes no options after "?"; ${ESCAPE_HINT}`);
    if (name === 'sentinelUsername') options.sentinelUsername = decode(value, name);
    else if (name === 'sentinelPassword') options.sentinelPassword = decode(value, name);
    else throw new RedisUrlError('the options after "?" are sentinelUsername and sentinelPassword');
  }
  return options;
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError(`${what} is not validly percent-encoded`);
  }
}
