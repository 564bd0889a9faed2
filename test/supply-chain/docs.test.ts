/** What the documentation names is there: files, folders, links from page to page, commands. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const pages = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Files and folders of the repository, named from its top; not those with a placeholder or a pattern in them. */
const PATH = /(?<![\w/.-])((?:src|test|scripts|schema|docs|bench|deploy)\/[\w./*<>{},-]*[\w*>}])/g;
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;
const COMMAND = /npm run (?:-s |--silent )?([\w:-]+)/g;
/** Made when they are needed, and not committed. */
const MADE = /^bench\/(?:\.build|node_modules)/;

const all = (page: string, pattern: RegExp): string[] =>
  [...readFileSync(page, 'utf8').matchAll(pattern)].map((match) => match[1]!);

test('there are pages to be read', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md']));
  expect(pages.flatMap((page) => all(page, PATH)).length).toBeGreaterThan(50);
});

test.each(pages)('%s names what is there', (page) => {
  const paths = all(page, PATH).filter((path) => !/[*<{]/.test(path) && !MADE.test(path));
  expect(paths.filter((path) => !existsSync(path) && !existsSync(`${path}.ts`))).toEqual([]);
  expect(all(page, LINK).filter((link) => !existsSync(normalize(join(dirname(page), link))))).toEqual([]);
  expect(all(page, COMMAND).filter((name) => !(name in scripts))).toEqual([]);
});

test.each(pages.filter((page) => /decisions\/\d/.test(page)))(
  '%s says since when it holds, and its row too',
  (page) => {
    const [, date, rest = ''] =
      /^\*\*Status\.\*\* Accepted, (\d{4}-\d\d-\d\d)(.*)/m.exec(readFileSync(page, 'utf8')) ?? [];
    const row = readFileSync('docs/decisions/README.md', 'utf8')
      .split('\n')
      .find((line) => line.includes(`(${page.split('/').at(-1)})`));
    expect(row?.split('|')[3]?.trim()).toBe(date);
    expect(/superseded/.test(row ?? '')).toBe(/superseded/.test(rest));
  },
);
