import { stripVTControlCharacters } from 'node:util';
import { terminalLines } from '../../../src/terminal-log.js';

const line = (fields: Record<string, unknown>) => JSON.stringify({ level: 30, time: 0, ...fields });
const ADDRESS = line({ url: 'http://x', graphql: 'http://x/graphql', msg: 'listening' });

test('texts of others cannot steer the terminal, nor fill it', () => {
  const told = terminalLines(false);
  told(ADDRESS);
  const text = told(
    line({ level: 40, msg: 'refused', reason: `\u001b[2J\u009b1m\nfoo${'x'.repeat(1_000)}` }),
  );
  expect(stripVTControlCharacters(text)).toContain('reason:  [2J 1m foo');
  expect(text).not.toContain('\u001b[2J');
  expect(text.split('\n')).toHaveLength(2);
  expect(text.length).toBeLessThan(400);
});

test('a failure is told with its reason, and with its stack only where the level asks for it', () => {
  const failure = line({
    level: 60,
    msg: 'could not start',
    err: { message: 'no room', stack: 'Error: no room\n  at a.js:1' },
  });
  expect(stripVTControlCharacters(terminalLines(false)(failure))).toMatch(
    / error could not start: no room\n$/,
  );
  expect(terminalLines(true)(failure)).toContain('at a.js:1');
});

test('what comes before the address waits for it, a warning brings it out', () => {
  const told = terminalLines(false);
  expect(told(line({ msg: 'first' }))).toBe('');
  const text = told(line({ level: 40, msg: 'second' }));
  expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
  expect(text).toContain('first');
  expect(told(line({ msg: 'third' }))).toContain('third');
});
