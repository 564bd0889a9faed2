/** How a server ends without failing anybody: balancers notice first, then requests under way are finished. */
import type { Server } from 'node:http';

/** How often connections that have become idle are closed while the server stops. */
const INTERVAL_MS = 50;

/**
 * Takes no new connections, closes those that are idle, and resolves once none is left; after `graceMs` those that still
 * work are cut.
 */
export function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    // A connection that is kept alive after its last answer would otherwise be waited for as if it still worked.
    const idle = setInterval(() => server.closeIdleConnections(), INTERVAL_MS);
    const end = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(end);
      resolve();
    });
  });
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
