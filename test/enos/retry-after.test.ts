import { retryAfterSeconds } from '../../src/enos/retry-after.js';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  ['7', 7],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['999999999', 86_400],
  ['soon', null],
  [undefined, null],
])('%j', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds);
});
