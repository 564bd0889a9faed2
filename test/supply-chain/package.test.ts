/** The package as npm makes it: unpacked beside nothing but its runtime dependencies, it starts and answers. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ask } from '../support/graphql-client.js';
import { startProcess } from '../support/processes.js';

interface Lock {
  packages: Record<string, { dev?: boolean; devOptional?: boolean; bin?: Record<string, string> }>;
}

let folder: string;
let installed: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enos-graphql-package-'));
  installed = join(folder, 'node_modules', 'enos-graphql');
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  const [file] = JSON.parse(packed.stdout) as { filename: string }[];
  mkdirSync(installed, { recursive: true });
  const unpacked = spawnSync('tar', [
    '-xzf',
    join(folder, file?.filename ?? ''),
    '-C',
    installed,
    '--strip-components=1',
  ]);
  expect(unpacked.status).toBe(0);
  // What `npm install` would fetch, from the tree at hand: the test needs no registry.
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  for (const [path, { dev, devOptional }] of Object.entries(packages)) {
    if (path === '' || dev || devOptional || path.indexOf('node_modules/', 1) > 0 || !existsSync(path))
      continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(path), join(folder, path));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (): string => join(installed, 'dist', 'cli.js');

test('holds what running needs, and neither sources, tests nor settings of the workshop', () => {
  for (const file of [
    'dist/main.js',
    'dist/graphiql/page.js',
    'schema/schema.graphql',
    'LICENSE',
    'SECURITY.md',
  ])
    expect([file, existsSync(join(installed, file))]).toEqual([file, true]);
  for (const file of ['src/app.ts', 'test', 'bench', 'node_modules', 'dist/.tsbuildinfo', '.github'])
    expect([file, existsSync(join(installed, file))]).toEqual([file, false]);
});

test('its command starts the server, which answers on the simulator', async () => {
  const server = await startProcess(cli(), { PORT: '0', SIMULATOR_PORT: '0' });
  try {
    const { data } = await ask(server.url, '{ asset(assetId: "Rk3vTq8M") { name } }');
    expect(data).toEqual({ asset: { name: expect.any(String) as string } });
    const page = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
  } finally {
    await server.stop();
  }
});

test('its command says what it can, and refuses the rest', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [cli(), ...args], { encoding: 'utf8' });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  expect(run('--help').stdout).toContain('enos-graphql simulator');
  expect(run('serve')).toMatchObject({ status: 2, stdout: '' });
  expect(run('serve').stderr).toContain('expected no argument, simulator, --version or --help');
});

test('npm finds the command by the name of the package', () => {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  expect(Object.keys(bin)).toEqual(['enos-graphql']);
  expect(readFileSync(join(installed, bin['enos-graphql'] ?? ''), 'utf8')).toMatch(
    /^#!\/usr\/bin\/env node\n/,
  );
});
