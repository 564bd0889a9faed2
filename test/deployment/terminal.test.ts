/** What a person sees at a terminal, and what a program reads where there is none: real processes, a pseudo terminal. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { FakeGateway, json } from '../support/fake-gateway.js';
import { ask } from '../support/graphql-client.js';
import { DEMO_CREDENTIALS, startServerProcess } from '../support/processes.js';
import { waitFor } from '../support/redis.js';

const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');
if (!hasScript)
  process.stderr.write('\n!!! script (util-linux) is missing: the tests of the terminal are SKIPPED.\n\n');
const describeAtTerminal = hasScript ? describe : describe.skip;

let gateway: FakeGateway;
const started: ChildProcess[] = [];
beforeAll(async () => {
  gateway = await FakeGateway.start();
});
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => gateway.stop());

interface AtTerminal {
  child: ChildProcess;
  lines: () => string[];
}

/** Runs the server at a terminal of its own. */
function atTerminal(env: Record<string, string> = {}, args = ''): AtTerminal {
  const child = spawn('script', ['-qec', `exec ${process.execPath} dist/cli.js ${args}`, '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    lines: () =>
      stripVTControlCharacters(text)
        .split(/\r?\n/)
        .filter((line) => line !== ''),
  };
}

const settings = (): Record<string, string> => ({ PORT: '0', ENOS_URL: gateway.url, ...DEMO_CREDENTIALS });

async function addressOf(terminal: AtTerminal): Promise<string> {
  const found = () => /listens on (http:\S+)\/graphql/.exec(terminal.lines().join('\n'))?.[1];
  await waitFor(() => found() !== undefined, 'the address', 30_000);
  return found() ?? '';
}

describeAtTerminal('at a terminal', () => {
  test('the address comes first, then one line for each request, and no settings, no JSON', async () => {
    gateway.answer = (_, response) => json(response, { code: 0, data: {} });
    const terminal = atTerminal(settings());
    const url = await addressOf(terminal);
    expect(terminal.lines()[0]).toBe(`enos-graphql listens on ${url}/graphql`);
    const before = terminal.lines().length;
    await ask(url, 'query Greeting { __typename }');
    await ask(url, 'query Broken { asset(assetId: "a1") { nothing } }');
    await waitFor(() => terminal.lines().length === before + 2, 'two lines');
    const [first, second] = terminal.lines().slice(before);
    expect(first).toMatch(
      /^\d\d:\d\d:\d\d POST \/graphql {2}query Greeting {2}200 {2}[\d.]+ ms {2}0 calls to EnOS$/,
    );
    expect(second).toMatch(/GRAPHQL_VALIDATION_FAILED$/);
    expect(terminal.lines().join('\n')).not.toMatch(/[{}]|SHUTDOWN_TIMEOUT/);
    const ended = once(terminal.child, 'exit');
    terminal.child.kill('SIGTERM');
    await ended;
  });

  test('a simulator that was started is told after the address', async () => {
    const terminal = atTerminal({ PORT: '0', SIMULATOR_PORT: '0' });
    await addressOf(terminal);
    await waitFor(
      () => terminal.lines().some((line) => line.includes('(the simulator) at http')),
      'the simulator',
    );
    expect(terminal.lines()[0]).toContain('listens on');
  });

  test('a port that is taken is a sentence, without a stack', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const terminal = atTerminal({ ...settings(), PORT: port });
    await once(terminal.child, 'close');
    taken.close();
    expect(terminal.lines().join('\n')).toMatch(
      new RegExp(`^\\S+ error port ${port} is taken: end what uses it, or set PORT$`),
    );
  });
});

test('where standard output is no terminal every line is JSON', async () => {
  const server = await startServerProcess(gateway.url, { LOG_LEVEL: 'info' });
  await ask(server.url, '{ __typename }');
  await server.stop();
  const lines = server.output().trim().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
});

test('--print-settings prints the settings as they would hold, secrets masked, and starts nothing', () => {
  const { stdout, status } = spawnSync(process.execPath, ['dist/cli.js', '--print-settings'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ENOS_SECRET_KEY: 'top-secret', PORT: '4711' },
  });
  expect(status).toBe(0);
  expect(stdout).toContain('PORT=4711\n');
  expect(stdout).toContain('ENOS_SECRET_KEY=***\n');
  expect(stdout).not.toContain('top-secret');
});
