/** Bytes over a socket of one's own, for requests that no decent client sends. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Opens a connection to the server of an address. Errors of the socket show as its end. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  return socket;
}

/** Sends the bytes and resolves with everything that comes back until the server closes, or `waitMs` has passed. */
export function sendRaw(url: string, bytes: string | Uint8Array, waitMs = 10_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = openSocket(url);
    let answer = '';
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.write(bytes);
  });
}

/** Status of a raw answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
