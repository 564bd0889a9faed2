/** Gets a fresh clone, or one that has moved on, to where it can run: dependencies installed, sources built. */
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, node, npm, root, say, warn } from './run.mjs';

const OLDEST_NODE = [20, 19];
/** Its time is that of the last build that succeeded. The compiler's own files keep theirs when it finds nothing to do. */
const STAMP = join(root, 'dist/.built');

/** Ends the script where Node is too old, with a word on what is needed. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`Node ${OLDEST_NODE.join('.')} or later is needed; this is ${process.versions.node}.`);
}

/** Installs the dependencies that package-lock.json names, unless they are there already. */
export function install() {
  if (isInstalled()) return;
  say('Installing dependencies (npm ci) ...');
  if (npmInstalls('ci')) return;
  // Registries that do not offer the packages of every platform leave a lock file that `npm ci` calls out of step.
  warn('npm ci failed; trying npm install, which keeps to the lock file as far as it goes.');
  if (!npmInstalls('install', '--no-save')) fail('npm install failed; its messages above say why.');
}

function npmInstalls(...command) {
  // NODE_ENV=production would leave away what the build needs.
  return npm(...command, '--no-audit', '--no-fund', '--include=dev');
}

/** Builds dist where it is missing or older than what it is made from. */
export function build() {
  if (isBuilt()) return;
  say('Building ...');
  if (!buildNow()) fail('The build failed; its messages above say why.');
}

/** Builds dist in any case. Returns whether it succeeded. */
export function buildNow() {
  rmSync(STAMP, { force: true });
  const startedAt = new Date();
  const built =
    node([bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json']) &&
    node(['scripts/build-graphiql.mjs']) &&
    node(['scripts/build-yaml.mjs']);
  if (built) {
    writeFileSync(STAMP, '');
    // What is changed while the build runs is newer than it.
    utimesSync(STAMP, startedAt, startedAt);
  }
  return built;
}

/** npm leaves a copy of the lock file behind; what it installed is current if that copy holds the same packages. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = packages(join(root, 'package-lock.json'));
  const present = packages(installed);
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      entry.devOptional ||
      entry.peer ||
      present[path]?.version === entry.version,
  );
}

function packages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
}

function isBuilt() {
  if (![STAMP, join(root, 'dist/main.js')].every((file) => existsSync(file))) return false;
  const inputs = [
    'src',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build-graphiql.mjs',
    'scripts/build-yaml.mjs',
  ];
  return Math.max(...inputs.map((file) => newest(join(root, file)))) <= statSync(STAMP).mtimeMs;
}

/** Latest change of a file, or of any file or folder below, in Unix milliseconds. */
function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
