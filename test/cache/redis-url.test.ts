import {
  RedisUrlError,
  describeRedisTarget,
  parseRedisUrl,
  redisSecrets,
} from '../../src/cache/redis/url.js';

describe('parseRedisUrl', () => {
  it.each([
    ['redis://localhost', { kind: 'single', tls: false, nodes: [{ host: 'localhost', port: 6379 }], db: 0 }],
    [
      'redis://localhost:6380/',
      { kind: 'single', tls: false, nodes: [{ host: 'localhost', port: 6380 }], db: 0 },
    ],
    ['REDIS://h/3', { kind: 'single', tls: false, nodes: [{ host: 'h', port: 6379 }], db: 3 }],
    [
      'rediss://us%40er:p%2Fw%3A%40@cache.example.com:6380/2',
      {
        kind: 'single',
        tls: true,
        nodes: [{ host: 'cache.example.com', port: 6380 }],
        username: 'us@er',
        password: 'p/w:@',
        db: 2,
      },
    ],
    [
      'redis://:secret@[::1]:7000',
      { kind: 'single', tls: false, nodes: [{ host: '::1', port: 7000 }], password: 'secret', db: 0 },
    ],
    [
      'redis://:se@cr:et@h',
      { kind: 'single', tls: false, nodes: [{ host: 'h', port: 6379 }], password: 'se@cr:et', db: 0 },
    ],
    [
      'redis+sentinel://user:pw@s1:26380,s2,s3:1/my%20master/4?sentinelUsername=su&sentinelPassword=s%26p',
      {
        kind: 'sentinel',
        tls: false,
        nodes: [
          { host: 's1', port: 26380 },
          { host: 's2', port: 26379 },
          { host: 's3', port: 1 },
        ],
        username: 'user',
        password: 'pw',
        masterName: 'my master',
        db: 4,
        sentinelUsername: 'su',
        sentinelPassword: 's&p',
      },
    ],
    [
      'rediss+sentinel://s1/main',
      { kind: 'sentinel', tls: true, nodes: [{ host: 's1', port: 26379 }], masterName: 'main', db: 0 },
    ],
    [
      'redis+cluster://:pw@n1:7000,n2:7001,[fe80::1]',
      {
        kind: 'cluster',
        tls: false,
        nodes: [
          { host: 'n1', port: 7000 },
          { host: 'n2', port: 7001 },
          { host: 'fe80::1', port: 6379 },
        ],
        password: 'pw',
      },
    ],
    ['rediss+cluster://n1/', { kind: 'cluster', tls: true, nodes: [{ host: 'n1', port: 6379 }] }],
  ])('reads %s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  it.each([
    ['', 'must start with one of redis://, rediss://'],
    ['localhost:6379', 'must start with'],
    ['http://:hunter2@h', 'must start with'],
    ['hunter2://h', 'must start with'],
    ['redis://', 'address 1 is not host'],
    ['redis://:hunter2@', 'address 1 is not host'],
    ['redis://:hunter2@h:port', 'address 1 is not host'],
    ['redis://:hunter2@h:0', 'address 1 has a port outside'],
    ['redis://:hunter2@h:70000', 'address 1 has a port outside'],
    ['redis://:hunt/er2@h', 'percent-encoded'],
    ['redis://:hunt#er2@h', 'percent-encoded'],
    ['redis://:hunt?er2@h', 'percent-encoded'],
    ['redis://:hunter2%@h', 'the password is not validly percent-encoded'],
    ['redis://hunter2@h', 'a user without a password'],
    ['redis://user:@h', 'the password is empty'],
    ['redis://:hunter2@h/db', 'the database must be a number'],
    ['redis://:hunter2@h/1/2', 'too many parts in the path'],
    ['redis://:hunter2@h//1', 'too many parts in the path'],
    ['redis://:hunter2@h?family=6', 'takes no options'],
    ['redis://:hunter2@h1,h2', 'several hosts need redis+sentinel:// or redis+cluster://'],
    ['redis+sentinel://:hunter2@s1', 'needs the name of the master'],
    ['redis+sentinel://:hunter2@s1/', 'needs the name of the master'],
    ['redis+sentinel://:hunter2@s1,,s2/m', 'address 2 is not host'],
    ['redis+sentinel://:hunter2@s1/m?password=hunter2', 'sentinelUsername and sentinelPassword'],
    ['redis+cluster://:hunter2@n1/1', 'a cluster has no databases'],
    ['redis+cluster://:hunter2@n1,n2:x', 'address 2 is not host'],
  ])('refuses %s and says why without repeating any of it', (url, message) => {
    const error = catchError(() => parseRedisUrl(url));
    expect(error).toBeInstanceOf(RedisUrlError);
    expect(error.message).toContain(message);
    expect(`${error.message} ${String(error.stack)}`).not.toMatch(/hunt|er2/);
    expect(error.cause).toBeUndefined();
  });
});

describe('describeRedisTarget', () => {
  it('names kind and addresses, no credentials', () => {
    const single = parseRedisUrl('rediss://u:pw@[::1]:7000/2');
    expect(describeRedisTarget(single)).toBe('single [::1]:7000 (TLS)');
    const sentinel = parseRedisUrl('redis+sentinel://u:pw@a,b/main?sentinelPassword=sp');
    expect(describeRedisTarget(sentinel)).toBe('sentinel main a:26379,b:26379');
    expect(redisSecrets(sentinel)).toEqual(['pw', 'sp']);
  });
});

function catchError(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
