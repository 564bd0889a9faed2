import { CircuitBreaker, FailuresInRow } from '../../src/resilience/circuit-breaker.js';

function setUp(random = 1) {
  const clock = { now: 0 };
  const breaker = new CircuitBreaker({
    trip: new FailuresInRow(3),
    pause: 100,
    longestPause: 300,
    jitter: 0.5,
    now: () => clock.now,
    random: () => random,
  });
  const fail = (times: number) => {
    for (let i = 0; i < times; i += 1) breaker.leave(breaker.enter(), 'failure');
  };
  return { breaker, clock, fail };
}

describe('Breaker', () => {
  it('opens after failures in a row, and a success between them starts the count again', () => {
    const { breaker, fail } = setUp();
    fail(2);
    breaker.leave(breaker.enter(), 'success');
    fail(2);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.refusedFor()).toBeGreaterThan(0);
  });

  it('lets one probe pass after the wait, and closes when it succeeds', () => {
    const { breaker, clock, fail } = setUp();
    fail(3);
    clock.now = 99;
    expect(breaker.refusedFor()).toBeGreaterThan(0);
    expect(breaker.refusedFor()).toBe(1);
    clock.now = 100;
    expect(breaker.refusedFor()).toBe(0);
    const probe = breaker.enter();
    expect(breaker.state).toBe('half-open');
    expect(breaker.refusedFor()).toBeGreaterThan(0);
    breaker.leave(probe, 'success');
    expect(breaker.state).toBe('closed');
    expect(breaker.refusedFor()).toBe(0);
    expect(breaker.refusedFor()).toBe(0);
  });

  it('doubles the wait with each failed probe, up to the bound, and starts afresh after a recovery', () => {
    const { breaker, clock, fail } = setUp();
    fail(3);
    for (const wait of [100, 200, 300, 300]) {
      expect(breaker.refusedFor()).toBe(wait);
      clock.now += wait;
      breaker.leave(breaker.enter(), 'failure');
    }
    clock.now += 300;
    breaker.leave(breaker.enter(), 'success');
    expect(breaker.refusedFor()).toBe(0);
    fail(3);
    expect(breaker.refusedFor()).toBe(100);
  });

  it('shortens the wait by up to half at random', () => {
    const { breaker, fail } = setUp(0);
    fail(3);
    expect(breaker.refusedFor()).toBe(50);
  });

  it('ignores what attempts of an earlier era report late', () => {
    const { breaker, clock, fail } = setUp();
    const early = breaker.enter();
    const alsoEarly = breaker.enter();
    fail(3);
    breaker.leave(early, 'success');
    expect(breaker.state).toBe('open');
    clock.now = 100;
    const probe = breaker.enter();
    breaker.leave(alsoEarly, 'failure');
    expect(breaker.state).toBe('half-open');
    breaker.leave(probe, 'success');
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
