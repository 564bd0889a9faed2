/** Each threat of docs/threat-model.md names a test that is there. */
import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/threat-model.md', 'utf8');
const rows = [...page.matchAll(/^\| (\S[^|]*?) +\| (\S[^|]*?) +\| (\S[^|]*?) +\|$/gm)]
  .map(([, threat = '', mitigation = '', tests = '']) => ({ threat, mitigation, tests }))
  .filter(({ threat }) => threat !== 'threat' && !/^-+$/.test(threat));
const cited = rows.flatMap(({ threat, tests }) =>
  [...tests.matchAll(/`(test\/[^`]+)`(?: "([^"]+)")?/g)].map(([, file = '', title]) => ({
    threat,
    file,
    title,
  })),
);

test('there are threats, each with a mitigation and at least one test', () => {
  expect(rows.length).toBeGreaterThan(20);
  const without = rows.filter(({ threat }) => !cited.some((each) => each.threat === threat));
  expect(without).toEqual([]);
});

test.each(cited)('$threat: $file has "$title"', ({ file, title }) => {
  expect([file, existsSync(file)]).toEqual([file, true]);
  expect(title).toBeDefined();
  expect(readFileSync(file, 'utf8')).toContain(title);
});
