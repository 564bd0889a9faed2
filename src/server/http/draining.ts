/** How a server ends without failing any request: balancers notice first, then requests under way are finished. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';

/** How often connections are checked while the server stops. */
const SWEEP_INTERVAL_MS = 50;
/**
 * A connection on which nothing has come for so long is closed. Busy clients send their next request within it, which is
 * answered with `Connection: close`; to close between two requests would cut off one that is being sent.
 */
const IDLE_MS = 1_000;
/** How long the client's end of a connection that we have closed is waited for. */
const LINGER_MS = 500;
/** Turns of the event loop in which connections may still come before no more are taken. */
const MOST_TURNS = 100;

/** What is known of one connection. */
interface Connection {
  readonly socket: Socket;
  /** The answer that was begun last, until it is sent. */
  answer: ServerResponse | undefined;
  /** From `performance.now()`; meaningless while there is an answer. */
  idleSince: number;
  /** Bytes that had come when it was last seen idle: more of them are the beginning of a request. */
  bytesSeen: number;
  isClosing: boolean;
}

const CONNECTION = Symbol('connection');
type WithConnection = Socket & { [CONNECTION]?: Connection };

/** The connections of a server, and how they come to their end. */
export class Connections {
  readonly #open = new Set<Connection>();
  #accepted = 0;
  #isDraining = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: WithConnection) => {
      const idleSince = performance.now();
      const connection = { socket, answer: undefined, idleSince, bytesSeen: 0, isClosing: false };
      socket[CONNECTION] = connection;
      this.#open.add(connection);
      this.#accepted += 1;
      socket.once('close', () => this.#open.delete(connection));
    });
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * A request has come in. False if its connection is closed already: it crossed our end of it, the client knows from there
   * that it was not answered, and nothing must be done for it, so that it can be sent again.
   */
  begin({ socket }: IncomingMessage, answer: ServerResponse): boolean {
    const connection = (socket as WithConnection)[CONNECTION];
    if (connection === undefined) return true;
    if (connection.isClosing) {
      socket.destroy();
      return false;
    }
    if (this.#isDraining) {
      // Of several requests that were sent at once the last answer ends the connection, unless one before it is sent already.
      const before = connection.answer;
      if (before && !before.headersSent) before.shouldKeepAlive = true;
      answer.shouldKeepAlive = false;
    }
    connection.answer = answer;
    return true;
  }

  /** An answer is sent, or its client has gone. */
  end({ socket }: IncomingMessage, answer: ServerResponse): void {
    const connection = (socket as WithConnection)[CONNECTION];
    if (connection?.answer !== answer) return;
    connection.answer = undefined;
    connection.idleSince = performance.now();
    connection.bytesSeen = socket.bytesRead;
  }

  /** From now on each answer, also those under way, asks its client to reconnect, and so to reach another replica. */
  startDraining(): void {
    this.#isDraining = true;
    for (const { answer } of this.#open) if (answer && !answer.headersSent) answer.shouldKeepAlive = false;
  }

  /**
   * Takes no new connections, closes those on which nothing comes any more, and resolves once none is left; after `graceMs`
   * those that still work are cut.
   */
  async drain(graceMs: number): Promise<void> {
    if (!this.server.listening) return;
    // First of all: clients that are told to reconnect must be refused here, not accepted and then cut.
    await this.#afterAccepting();
    const closed = new Promise<void>((resolve) => {
      // Not the method of the HTTP server, which would cut idle connections at once, with what is being sent on them.
      NetServer.prototype.close.call(this.server, () => resolve());
    });
    this.startDraining();
    let sweeping = false;
    const sweep = async (): Promise<void> => {
      if (sweeping) return;
      sweeping = true;
      await this.#sweep();
      sweeping = false;
    };
    const timer = setInterval(() => void sweep(), SWEEP_INTERVAL_MS);
    const end = setTimeout(() => this.server.closeAllConnections(), graceMs);
    void sweep();
    await closed;
    clearInterval(timer);
    clearTimeout(end);
    // Stops the timers of the HTTP server.
    this.server.close();
  }

  async #sweep(): Promise<void> {
    const now = performance.now();
    const idle = [...this.#open].filter((connection) => isIdle(connection, now));
    if (idle.length === 0) return;
    await this.#afterReading();
    for (const connection of idle) {
      const { socket, answer, bytesSeen } = connection;
      if (answer !== undefined || socket.bytesRead !== bytesSeen) continue;
      connection.isClosing = true;
      // Not destroyed: what crosses our end would then be answered with a reset.
      socket.end();
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    }
  }

  /** Resolves when no connection waits to be accepted; one that did would be reset, with the request on it. */
  async #afterAccepting(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const before = this.#accepted;
      await this.#afterReading();
      if (this.#accepted === before) return;
    }
  }

  /** Resolves when everything has been read that had arrived. */
  #afterReading(): Promise<void> {
    return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
}

function isIdle(connection: Connection, now: number): boolean {
  const { socket, answer, bytesSeen, isClosing } = connection;
  if (answer !== undefined || isClosing) return false;
  if (socket.bytesRead !== bytesSeen) {
    // The head of a request is coming in. What of it does not come in time ends with the bounds of the server.
    connection.bytesSeen = socket.bytesRead;
    connection.idleSince = now;
  }
  return now - connection.idleSince >= IDLE_MS;
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
