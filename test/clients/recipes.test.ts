/** Every recipe of docs/clients.md runs as it stands there, with the real client, against the server over HTTP. */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { ask } from '../support/graphql-client.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import type { RecordingProxy } from '../support/recording-proxy.js';
import { startServer, startSimulator } from '../support/processes.js';
import type { Running } from '../support/processes.js';
import { Kitchen } from './kitchen.js';
import type { Outcome } from './kitchen.js';

let simulator: Running;
let server: Running;
let proxy: RecordingProxy;
let kitchen: Kitchen;
beforeAll(async () => {
  simulator = await startSimulator();
  server = await startServer(simulator.url);
  proxy = await startRecordingProxy(server.url);
  kitchen = new Kitchen(proxy.url);
});
afterAll(async () => {
  kitchen?.remove();
  await proxy?.close();
  await server?.stop();
  await simulator?.stop();
});

/** What was printed, times as "now". Nothing may be complained of: clients warn of what their caches cannot keep. */
function printed({ code, stdout, stderr }: Outcome): string[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const text = stdout.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'now').replace(/\n\s*/g, ' ');
  return text.split(/(?<=\}) (?=\{)/).map((line) => line.trim());
}

const PAGES = ['{ turbines: 40 }', '{ turbines: 54 }'];
const TURBINE = "{ name: 'WT-01', serialNumber: 9007199254740993n, asOf: now }";
const NAMES = "{ names: [ 'WT-01', null ] }";
const FAILURE = "{ path: [ 'assetsById', 1 ], code: 'NOT_FOUND' }";

/** Runs a recipe, and tells what came and how it was asked. */
async function cook(script: string) {
  proxy.seen.length = 0;
  const lines = printed(await kitchen.node(script));
  const asked = proxy.seen.map(({ method, path }) => {
    const parameters = new URL(path, proxy.url).searchParams;
    const isByHash = parameters.has('extensions') && !parameters.has('query');
    return isByHash ? `${method} by hash` : method;
  });
  return { lines, asked };
}

test('no recipe of the page is left out here', () => {
  expect(kitchen.files).toEqual([
    'curl.sh',
    'codegen.ts',
    'turbine.ts',
    'schema-facts.mjs',
    'apollo.mjs',
    'urql-schema.mjs',
    'urql.mjs',
    'relay.config.json',
    'relay.js',
    'relay.documents.json',
  ]);
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
(hasCurl ? test : test.skip)('curl', async () => {
  const { code, stdout } = await kitchen.run('sh', 'curl.sh');
  const answer = '{"data":{"asset":{"name":"WT-01","timezone":"Europe/Copenhagen"}}}\n';
  expect({ code, stdout }).toEqual({ code: 0, stdout: answer + answer });
});

test('graphql-request: types by GraphQL Code Generator fit, errors come with partial data', async () => {
  // Modules are looked for where a script lies.
  copyFileSync('test/clients/run-codegen.mjs', join(kitchen.folder, 'run-codegen.mjs'));
  expect(await kitchen.node('run-codegen.mjs')).toEqual({ code: 0, stdout: '', stderr: '' });
  const options = '--strict --skipLibCheck --target es2022 --module nodenext --types node'.split(' ');
  const tsc = await kitchen.node(resolve('node_modules/typescript/bin/tsc'), ...options, 'turbine.ts');
  expect(tsc).toEqual({ code: 0, stdout: '', stderr: '' });
  const { lines } = await cook('turbine.js');
  const nothing = '{ name: undefined, serialNumber: undefined, asOf: undefined }';
  expect(lines).toEqual([TURBINE, nothing, FAILURE]);
});

describe('clients with a cache of objects', () => {
  beforeAll(async () => {
    printed(await kitchen.node('schema-facts.mjs'));
    printed(await kitchen.node('urql-schema.mjs'));
  });

  const OPERATIONS = 3 + 2;
  const BY_HASH = Array<string>(OPERATIONS).fill('GET by hash');

  test.each(['apollo.mjs', 'urql.mjs'])(
    '%s: pages, objects by id, partial data; what one has registered, the next gets by GET with the hash alone',
    async (script) => {
      const first = await cook(script);
      const pages = script === 'urql.mjs' ? ['{ turbines: 20 }', ...PAGES] : PAGES;
      expect(first.lines).toEqual([...pages, TURBINE, NAMES, FAILURE]);
      // Three texts, each sent once.
      expect(first.asked.filter((how) => how === 'GET by hash')).toHaveLength(OPERATIONS);
      expect(first.asked).toHaveLength(OPERATIONS + 3);
      const second = await cook(script);
      expect(second.lines).toEqual(first.lines);
      expect(second.asked).toEqual(BY_HASH);
    },
  );
});

// It has builds for the usual platforms.
const compiler = createRequire(import.meta.url)('relay-compiler') as string | null;
(compiler === null ? describe.skip : describe)('Relay', () => {
  /** Compiles, and does what the plugin of a bundler does: texts become imports, and names of files need no ending. */
  async function prepare(config: string): Promise<void> {
    const { stdout, stderr } = await kitchen.run(compiler ?? '', config);
    expect(`${stdout}${stderr}`).toContain('Compilation completed');
    const imports: string[] = [];
    const source = kitchen
      .read('relay.js')
      .replace(/graphql`\s*(?:query|fragment) (\w+)[^`]*`/g, (_text, name) => {
        imports.push(`import ${name} from './__generated__/${name}.graphql.js';\n`);
        return String(name);
      });
    expect(imports).toHaveLength(4);
    kitchen.write('relay.bundle.mjs', imports.join('') + source);
    for (const file of kitchen.list('__generated__'))
      kitchen.write(file, kitchen.read(file).replace(/from '(\.\/\w+\.graphql)'/g, "from '$1.js'"));
  }
  const LINES = [...PAGES, TURBINE, FAILURE, NAMES];

  test('its compiler takes the schema, and a connection grows by refetching its owner as a node', async () => {
    await prepare('relay.config.json');
    const { lines, asked } = await cook('relay.bundle.mjs');
    expect(lines).toEqual(LINES);
    expect(asked).toHaveLength(3 + 2);
  });

  test('the file that its compiler writes is an allow-list, whose operations it asks by id', async () => {
    kitchen.write('documents.json', '{}');
    await prepare('relay.documents.json');
    const allowing = await startServer(simulator.url, {
      DOCUMENTS_FILE: join(kitchen.folder, 'documents.json'),
      DOCUMENTS_ONLY: 'on',
    });
    try {
      kitchen.write('relay.bundle.mjs', kitchen.read('relay.bundle.mjs').replaceAll(proxy.url, allowing.url));
      expect(printed(await kitchen.node('relay.bundle.mjs'))).toEqual(LINES);
      const { status } = await ask(allowing.url, '{ __typename }');
      expect(status).toBe(403);
    } finally {
      await allowing.stop();
    }
  });
});
