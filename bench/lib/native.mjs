/** The two C programs, compiled where they are missing or older than their source: the upstream and the load. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { has, pinned } from './machine.mjs';
import { freePort, start } from './processes.mjs';

/** Folder for what is built; ignored by git. */
export const buildDir = fileURLToPath(new URL('../.build/', import.meta.url));
mkdirSync(buildDir, { recursive: true });

function compile(source, name) {
  const from = fileURLToPath(new URL(`../${source}`, import.meta.url));
  const to = `${buildDir}${name}`;
  const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (changedAt(to) > changedAt(from)) return to;
  if (!has('cc')) throw new Error('the benchmark needs a C compiler (cc) for its upstream and its load');
  execFileSync('cc', ['-O2', '-Wall', '-Wextra', '-o', to, from], { stdio: 'inherit' });
  return to;
}

/** Starts the upstream over a rendered world. */
export async function startUpstream(dataFile) {
  const port = await freePort();
  const stub = start(1, [compile('upstream/stub.c', 'stub'), dataFile, String(port)], { output: 'pipe' });
  await new Promise((resolve, reject) => {
    stub.child.stdout.once('data', resolve);
    stub.child.once('exit', () => reject(new Error(`the upstream did not start: ${stub.said()}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    stop: stub.stop,
    said: stub.said,
    cpu: stub.cpu,
    /** Calls by operation since the last reset. */
    calls: async () => (await fetch(`${url}/__calls`)).json(),
    reset: async () => void (await fetch(`${url}/__calls`, { method: 'DELETE' })).text(),
  };
}

/** Number of calls that carry data: all but those for the token. Throws where the upstream was asked what it does not know. */
export function dataCalls(calls, said) {
  if (calls.other > 0) throw new Error(`the upstream does not know what it was asked: ${said()}`);
  return Object.values(calls).reduce((sum, count) => sum + count, 0) - calls.token;
}

/**
 * Runs the load against a port. `pairs` holds `{ text, expected }` per request: its body and the bytes that must come
 * back. `rate` 0 asks as fast as answers come. Latencies are in microseconds.
 */
export async function runLoad(port, pairs, { connections, warmUp, seconds, rate = 0 }) {
  const load = compile('load/load.c', 'load');
  const file = `${buildDir}requests-${process.pid}`;
  const parts = pairs.flatMap(({ text, expected }) => {
    const body = Buffer.from(text);
    return [Buffer.from(`${body.length} ${expected.length}\n`), body, expected, Buffer.from('\n')];
  });
  writeFileSync(file, Buffer.concat(parts));
  const [program, ...args] = pinned(1, [load, port, connections, warmUp, seconds, rate, file].map(String));
  const { stdout } = await promisify(execFile)(program, args);
  return JSON.parse(stdout);
}
