/**
 * `npm test`: installs what is missing, then runs every check and every test, also after one has failed, and ends with one
 * line that counts them. With CI=true a missing tool is a failure, for there nobody reads what was skipped.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNow, install, requireNode } from './lib/prepare.mjs';
import { bin, node, say } from './lib/run.mjs';
import { ensureTools } from './lib/tools.mjs';

const CHECKS = [
  ['format', () => node([bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'])],
  ['lint', () => node([bin('eslint/bin/eslint.js'), '.'])],
  ['types', () => node([bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'])],
  [
    'imports',
    () =>
      node([
        bin('dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'src',
      ]),
  ],
  ['generated client is current', () => node(['scripts/generate-contract.mjs', '--check'])],
  ['build', buildNow],
  ['emitted schema is current', () => node(['dist/graph/emit-schema.js', '--check'])],
  ['configuration page is current', () => node(['dist/config/emit-documentation.js', '--check'])],
];

requireNode();
install();
const isCi = /^(1|true)$/i.test(process.env.CI ?? '');
const missing = ensureTools();
const failed = CHECKS.filter(([name, check]) => {
  say(`check: ${name}`);
  return !check();
}).map(([name]) => name);
if (isCi && missing.length > 0) failed.push(...missing.map((tool) => `${tool} is missing`));

const tests = runTests();
if (failed.length > 0) say(`failed: ${failed.join(', ')}`);
const count = (number) => Number(number ?? 0);
const checksPassed = CHECKS.length - failed.filter((name) => CHECKS.some(([check]) => check === name)).length;
process.stdout.write(
  `${count(tests?.numPassedTests) + checksPassed} passed, ` +
    `${count(tests?.numFailedTests) + count(tests?.numRuntimeErrorTestSuites) + failed.length} failed, ` +
    `${count(tests?.numPendingTests) + count(tests?.numTodoTests)} skipped\n`,
);
process.exitCode = tests?.success === true && failed.length === 0 ? 0 : 1;

/** Runs jest and returns what it reports, or undefined where it did not get as far as a report. */
function runTests() {
  say('tests');
  const folder = mkdtempSync(join(tmpdir(), 'enos-graphql-test-'));
  const report = join(folder, 'report.json');
  try {
    const ok = node(
      ['--experimental-vm-modules', bin('jest/bin/jest.js'), '--ci', '--json', `--outputFile=${report}`],
      {
        // The report also goes to standard output, where nobody wants it.
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return { ...result, success: ok && result.success };
  } catch (error) {
    say(`jest left no report: ${error.message}`);
    failed.push('tests');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
