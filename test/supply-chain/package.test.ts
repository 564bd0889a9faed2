/** The package as npm makes it: unpacked besides nothing but its runtime dependencies, it starts and answers. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
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
  for (const file of [
    'src/app.ts',
    'exec.cmd',
    'test',
    'bench',
    'node_modules',
    'dist/.tsbuildinfo',
    '.github',
  ])
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
  expect(run('serve').stderr).toContain(
    'expected no argument, simulator, api-key, --print-settings, --version or --help',
  );
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

test('everything that README.md links to is in it', () => {
  const page = readFileSync(join(installed, 'README.md'), 'utf8');
  const targets = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter((target) => !existsSync(join(installed, target)))).toEqual([]);
});

test('its command keeps API keys', () => {
  const file = join(folder, 'keys.json');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli(), 'api-key', ...args], { encoding: 'utf8' });
  expect(run().stdout).toContain('enos-graphql api-key');
  const made = run('create', '--file', file, '--id', 'wall', '--org', 'o1', '--rights', 'assets:read');
  expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining('enosk_') as string });
  expect(run('list', '--file', file).stdout).toContain('wall');
});

test('importing it starts nothing, and gives what starts it', () => {
  const code = `import * as all from 'enos-graphql';
    process.stdout.write(JSON.stringify([Object.keys(all).sort(), process.getActiveResourcesInfo()]));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 30_000,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const [names, resources] = JSON.parse(stdout) as [string[], string[]];
  expect(names).toEqual([
    'SettingsError',
    'createProcessLog',
    'describeSettings',
    'loadSettings',
    'startApp',
  ]);
  expect(resources.filter((name) => !/Pipe|TTY|FS|CloseReq/.test(name))).toEqual([]);
  expect(existsSync(join(installed, 'dist/index.d.ts'))).toBe(true);
});

test('npm installs it from the lock file without a warning of engines or install scripts', () => {
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(file, join(clone, file));
  const { stderr, status } = spawnSync(
    'npm',
    ['ci', '--dry-run', '--no-audit', '--no-fund', '--include=dev'],
    {
      encoding: 'utf8',
      cwd: clone,
    },
  );
  expect({ status, warnings: stderr.split('\n').filter((line) => line.includes('warn')) }).toEqual({
    status: 0,
    warnings: [],
  });
});

test('every package that runs in production says that it works on the oldest Node that we promise', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; engines?: { node?: string } }>;
  };
  const tooNew = Object.entries(packages).filter(
    ([, { dev, devOptional, engines }]) => !dev && !devOptional && /^>=\s*2[1-9]/.test(engines?.node ?? ''),
  );
  expect(tooNew.map(([path]) => path)).toEqual([]);
});

test('every install script of the lock file is decided on by name', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
  };
  const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    allowScripts: Record<string, boolean>;
  };
  const withScripts = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(withScripts.filter((name) => allowScripts[name] === undefined && name !== 'fsevents')).toEqual([]);
});
