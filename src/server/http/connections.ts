/**
 * Bounds of connections, against clients that open many, send slowly, or do not take their answers. Requests are read by
 * node's strict parser only: what two servers could read in two ways (smuggling) is refused with 400.
 */
import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';

/** Bounds of a server's connections. Times are milliseconds. */
export interface ConnectionLimits {
  /** Connections at once; further ones are closed. */
  maxConnections: number;
  /** Bytes of the head of a request (431 beyond). */
  maxHeaderBytes: number;
  /** In which the head must arrive (408 beyond). */
  headersTimeout: number;
  /** In which the whole request must arrive (408 beyond). */
  requestTimeout: number;
  /** Without progress, while an answer is sent or awaited. */
  slowClientTimeout: number;
}

/** What holds where nothing else is said. */
export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  maxConnections: 10_000,
  maxHeaderBytes: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  slowClientTimeout: 30_000,
};

/** Longer than load balancers keep an idle connection, so that it is they who close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often node looks for requests that are late. */
const CHECK_INTERVAL_MS = 1_000;
/** An answer that is taken drop by drop makes progress for ever: it may last that many times as long as one without any. */
const DRIP_FACTOR = 4;

/** The options by which node's server is made. */
export function connectionOptions(limits: ConnectionLimits): ServerOptions {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: Math.min(limits.headersTimeout, limits.requestTimeout),
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
}

/** Bounds the connections of a server; `longestAnswer` is how long a client may have to wait for an answer to begin. */
export function boundConnections(server: Server, limits: ConnectionLimits, longestAnswer: number): void {
  server.maxConnections = limits.maxConnections;
  // Node counts bytes that the client takes as progress. While it waits for its answer there are none.
  const patience = Math.max(limits.slowClientTimeout, longestAnswer + CHECK_INTERVAL_MS);
  server.setTimeout(patience, (socket) => socket.destroy());
  closeDripping(server, patience * DRIP_FACTOR);
}

/** Closes connections on which something has been waiting to be taken for so long, without ever being all taken. */
function closeDripping(server: Server, longest: number): void {
  const sockets = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, Number.POSITIVE_INFINITY);
    socket.once('close', () => sockets.delete(socket));
  });
  const sweep = setInterval(
    () => {
      const now = performance.now();
      for (const [socket, since] of sockets) {
        if (socket.writableLength === 0) {
          if (since !== Number.POSITIVE_INFINITY) sockets.set(socket, Number.POSITIVE_INFINITY);
        } else if (since === Number.POSITIVE_INFINITY) sockets.set(socket, now);
        else if (now - since > longest) socket.destroy();
      }
    },
    Math.max(50, Math.min(5_000, longest / 8)),
  ).unref();
  server.once('close', () => clearInterval(sweep));
}
