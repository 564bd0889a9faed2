/** Runs other programs for the scripts. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A line for whoever watches. */
export function say(text) {
  process.stdout.write(`> ${text}\n`);
}

/** A line that must not be overlooked. */
export function warn(text) {
  process.stderr.write(`\n!!! ${text}\n\n`);
}

/** Runs a program to its end with its output shown. Returns whether it succeeded. */
export function succeeds(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options }).status === 0;
}

/** Path of a program of ours under node_modules, to be run by node itself: no shell and no .cmd files in between. */
export function bin(path) {
  return fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
}

/** Runs a Node program to its end. Returns whether it succeeded. */
export function node(args, options) {
  return succeeds(process.execPath, args, options);
}

/** As `node`, while others run: a promise of whether it succeeded. */
export function nodeAside(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** The first of the programs that is on the PATH, or undefined. */
export function findProgram(...names) {
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** Runs npm to its end: the one that runs us, or the one on the PATH. Returns whether it succeeded. */
export function npm(...args) {
  const program = process.env.npm_execpath;
  if (program?.endsWith('js')) return node([program, ...args]);
  return succeeds('npm', args, { shell: process.platform === 'win32' });
}
