import { EnosError } from '../../src/enos/errors.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import { retryDelay } from '../../src/enos/attempts/retry-policy.js';

const read = OPERATIONS['asset.getAsset'];
const write = OPERATIONS['asset.updateAsset'];
// A write by GET is a write all the same.
const writeByGet = OPERATIONS['tsdb-policy.updateUnformattedPolicy'];
const token = OPERATIONS['token.getAccessToken'];

const failed = (details: { httpStatus?: number; retryAfter?: number; sent?: boolean; broken?: boolean }) => ({
  error: new EnosError({ kind: 'http', service: 's', operation: 'o', message: '', ...details }),
  sent: details.sent ?? true,
  broken: details.broken ?? false,
});

test.each([
  ['a read whose connection broke', read, failed({ broken: true }), true],
  ['a read that met a gateway hiccup', read, failed({ httpStatus: 503 }), true],
  ['a read that failed inside EnOS', read, failed({ httpStatus: 500 }), false],
  ['a read over the quota', read, failed({ httpStatus: 429 }), false],
  [
    'a read over the quota that is told when to come back',
    read,
    failed({ httpStatus: 429, retryAfter: 2 }),
    true,
  ],
  ['a write over the quota', write, failed({ httpStatus: 429, retryAfter: 2 }), false],
  ['a write that may have arrived', write, failed({ broken: true, sent: true }), false],
  ['a write that has not left', write, failed({ broken: true, sent: false }), true],
  ['a write that met a gateway hiccup', write, failed({ httpStatus: 503 }), false],
  ['a write by GET that may have arrived', writeByGet, failed({ broken: true, sent: true }), false],
  ['a request for a token', token, failed({ broken: true, sent: true }), true],
])('%s', (_, operation, exchange, repeated) => {
  const delay = retryDelay(operation, exchange, 1);
  if (repeated) expect(delay).toBeGreaterThanOrEqual((exchange.error.retryAfter ?? 0) * 1000);
  else expect(delay).toBeNull();
});

test('the wait is random from nothing to a bound that doubles; a Retry-After comes before it', () => {
  const waits = (attempt: number, retryAfter?: number) =>
    Array.from({ length: 500 }, () => retryDelay(read, failed({ httpStatus: 503, retryAfter }), attempt)!);
  for (const [attempt, bound] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [9, 2_000],
  ] as const) {
    const drawn = waits(attempt);
    expect(new Set(drawn).size).toBeGreaterThan(400);
    expect(Math.max(...drawn)).toBeLessThan(bound);
    expect(Math.max(...drawn)).toBeGreaterThan(bound * 0.9);
    expect(Math.min(...drawn)).toBeLessThan(bound * 0.1);
  }
  expect(Math.min(...waits(1, 3))).toBeGreaterThanOrEqual(3_000);
  expect(Math.max(...waits(1, 3))).toBeLessThan(3_100);
});
