/** Installs the peers, where their lock file says something else than what is there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('../', import.meta.url));

/** Versions by path: equal when what is installed is what is locked, but for packages of other platforms. */
function packagesOf(file) {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.entries(packages).filter(([path, { optional }]) => path !== '' && !optional);
  } catch {
    return [];
  }
}

/** Runs `npm ci` in the folder of the benchmark if need be. */
export function installPeers() {
  const locked = packagesOf(`${bench}package-lock.json`);
  const installed = new Map(packagesOf(`${bench}node_modules/.package-lock.json`));
  if (locked.every(([path, { version }]) => installed.get(path)?.version === version)) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: bench,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
