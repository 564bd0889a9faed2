import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCache } from '../../src/cache/create-cache.js';
import { parseRedisUrl } from '../../src/cache/redis/url.js';
import { TieredCache } from '../../src/cache/tiered-cache.js';
import type { TieredCacheOptions } from '../../src/cache/tiered-cache.js';
import { RedisServer, describeWithRedis, freePort, waitFor } from '../support/redis.js';
import { describeCache } from './conformance.js';

const SOON = Date.now() + 3_600_000;
const TIMES = `${SOON - 7_200_000}:${SOON}:${SOON}`;
/** Times that no entry of ours has: over, the end of use before that of freshness, no numbers. */
const FOREIGN_TIMES = ['1:2:3', `1:${SOON}:${SOON - 1}`, `1:${SOON}:x`];

/** The digest of a key in the header of its value. */
const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 16);

/** Generous for a busy machine; the time limit itself is tested with the faults. */
const PATIENT = 5_000;

function open(url: string, options: Partial<TieredCacheOptions> = {}): TieredCache {
  return new TieredCache({ target: parseRedisUrl(url), commandTimeoutMs: PATIENT, ...options });
}

async function ready(cache: TieredCache): Promise<TieredCache> {
  await waitFor(() => cache.healthy() && cache.stats().syncAgeMs !== undefined, 'the cache to connect');
  return cache;
}

