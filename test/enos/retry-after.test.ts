import { retryAfterSeconds } from '../../src/enos/attempts/retry-policy.js';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each<[string | string[] | undefined, number | null]>([
  ['7', 7],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['999999999', 86_400],
  ['soon', null],
  [undefined, null],
  ['', null],
  ['-5', null],
  ['1.2', 2],
  ['0x10', null],
  ['1e9', null],
  ['2026', 2026],
  ['12 seconds', null],
  ['99999999999999999999999999', 86_400],
  ['Thursday, 01-Jan-26 12:01:00 GMT', 60],
  ['Thu Jan  1 12:00:05 2026', 5],
  ['Thu, 99 Jan 2026 12:00:30 GMT', null],
  ['3, 9', 9],
  ['Thu, 01 Jan 2026 12:00:30 GMT, 9', 30],
  [['3', 'soon', '9'], 9],
  [['-1', 'soon'], null],
])('%j', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds);
});
