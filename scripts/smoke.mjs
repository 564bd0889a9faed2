/**
 * The built server as its users meet it: starts on the simulator, answers the screen query, shows GraphiQL, and ends in order
 * at SIGTERM. `node scripts/smoke.mjs [path of a node]`; exits with 1 and the reason where something of it fails.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const program = process.argv[2] ?? process.execPath;
const server = spawn(program, ['--max-semi-space-size=32', 'dist/cli.js'], {
  cwd: root,
  // As few variables as a process needs: settings of the machine must not decide.
  env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', SIMULATOR_PORT: '0' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let output = '';
for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
const ended = once(server, 'exit');

try {
  const url = await address();
  const operation = (ending) => readFileSync(join(root, `schema/operations/screen.${ending}`), 'utf8');
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: operation('graphql'), variables: JSON.parse(operation('json')) }),
  });
  const { data, errors } = await reply.json();
  if (reply.status !== 200 || errors !== undefined || data === null)
    throw new Error(`the screen query got ${reply.status} ${JSON.stringify(errors)}`);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  if (!page.ok || !/graphiql/i.test(await page.text())) throw new Error(`GraphiQL got ${page.status}`);
  server.kill('SIGTERM');
  const [code] = await withTimeout(ended, STOP_TIMEOUT_MS, 'it did not end after SIGTERM');
  if (code !== 0) throw new Error(`it ended with ${code}`);
} catch (error) {
  server.kill('SIGKILL');
  process.stderr.write(`${error.message}\n${output}\n`);
  process.exitCode = 1;
}

/** Where it listens, once it does. */
function address() {
  const listening = new Promise((resolve) => {
    server.stdout.on('data', () => {
      const found = /"graphql":"(http:[^"]+)"/.exec(output)?.[1];
      if (found) resolve(found);
    });
  });
  const gone = ended.then(([code]) => Promise.reject(new Error(`it ended with ${code} before it listened`)));
  return withTimeout(Promise.race([listening, gone]), START_TIMEOUT_MS, 'it did not say where it listens');
}

async function withTimeout(promise, ms, text) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(text)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