describeWithRedis('Redis as the only tier', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  describeCache('Redis as the only tier', {
    holdsValues: false,
    create: () => ready(open(server.url, { keyPrefix: `${randomUUID()}:` })),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  describe('in the store', () => {
    let cache: TieredCache;
    beforeEach(async () => {
      await server.command('FLUSHALL');
      cache = await ready(open(server.url, { keyPrefix: 'p:', maxValueBytes: 1_000 }));
    });
    afterEach(() => cache.close());

    const set = (key: string, value: string) => cache.setMany([{ key, value, ttl: 60_000 }]);

    it('writes under the prefix, with a header and an expiry', async () => {
      await set('a', '{"x":1}');
      expect(await server.command('GET', 'p:a')).toMatch(
        /^\$\d+\r\nv3:[\w-]{16}:7:0:\d{13}:\d{13}:\d{13}:[\d-]*:{"x":1}\r\n$/,
      );
      const expiry = Number((await server.command('PTTL', 'p:a')).slice(1));
      expect(expiry).toBeGreaterThan(30_000);
      expect(expiry).toBeLessThanOrEqual(60_000);
    });

    it('is shared by replicas with the same prefix, and by no others', async () => {
      await set('a', '1');
      const same = await ready(open(server.url, { keyPrefix: 'p:' }));
      const other = await ready(open(server.url, { keyPrefix: 'q:' }));
      expect(await same.getMany(['a'])).toEqual(['1']);
      expect(await other.getMany(['a'])).toEqual([undefined]);
      await Promise.all([same.close(), other.close()]);
    });

    it('does not store what turns out to have no text, and forgets what was there', async () => {
      await set('a', '"old"');
      const encode = (): string => {
        throw new SyntaxError('no JSON after all');
      };
      await cache.setMany([{ key: 'a', value: {}, ttl: 60_000, codec: { encode, decode: JSON.parse } }]);
      expect(await cache.getMany(['a'])).toEqual([undefined]);
      expect(cache.healthy()).toBe(true);
    });

    it('reads as absent what is not ours: other forms, cut values, other types', async () => {
      await set('good', '"ok"');
      const foreign = [
        'garbage',
        '',
        '{"a":1}',
        'v1:',
        'v1:3:"a"',
        ...FOREIGN_TIMES.map((times) => `v3:DIGEST:3:0:${times}::"a"`),
        `v3:DIGEST:4:0:${TIMES}::"a"`,
        `v3:DIGEST:3:0:${TIMES}::"a"x`,
        `v3:DIGEST:-1:0:${TIMES}::`,
        `v3:DIGEST:3:5:${TIMES}::[1,2]"a"`,
        `v3:DIGEST:3:4:${TIMES}::["a""a"`,
        `v3:DIGEST:3:0:${TIMES}:12-3:"a"`,
        `v2:3:0:${TIMES}::"a"`,
        `v3:3:0:${TIMES}::"a"`,
        `v3:${digestOf('p:good')}:3:0:${TIMES}::"a"`,
        '\u0000',
      ];
      for (const [i, text] of foreign.entries()) {
        const key = `p:foreign-${i}`;
        await server.command('SET', key, text.replace('DIGEST', digestOf(key)));
      }
      // Of the right form, so that it is not the digest for which the others are absent.
      await server.command('SET', 'p:ours', `v3:${digestOf('p:ours')}:3:0:${TIMES}::"a"`);
      expect(await cache.getMany(['ours'])).toEqual(['"a"']);
      await server.command('LPUSH', 'p:list', 'x');
      const keys = ['list', 'good', ...foreign.map((_, i) => `foreign-${i}`)];
      const values = await cache.getMany(keys);
      expect(values).toEqual(keys.map((key) => (key === 'good' ? '"ok"' : undefined)));
      expect(cache.healthy()).toBe(true);
      await set('list', '1');
      expect(await cache.getMany(['list'])).toEqual(['1']);
    });

    it('stores no value above the limit, nor leaves the older one', async () => {
      await set('a', '1');
      await set('a', 'x'.repeat(1_001));
      await set('b', 'é'.repeat(600));
      await set('c', 'é'.repeat(500));
      expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined]);
      expect(await cache.getMany(['c'])).toEqual(['é'.repeat(500)]);
    });

    it('uses the database of the URL', async () => {
      const third = await ready(open(`${server.url}/3`, { keyPrefix: 'p:' }));
      await third.setMany([{ key: 'db', value: '3', ttl: 60_000 }]);
      expect(await cache.getMany(['db'])).toEqual([undefined]);
      expect(await third.getMany(['db'])).toEqual(['3']);
      await third.close();
    });
  });

  it('authenticates, and without the right password is an empty cache', async () => {
    const users = '--user app on >hunter2 ~* &* +@all --user default off'.split(' ');
    const guarded = await RedisServer.start({ args: users });
    const lines: string[] = [];
    const logger = (level: string, message: string, details: object) =>
      lines.push(`${level} ${message} ${JSON.stringify(details)}`);
    const wrong = open(`redis://app:wrong-hunter@127.0.0.1:${guarded.port}`, { logger });
    await waitFor(() => lines.length > 0, 'the refusal to be reported');
    expect(lines[0]).toContain('WRONGPASS');
    expect(await wrong.getMany(['a'])).toEqual([undefined]);
    const right = await ready(open(`redis://app:hunter2@127.0.0.1:${guarded.port}`));
    await right.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    expect(await right.getMany(['a'])).toEqual(['1']);
    expect(lines.join()).not.toContain('hunter');
    await Promise.all([wrong.close(), right.close()]);
    await guarded.stop();
  });

  it('works with the least rights that docs/redis.md names', async () => {
    const docs = await readFile(new URL('../../docs/redis.md', import.meta.url), 'utf8');
    const acl = /^ACL SETUSER .*$/m.exec(docs)?.[0] ?? '';
    expect(await server.command(...acl.split(' '))).toBe('+OK\r\n');
    const cache = await ready(open(`redis://enos-graphql:password@127.0.0.1:${server.port}/1`));
    await cache.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    expect(await cache.getMany(['a'])).toEqual(['1']);
    await cache.deleteMany(['a']);
    expect(cache.stats().failures).toBe(0);
    await cache.close();
  });

  it('speaks TLS, checked against the given authority', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'redis-tls-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const made = spawnSync('openssl', [
      ...'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=test -addext subjectAltName=IP:127.0.0.1'.split(
        ' ',
      ),
      ...['-keyout', key, '-out', cert],
    ]);
    if (made.status !== 0) throw new Error('this test needs openssl 1.1.1 or later');
    const tlsPort = await freePort();
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
    const guarded = await RedisServer.start({
      args: ['--tls-port', String(tlsPort), ...files, '--tls-auth-clients', 'no'],
    });
    const lines: string[] = [];
    const redisUrl = `rediss://127.0.0.1:${tlsPort}`;
    const logger = (_level: string, _message: string, details: object) => lines.push(JSON.stringify(details));
    const wary = createCache({ redisUrl, maxBytes: 1, logger });
    const cache = createCache({ redisUrl, maxBytes: 1, commandTimeoutMs: PATIENT, tlsCaFile: cert });
    await waitFor(() => cache.healthy(), 'the cache to connect');
    await cache.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    expect(await cache.getMany(['a'])).toEqual(['1']);
    await waitFor(() => lines.length > 0, 'the refusal to be reported');
    expect(lines[0]).toContain('self-signed certificate');
    expect(wary.healthy()).toBe(false);
    await Promise.all([cache.close(), wary.close()]);
    await guarded.stop();
    await rm(dir, { recursive: true });
  });

  it('is made by createCache when there is a URL', async () => {
    const cache = createCache({
      redisUrl: server.url,
      maxBytes: 1_000_000,
      commandTimeoutMs: PATIENT,
      keyPrefix: 'c:',
    });
    await waitFor(() => cache.healthy(), 'the cache to connect');
    await cache.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    expect(await server.command('EXISTS', 'c:a')).toBe(':1\r\n');
    await cache.close();
  });
});

