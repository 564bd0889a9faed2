import { Breaker } from '../../src/cache/breaker.js';

function setUp(random = 1) {
  const clock = { now: 0 };
  const breaker = new Breaker({
    failureThreshold: 3,
    retryDelay: 100,
    maxRetryDelay: 300,
    now: () => clock.now,
    random: () => random,
  });
  const fail = (times: number) => {
    for (let i = 0; i < times; i += 1) breaker.acquire()?.failed();
  };
  return { breaker, clock, fail };
}

describe('Breaker', () => {
  it('opens after failures in a row, and a success between them starts the count again', () => {
    const { breaker, fail } = setUp();
    fail(2);
    breaker.acquire()?.succeeded();
    fail(2);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.acquire()).toBeUndefined();
  });

  it('lets one probe pass after the wait, and closes when it succeeds', () => {
    const { breaker, clock, fail } = setUp();
    fail(3);
    clock.now = 99;
    expect(breaker.acquire()).toBeUndefined();
    expect(breaker.waitMs).toBe(1);
    clock.now = 100;
    expect(breaker.state).toBe('half-open');
    const probe = breaker.acquire();
    expect(probe).toBeDefined();
    expect(breaker.acquire()).toBeUndefined();
    probe?.succeeded();
    expect(breaker.state).toBe('closed');
    expect(breaker.acquire()).toBeDefined();
    expect(breaker.acquire()).toBeDefined();
  });

  it('doubles the wait with each failed probe, up to the bound, and starts afresh after a recovery', () => {
    const { breaker, clock, fail } = setUp();
    fail(3);
    for (const wait of [100, 200, 300, 300]) {
      expect(breaker.waitMs).toBe(wait);
      clock.now += wait;
      breaker.acquire()?.failed();
    }
    clock.now += 300;
    breaker.acquire()?.succeeded();
    expect(breaker.waitMs).toBe(0);
    fail(3);
    expect(breaker.waitMs).toBe(100);
  });

  it('shortens the wait by up to half at random', () => {
    const { breaker, fail } = setUp(0);
    fail(3);
    expect(breaker.waitMs).toBe(50);
  });

  it('ignores what attempts of an earlier era report late', () => {
    const { breaker, clock, fail } = setUp();
    const early = breaker.acquire();
    const alsoEarly = breaker.acquire();
    fail(3);
    early?.succeeded();
    expect(breaker.state).toBe('open');
    clock.now = 100;
    const probe = breaker.acquire();
    alsoEarly?.failed();
    expect(breaker.state).toBe('half-open');
    probe?.succeeded();
    expect(breaker.state).toBe('closed');
  });

  it('closes when it is reset', () => {
    const { breaker, fail } = setUp();
    fail(3);
    breaker.reset();
    expect(breaker.state).toBe('closed');
    fail(2);
    breaker.reset();
    fail(2);
    expect(breaker.state).toBe('closed');
  });
});
