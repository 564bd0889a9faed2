import { EnosError } from '../../src/enos/errors.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import { retryDelay } from '../../src/enos/retry-policy.js';

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
  ['a read told to wait long', read, failed({ httpStatus: 503, retryAfter: 30 }), false],
  ['a write that may have arrived', write, failed({ broken: true, sent: true }), false],
  ['a write that has not left', write, failed({ broken: true, sent: false }), true],
  ['a write that met a gateway hiccup', write, failed({ httpStatus: 503 }), false],
  ['a write by GET that may have arrived', writeByGet, failed({ broken: true, sent: true }), false],
  ['a request for a token', token, failed({ broken: true, sent: true }), true],
])('%s', (_, operation, exchange, repeated) => {
  const delay = retryDelay(operation, exchange, 10_000);
  if (repeated) expect(delay).toBeGreaterThanOrEqual(20);
  else expect(delay).toBeNull();
});

test('not when the time left would not do, and never all at the same moment', () => {
  expect(retryDelay(read, failed({ broken: true }), 10)).toBeNull();
  const delays = Array.from({ length: 50 }, () => retryDelay(read, failed({ broken: true }), 10_000));
  expect(new Set(delays).size).toBeGreaterThan(10);
});
