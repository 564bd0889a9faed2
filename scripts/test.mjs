/**
 * `npm test`: installs what is missing, builds, then runs every check and every test, also after one has failed, and ends with
 * one line that counts them. With CI=true a missing tool is a failure, for there nobody reads what was skipped.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNow, install, requireNode } from './lib/prepare.mjs';
import { MAINTAINED, nodeOf } from './lib/node-versions.mjs';
import { bin, node, nodeAside, root, say, warn } from './lib/run.mjs';
import { ALONE, APART, LONGEST } from './lib/test-plan.mjs';
import { ensureTools } from './lib/tools.mjs';

const prettier = [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'];
const eslint = [bin('eslint/bin/eslint.js'), '.'];
const types = [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'];
const imports = [
  bin('dependency-cruiser/bin/dependency-cruise.mjs'),
  '--config',
  '.dependency-cruiser.cjs',
  'src',
];

/**
 * Checks that run one after the other beside the tests, which often wait: on two cores that fills what the two workers leave idle.
 * That the generated client is current is not among them: test/enos/generated.test.ts runs the same check.
 */
const CHECKS = [
  ['lint', () => nodeAside(eslint)],
  ['types', () => nodeAside(types)],
  ['emitted schema is current', () => nodeAside(['dist/graph/emit-schema.js', '--check'])],
  ['configuration page is current', () => nodeAside(['dist/config/emit-documentation.js', '--check'])],
  ['page of operations is current', () => nodeAside(['scripts/generate-operations.mjs', '--check'])],
  ['imports', () => nodeAside(imports)],
  ['format', () => nodeAside(prettier)],
];

/**
 * Two at a time whatever the machine: so many are known to leave each other in peace. A worker is replaced when it has
 * grown, for jest keeps the modules of test files that are over.
 */
const TOGETHER = [
  '--maxWorkers=2',
  '--workerIdleMemoryLimit=1GB',
  `--testSequencer=${join(root, 'scripts/lib/longest-first.mjs')}`,
  `--testPathIgnorePatterns=/(${[...ALONE.keys(), ...APART].map(asPattern).join('|')})$`,
];
const ONE_BY_ONE = ['--runInBand', '--runTestsByPath', ...ALONE.keys()];

requireNode();
install();
const isCi = /^(1|true)$/i.test(process.env.CI ?? '');
const missing = ensureTools();
// The tests start what the build makes.
const failed = await runChecks([['build', buildNow]]);
if (isCi && missing.length > 0) failed.push(...missing.map((tool) => `${tool} is missing`));
const gone = [...ALONE.keys(), ...APART, ...LONGEST].filter((file) => !existsSync(join(root, file)));
if (gone.length > 0) failed.push(`scripts/lib/test-plan.mjs names ${gone.join(' and ')}, which is not there`);

const [checksFailed, together] = await Promise.all([
  runChecks(CHECKS),
  runTests('tests, two files at a time', TOGETHER),
]);
let checksPassed = CHECKS.length + 1 - failed.filter((name) => name === 'build').length - checksFailed.length;
failed.push(...checksFailed);
const reports = [together, await runTests('tests, one by one', ONE_BY_ONE)];
let checksSkipped = 0;
for (const major of MAINTAINED) smoke(major);
if (failed.length > 0) say(`failed: ${failed.join(', ')}`);
const count = (...names) =>
  reports.flatMap((report) => names.map((name) => Number(report?.[name] ?? 0))).reduce((a, b) => a + b, 0);
process.stdout.write(
  `${count('numPassedTests') + checksPassed} passed, ` +
    `${count('numFailedTests', 'numRuntimeErrorTestSuites') + failed.length} failed, ` +
    `${count('numPendingTests', 'numTodoTests') + checksSkipped} skipped\n`,
);
process.exitCode = reports.every((report) => report?.success === true) && failed.length === 0 ? 0 : 1;

/** Runs checks one after the other and returns the names of those that failed. */
async function runChecks(checks) {
  const failures = [];
  for (const [name, check] of checks) {
    const startedAt = Date.now();
    const ok = await check();
    say(`check: ${name} ${ok ? '' : 'FAILED '}(${Math.round((Date.now() - startedAt) / 1000)} s)`);
    if (!ok) failures.push(name);
  }
  return failures;
}

/** Whether the server starts, answers and ends under another version of Node. */
function smoke(major) {
  const what = `smoke test under Node ${major}`;
  const program = nodeOf(major);
  if (program === undefined) {
    warn(
      `Node ${major} is not there and could not be installed from the npm registry: its smoke test is SKIPPED.`,
    );
    if (isCi) failed.push(`${what}: no such Node`);
    else checksSkipped += 1;
    return;
  }
  const startedAt = Date.now();
  const ok = node(['scripts/smoke.mjs', program]);
  say(`${what} ${ok ? '' : 'FAILED '}(${Math.round((Date.now() - startedAt) / 1000)} s)`);
  if (ok) checksPassed += 1;
  else failed.push(what);
}

/** Runs jest and resolves with what it reports, or undefined where it did not get as far as a report. */
async function runTests(what, options) {
  say(what);
  const folder = mkdtempSync(join(tmpdir(), 'enos-graphql-test-'));
  const report = join(folder, 'report.json');
  try {
    const jest = ['--experimental-vm-modules', bin('jest/bin/jest.js'), '--ci', '--json'];
    const ok = await nodeAside([...jest, `--outputFile=${report}`, ...options], {
      // The report also goes to standard output, where nobody wants it.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return { ...result, success: ok && result.success };
  } catch (error) {
    say(`jest left no report: ${error.message}`);
    failed.push(what);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A regular expression that the path of a test file matches, on Windows as well. */
function asPattern(file) {
  return file.replaceAll('.', '\\.').replaceAll('/', '[/\\\\]');
}
