import { parseDuration } from '../../src/graph/scalars/duration.js';
import { parseMaxStale } from '../../src/graph/freshness.js';
import { coerceValue } from '../../src/graph/value/coerce.js';

/** Milliseconds of CPU time, which other processes of the machine do not take. */
function cpuOf(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const DIGITS = '0'.repeat(500_000);

test('a long text is no duration, is not searched, and is not repeated', () => {
  for (const text of [`P${DIGITS}`, `PT${DIGITS}`, `P${DIGITS}D`, DIGITS]) {
    expect(() => parseDuration(text)).toThrow(/^A text of \d+ characters is not a duration/);
    expect(cpuOf(() => expect(() => parseMaxStale(text)).toThrow('x-enos-max-stale'))).toBeLessThan(100);
  }
});

test.each(['P1Y', 'P1M', 'P1Y2M', 'P1.5Y', 'PY', 'P3DT1H1Y'.replace('T1H', '')])(
  '%s is refused for its years or months',
  (text) => {
    expect(() => parseDuration(text)).toThrow('years or months');
  },
);

test.each(['PT5M', 'P1DT5M'])('minutes are no months: %s', (text) => {
  expect(parseDuration(text).seconds).toBe(300);
});

test('a value of many digits is no number, and costs next to nothing, however often it is read', () => {
  for (const type of ['FLOAT', 'DOUBLE', 'INT', 'BOOL', 'TIMESTAMP'] as const) {
    const read = (): unknown => coerceValue(`${DIGITS}x`, { dataType: type, definition: null });
    expect(cpuOf(() => Array.from({ length: 20 }, read))).toBeLessThan(300);
    expect(read()).toBe(type === 'TIMESTAMP' ? `${DIGITS}x` : null);
  }
});

test.each([
  ['1.', 1],
  ['.5', 0.5],
  ['-1.25e-3', -0.00125],
  [' 7 ', 7],
  [`0.${'1'.repeat(1_000)}`, Number(`0.${'1'.repeat(1_000)}`)],
  ['.', null],
  ['1.2.3', null],
])('%s is the number %p', (text, number) => {
  expect(coerceValue(text, { dataType: 'DOUBLE', definition: null })).toBe(number);
});
