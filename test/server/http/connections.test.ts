/** Clients that open many connections, send slowly, do not take their answers, or try to be read in two ways. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DEFAULT_CONNECTION_LIMITS,
  boundConnections,
  connectionOptions,
} from '../../../src/server/http/connections.js';
import type { ConnectionLimits } from '../../../src/server/http/connections.js';
import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';
import { openSocket, sendRaw, statusOf } from '../../support/raw-http.js';
import { waitFor } from '../../support/redis.js';

async function withServer(limits: Partial<ConnectionLimits>, run: (server: RunningServer) => Promise<void>) {
  const server = await startGraphServer({
    connections: { ...DEFAULT_CONNECTION_LIMITS, ...limits },
  });
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

const head = (length: number, more = '') =>
  `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}`;

test('a head that arrives drop by drop is cut off', async () => {
  await withServer({ headersTimeout: 300 }, async ({ url }) => {
    const socket = openSocket(url);
    const closed = once(socket, 'close');
    socket.resume();
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\n');
    const drops = setInterval(() => socket.write('X-A: b\r\n'), 100);
    await closed;
    clearInterval(drops);
  });
});

test('a body that arrives drop by drop is cut off', async () => {
  await withServer({ requestTimeout: 500 }, async ({ url }) => {
    const socket = openSocket(url);
    const closed = once(socket, 'close');
    socket.resume();
    socket.write(`${head(100_000)}\r\n`);
    const drops = setInterval(() => socket.write(' '), 100);
    await closed;
    clearInterval(drops);
  });
});

describe('a client that does not take its answer', () => {
  const LENGTH = 32_000_000;

  /** A server whose answers are large, and how many connections it has. */
  async function largeAnswers(
    limits: Partial<ConnectionLimits>,
    run: (url: string, count: () => Promise<number>) => Promise<void>,
  ) {
    const all = { ...DEFAULT_CONNECTION_LIMITS, ...limits };
    const server = createServer(connectionOptions(all), (_req, res) => res.end('x'.repeat(LENGTH)));
    boundConnections(server, all, 0);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const count = () => new Promise<number>((resolve) => server.getConnections((_error, n) => resolve(n)));
    try {
      await run(`http://127.0.0.1:${port}`, count);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test('is cut off when it takes nothing', async () => {
    await largeAnswers({ slowClientTimeout: 300 }, async (url, count) => {
      const socket = openSocket(url).pause();
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'connect');
      await waitFor(async () => (await count()) === 0, 'the end of the connection');
      socket.destroy();
    });
  });

  test('is cut off after a while when it takes it drop by drop', async () => {
    await largeAnswers({ slowClientTimeout: 500 }, async (url, count) => {
      const socket = openSocket(url).pause();
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'connect');
      const sips = setInterval(() => void socket.read(65_536), 50);
      await waitFor(async () => (await count()) === 0, 'the end of the connection');
      clearInterval(sips);
      expect(socket.bytesRead).toBeLessThan(LENGTH);
      socket.destroy();
    });
  });

  test('may be slow if it gets on', async () => {
    await largeAnswers({ slowClientTimeout: 2_000 }, async (url) => {
      const reply = await fetch(url);
      let length = 0;
      for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>) {
        length += chunk.length;
        if (length % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(length).toBe(LENGTH);
    });
  });
});

test('more connections than allowed are closed, and give way again', async () => {
  await withServer({ maxConnections: 5 }, async ({ url }) => {
    const held = Array.from({ length: 5 }, () => openSocket(url));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    await waitFor(
      async () => (await sendRaw(url, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')) === '',
      'refusal',
    );
    for (const socket of held) socket.destroy();
    const request = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    await waitFor(async () => statusOf(await sendRaw(url, request)) === 200, 'room for connections');
  });
});

test('a head that is too large is 431', async () => {
  await withServer({ maxHeaderBytes: 4_096 }, async ({ url }) => {
    const answer = await sendRaw(url, `${head(2, `X-Long: ${'x'.repeat(5_000)}\r\n`)}\r\n{}`);
    expect(statusOf(answer)).toBe(431);
  });
});

describe('what two servers could read in two ways is refused', () => {
  const smuggled = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
  test.each([
    ['length and chunks', `${head(4, 'Transfer-Encoding: chunked\r\n')}\r\n0\r\n\r\n${smuggled}`],
    ['two lengths', `${head(4, 'Content-Length: 40\r\n')}\r\n{}  ${smuggled}`],
    ['a length with a sign', `${head(4).replace(': 4', ': +4')}\r\n{}  `],
    ['a space before the colon', `${head(4, 'Transfer-Encoding : chunked\r\n')}\r\n0\r\n\r\n`],
    [
      'an unknown transfer encoding',
      `${head(4, '').replace('Content-Length: 4', 'Transfer-Encoding: xchunked')}\r\n0\r\n\r\n`,
    ],
    ['a bare line feed in the head', 'GET /health/live HTTP/1.1\nHost: x\n\n'],
    ['a folded header', `GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n`],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['a control character in a header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n'],
  ])('%s', async (_name, bytes) => {
    await withServer({}, async ({ url }) => {
      const answer = await sendRaw(url, bytes, 5_000);
      expect(statusOf(answer)).toBe(400);
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    });
  });
});
