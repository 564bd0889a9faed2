/** The breaker by a clock of its own. */
import { CircuitBreaker, FailureRate } from '../../src/resilience/circuit-breaker.js';
import type { Verdict } from '../../src/resilience/circuit-breaker.js';

const OPTIONS = { failurePercent: 50, minimumCalls: 4, window: 1_000 };
const PAUSE = { pause: 100, longestPause: 800 };
let clock: number;
let breaker: CircuitBreaker;
let changes: string[];

beforeEach(() => {
  clock = 5_000;
  changes = [];
  breaker = new CircuitBreaker({
    ...PAUSE,
    trip: new FailureRate(OPTIONS),
    onChange: (from, to, calls, failures) => changes.push(`${from} > ${to} ${failures}/${calls}`),
    now: () => clock,
  });
});

function call(verdict: Verdict): void {
  expect(breaker.refusedFor()).toBe(0);
  breaker.leave(breaker.enter(), verdict);
}
const open = () => (['failure', 'failure', 'failure', 'failure'] as const).forEach(call);

test('opens when enough calls failed, and refuses for the pause', () => {
  (['failure', 'failure', 'success'] as const).forEach(call);
  expect(breaker.state).toBe('closed');
  call('success');
  expect(breaker.state).toBe('closed');
  call('failure');
  expect(changes).toEqual(['closed > open 3/5']);
  expect(breaker.refusedFor()).toBe(100);
  clock += 60;
  expect(breaker.refusedFor()).toBe(40);
});

test('too few calls, and too few failures among many, do not open it', () => {
  (['failure', 'failure', 'failure'] as const).forEach(call);
  clock += 2_000;
  for (let i = 0; i < 100; i++) call(i % 3 < 2 ? 'success' : 'failure');
  expect(changes).toEqual([]);
});

test('failures of long ago do not count', () => {
  (['failure', 'failure', 'failure'] as const).forEach(call);
  clock += 1_100;
  call('failure');
  expect(breaker.recent()).toEqual({ calls: 1, failures: 1 });
  expect(breaker.state).toBe('closed');
});

test('after the pause a single probe goes; its success closes it with a clean slate', () => {
  open();
  clock += 100;
  expect(breaker.refusedFor()).toBe(0);
  const probe = breaker.enter();
  expect(breaker.state).toBe('half-open');
  expect(breaker.refusedFor()).toBeGreaterThan(0);
  breaker.leave(probe, 'success');
  expect([breaker.state, breaker.refusedFor()]).toEqual(['closed', 0]);
  expect(breaker.recent()).toEqual({ calls: 0, failures: 0 });
});

test('a failed probe opens it for twice as long each time, up to eight times; a success starts over', () => {
  open();
  const pauses = [];
  for (let i = 0; i < 6; i++) {
    pauses.push(breaker.refusedFor());
    clock += breaker.refusedFor();
    call('failure');
  }
  expect(pauses).toEqual([100, 200, 400, 800, 800, 800]);
  clock += breaker.refusedFor();
  call('success');
  open();
  expect(breaker.refusedFor()).toBe(100);
});

test('a probe that says nothing makes room for another', () => {
  open();
  clock += 100;
  call('nothing');
  expect(breaker.state).toBe('half-open');
  call('success');
  expect(breaker.state).toBe('closed');
});

test('calls that went before it opened change nothing when they come back', () => {
  const early = breaker.enter();
  open();
  breaker.leave(early, 'success');
  expect(breaker.state).toBe('open');
  clock += 100;
  const probe = breaker.enter();
  breaker.leave(early, 'failure');
  expect(breaker.state).toBe('half-open');
  breaker.leave(probe, 'success');
  expect(breaker.state).toBe('closed');
});

test('without a minimum of calls it never opens', () => {
  breaker = new CircuitBreaker({
    ...PAUSE,
    trip: new FailureRate({ ...OPTIONS, minimumCalls: 0 }),
    now: () => clock,
  });
  for (let i = 0; i < 1_000; i++) call('failure');
  expect(breaker.state).toBe('closed');
});
