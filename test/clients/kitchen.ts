/** Recipes taken from docs/clients.md, laid out in a folder of their own, and run as processes like a reader would run them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The address that the page names. */
const ADDRESS = 'http://127.0.0.1:4000';
/** A file's name on a line of its own, and the block below it. */
const BLOCK = /^`([\w.-]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm;

/** What came of a process. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder with the files of the page, the schema, and the packages of this repository. */
export class Kitchen {
  readonly folder = mkdtempSync(join(tmpdir(), 'enos-graphql-clients-'));
  /** Names of the files that the page has. */
  readonly files: string[] = [];

  /** `serverUrl` takes the place of the address that the page names: nothing else of a recipe is changed. */
  constructor(serverUrl: string) {
    const page = readFileSync('docs/clients.md', 'utf8').replaceAll('\r\n', '\n');
    for (const [, name = '', text = ''] of page.matchAll(BLOCK)) {
      this.files.push(name);
      this.write(name, text.replaceAll(ADDRESS, serverUrl));
    }
    this.write('package.json', '{ "type": "module" }');
    copyFileSync('schema/schema.graphql', join(this.folder, 'schema.graphql'));
    symlinkSync(resolve('node_modules'), join(this.folder, 'node_modules'), 'junction');
  }

  /** Runs a script of the folder with Node. */
  node(script: string, ...args: string[]): Promise<Outcome> {
    return this.run(process.execPath, '--disable-warning=ExperimentalWarning', script, ...args);
  }

  /** Runs a command in the folder. */
  async run(command: string, ...args: string[]): Promise<Outcome> {
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { PATH, HOME, TMPDIR, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Names of the files in a folder below. */
  list(name: string): string[] {
    return readdirSync(join(this.folder, name)).map((file) => `${name}/${file}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