describe('Redis as the only tier without a Redis', () => {
  it('starts, serves misses at no cost, reports the outage once and never the password', async () => {
    const lines: string[] = [];
    const port = await freePort();
    const cache = open(`redis://user:hunter2@127.0.0.1:${port}`, {
      logger: (level, message, details) => lines.push(`${level} ${message} ${JSON.stringify(details)}`),
      connection: { maxReconnectDelay: 20 },
    });
    await waitFor(() => lines.length > 0, 'the outage to be reported');
    for (let i = 0; i < 1_000; i += 1)
      expect(await cache.getMany(['a', 'b'])).toEqual([undefined, undefined]);
    await cache.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    await cache.deleteMany(['a']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(cache.healthy()).toBe(false);
    expect(cache.stats()).toMatchObject({
      hits: 0,
      misses: 2_000,
      failures: 0,
      skipped: 1_002,
      entries: 0,
      bytes: 0,
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`127.0.0.1:${port}`);
    expect(lines[0]).toContain('ECONNREFUSED');
    expect(lines.join()).not.toContain('hunter2');
    await cache.close();
  });

  it('strikes the password out of what a server echoes', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', () =>
        socket.write("-ERR unknown command 'AUTH', with args beginning with: 'hunter2'\r\n"),
      );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const lines: string[] = [];
    const cache = open(`redis://:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}`, {
      logger: (_level, _message, details) => lines.push(JSON.stringify(details)),
    });
    await waitFor(() => lines.length > 0, 'the refusal to be reported');
    expect(lines.join()).toContain('***');
    expect(lines.join()).not.toContain('hunter2');
    await cache.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('finds out at once that a certificate file is missing', () => {
    const options = { redisUrl: 'rediss://:hunter2@h', maxBytes: 1, tlsCaFile: '/does/not/exist.pem' };
    expect(() => createCache(options)).toThrow('/does/not/exist.pem');
  });

  it('is not made by createCache when there is no URL', async () => {
    const cache = createCache({ redisUrl: '', maxBytes: 1_000_000 });
    await cache.setMany([{ key: 'a', value: '1', ttl: 60_000 }]);
    expect(cache.stats()).toMatchObject({ entries: 1 });
    await cache.close();
  });
});
