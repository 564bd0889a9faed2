/** How the process ends: the pause in which balancers notice, and what a second signal does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeGateway, json } from '../support/fake-gateway.js';
import { ask } from '../support/graphql-client.js';
import { DEMO_CREDENTIALS, startServerProcess } from '../support/processes.js';
import { waitFor } from '../support/redis.js';

let gateway: FakeGateway;
beforeAll(async () => {
  gateway = await FakeGateway.start();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.answer = (_, response) => json(response, { code: 0, data: {} });
});

const readyStatus = async (url: string): Promise<number> => (await fetch(`${url}/health/ready`)).status;

test('after SIGTERM it is not ready at once, but answers until the delay is over, and tells clients to leave', async () => {
  const server = await startServerProcess(gateway.url, { SHUTDOWN_DELAY: '1500ms' });
  const ended = once(server.process, 'exit');
  expect(await readyStatus(server.url)).toBe(200);
  server.process.kill('SIGTERM');
  await waitFor(async () => (await readyStatus(server.url)) === 503, 'the server to say it is not ready');
  const reply = await new Promise<{ status?: number; connection?: string }>((resolve, reject) => {
    const agent = new Agent({ keepAlive: true });
    request(`${server.url}/graphql?query={__typename}`, { agent }, (res) => {
      res.resume();
      resolve({ status: res.statusCode, connection: res.headers.connection });
    })
      .on('error', reject)
      .end();
  });
  expect(reply).toEqual({ status: 200, connection: 'close' });
  const [code] = (await ended) as [number | null];
  expect(code).toBe(0);
});

test('a second signal ends it at once, whatever is under way; an echo of the first does not', async () => {
  const server = await startServerProcess(gateway.url, { SHUTDOWN_TIMEOUT: '60s' });
  let asked = false;
  gateway.answer = (_, response) => {
    asked = true;
    setTimeout(() => json(response, { code: 0, data: {} }), 30_000).unref();
  };
  const answer = ask(server.url, '{ asset(assetId: "any") { name } }').catch(() => 'cut');
  await waitFor(() => asked, 'the call to EnOS');
  const ended = once(server.process, 'exit');
  server.process.kill('SIGTERM');
  await sleep(200);
  server.process.kill('SIGTERM');
  await sleep(1_200);
  expect(server.process.exitCode).toBeNull();
  server.process.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  expect(code).toBe(1);
  expect(await answer).toBe('cut');
});

/** One request over the agent's connections. Resolves with the answer's Connection header, rejects as the connection does. */
function post(url: string, agent: Agent, query: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    request(
      `${url}/graphql`,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      (res) => {
        res.resume();
        res.once('error', reject);
        res.once('end', () =>
          res.statusCode === 200
            ? resolve(res.headers.connection)
            : reject(new Error(String(res.statusCode))),
        );
      },
    )
      .on('error', reject)
      .end(JSON.stringify({ query }));
  });
}

test.each([
  ['without a break', () => 0],
  ['with pauses', () => Math.random() * 60],
  ['with an EnOS that takes its time', () => Math.random() * 5],
])('of clients that keep their connections busy %s none loses a request to SIGTERM', async (how, thinkMs) => {
  if (how.includes('EnOS'))
    gateway.answer = (_, response) =>
      void setTimeout(() => json(response, { code: 0, data: {} }), 40 * Math.random());
  for (let round = 0; round < 2; round += 1) {
    const server = await startServerProcess(gateway.url);
    const lost: string[] = [];
    let answered = 0;
    let told = 0;
    const client = async (name: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let count = 0; ; count += 1) {
        try {
          // Some are answered from the cache, some must ask.
          const id = Math.random() < 0.5 ? 'a' : `a${name}x${count}`;
          const connection = await post(server.url, agent, `{ asset(assetId: "${id}") { assetId } }`);
          answered += 1;
          if (connection === 'close') told += 1;
          await sleep(thinkMs());
        } catch (error) {
          const { code = String(error) } = error as NodeJS.ErrnoException;
          // A connection that is refused has carried nothing: the client goes to another replica.
          if (code !== 'ECONNREFUSED') lost.push(code);
          agent.destroy();
          return;
        }
      }
    };
    const clients = Array.from({ length: 20 }, (_, name) => client(name));
    await waitFor(() => answered > 60, 'clients to be busy');
    const ended = once(server.process, 'exit');
    server.process.kill('SIGTERM');
    await Promise.all(clients);
    expect(((await ended) as [number | null])[0]).toBe(0);
    expect(lost).toEqual([]);
    expect(told).toBe(20);
  }
});

/** A connection with everything that comes on it. */
async function open(url: string): Promise<{ socket: Socket; text: () => string; end: Promise<string> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const end = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
  await once(socket, 'connect');
  return { socket, text: () => text, end };
}

const GET = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const answersIn = (text: string): number => text.split('HTTP/1.1 200').length - 1;

test('after SIGTERM idle connections are closed in order, and a request of which half has come is answered', async () => {
  const server = await startServerProcess(gateway.url);
  const [idle, used, half] = await Promise.all([1, 2, 3].map(() => open(server.url)));
  if (!idle || !used || !half) throw new Error('unreachable');
  used.socket.write(GET);
  await waitFor(() => answersIn(used.text()) === 1, 'the answer');
  await sleep(1_100);
  half.socket.write(GET.slice(0, 20));
  await sleep(50);
  const ended = once(server.process, 'exit');
  server.process.kill('SIGTERM');
  const since = performance.now();
  expect(await Promise.all([idle.end, used.end])).toEqual(['end', 'end']);
  expect(performance.now() - since).toBeLessThan(900);
  half.socket.write(GET.slice(20));
  expect(await half.end).toBe('end');
  expect(answersIn(half.text())).toBe(1);
  expect(half.text().match(/Connection: close/gi)).toHaveLength(1);
  expect(((await ended) as [number | null])[0]).toBe(0);
});

test('SIGTERM to `npm start` is one to the server: requests are finished, and npm ends after it', async () => {
  let asked = false;
  gateway.answer = (_, response) => {
    asked = true;
    setTimeout(() => json(response, { code: 0, data: {} }), 1_500);
  };
  const npm = spawn('npm', ['start', '--silent'], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      ENOS_URL: gateway.url,
      ...DEMO_CREDENTIALS,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const found = () => /"graphql":"(http:[^"]+)\/graphql"/.exec(output)?.[1];
  await waitFor(() => found() !== undefined, 'the server to listen', 50_000);
  const answer = ask(found() ?? '', '{ asset(assetId: "any") { assetId } }');
  await waitFor(() => asked, 'the call to EnOS');
  const ended = once(npm, 'exit');
  npm.kill('SIGTERM');
  expect(await answer).toMatchObject({ status: 200 });
  await ended;
  await expect(fetch(`${found()}/health/live`)).rejects.toThrow();
});
