/** HTTP as bytes on a socket, for requests that no client would send. */
import { connect, type Socket } from 'node:net';

/** What came back over one connection. */
export interface RawAnswer {
  /** Status codes of all replies, in order. */
  statuses: number[];
  text: string;
  /** Whether the server ended the connection. */
  closed: boolean;
}

/** Sends bytes and reads until the server closes, or until nothing has come for `quiet` milliseconds. */
export function sendRaw(serverUrl: string, bytes: string | Buffer, quiet = 1_000): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = '';
    const socket = open(serverUrl);
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(/(?:^|\r\n|[}\n])HTTP\/1\.1 (\d{3}) /g)].map((match) =>
        Number(match[1]),
      );
      resolve({ statuses, text, closed });
    };
    let timer = setTimeout(() => end(false), quiet * 5);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(() => end(false), quiet);
    });
    socket.on('close', () => end(true));
    // A reset is an end too.
    socket.on('error', () => undefined);
    socket.write(bytes);
  });
}

/** A plain connection to the server. */
export function open(serverUrl: string): Socket {
  const { hostname, port } = new URL(serverUrl);
  return connect(Number(port), hostname);
}
