/** What runs in production is little, known, licensed, and each has a reason. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
interface Lock {
  lockfileVersion: number;
  packages: Record<
    string,
    { version?: string; integrity?: string; dev?: boolean; optional?: boolean } & Partial<Manifest>
  >;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const page = readFileSync('docs/runtime-dependencies.md', 'utf8');

test('docs/runtime-dependencies.md gives a reason for each runtime dependency, and for no other', () => {
  const reasons = new Map(
    [...page.matchAll(/^\| `([^`]+)` +\| (.+?) *\|$/gm)].map(([, name = '', reason = '']) => [name, reason]),
  );
  expect([...reasons.keys()].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  for (const reason of reasons.values()) expect(reason.length).toBeGreaterThan(20);
});

test('every version is exact, and the lock file holds the same with a checksum for each', () => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const version of Object.values(all)) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  expect(lock.packages['']).toMatchObject({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
  });
  // Builds of development tools for other platforms were never fetched here, and have none.
  const without = Object.entries(lock.packages).filter(
    ([path, { integrity, dev, optional }]) => path !== '' && !integrity && !(dev && optional),
  );
  expect(without).toEqual([]);
  for (const [name, version] of Object.entries(all))
    expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
});

test('every package that runs in production has a licence that allows it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-licences.mjs'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('MIT');
});

test('a licence that does not is refused, also inside an expression', async () => {
  const path = '../../scripts/lib/licences.mjs';
  const { isAllowed } = (await import(path)) as { isAllowed: (licence: unknown) => boolean };
  for (const licence of [
    'MIT',
    '(MIT OR GPL-3.0)',
    '(MIT AND BSD-3-Clause)',
    'Apache-2.0 AND (GPL-2.0 OR ISC)',
  ])
    expect([licence, isAllowed(licence)]).toEqual([licence, true]);
  for (const licence of [
    'GPL-3.0',
    'MIT AND GPL-3.0',
    'UNLICENSED',
    'SEE LICENSE IN x',
    '',
    undefined,
    '(MIT',
    'MIT)',
  ])
    expect([licence, isAllowed(licence)]).toEqual([licence, false]);
});

test('an audit that the registry does not answer says so loudly, and fails only where it must not', () => {
  const audit = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/audit.mjs', ...args], {
      encoding: 'utf8',
      // Nobody listens there.
      env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' },
    });
  expect(audit().stderr).toContain('NOT AUDITED');
  expect(audit().status).toBe(0);
  expect(audit('--strict').status).toBe(1);
});
