/**
 * Other versions of Node, from the npm registry and nowhere else: the packages `node-<platform>-<cpu>` hold nothing but the
 * program, which the package `node` would fetch by an install script. They are kept under node_modules/.cache: as
 * dependencies of ours they would be downloaded with each `npm ci`, also where no tests are run.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root } from './run.mjs';

/** The versions that are maintained; package.json allows older ones, which CI runs as a whole. */
export const MAINTAINED = ['22', '24'];

/** Path of the program of a major version, installed first if it is not there; undefined where it cannot be had. */
export function nodeOf(major) {
  if (process.versions.node.split('.')[0] === major) return process.execPath;
  const { platform, arch } = process;
  const os = platform === 'win32' ? 'win' : platform;
  const name = `node-${os}-${arch}`;
  const folder = join(root, 'node_modules/.cache/node-versions', major);
  const program = join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm('install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`);
  return existsSync(program) ? program : undefined;
}
