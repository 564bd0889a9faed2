/**
 * A load balancer as small as it can be: takes requests in turn to backends that say they are ready, keeps connections to
 * them alive, and never tries a request twice. What it passes on wrongly is a failed request.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The balancer. */
export interface Balancer {
  url: string;
  /** Whether the backend gets requests at present. */
  isUp(backend: string): boolean;
  /** Requests passed on, by backend. */
  served: Map<string, number>;
  close(): Promise<void>;
}

const CHECK_EVERY_MS = 50;

/** Starts one in front of the backends, http addresses without a path. */
export async function startBalancer(backends: string[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const up = new Set<string>();
  const served = new Map<string, number>();
  let turn = 0;
  const check = async (backend: string): Promise<void> => {
    const ok = await fetch(`${backend}/health/ready`).then(
      async (reply) => (await reply.arrayBuffer(), reply.ok),
      () => false,
    );
    if (ok) up.add(backend);
    else up.delete(backend);
  };
  const checks = setInterval(() => backends.forEach((backend) => void check(backend)), CHECK_EVERY_MS);
  const server = createServer((req, res) => {
    const ready = backends.filter((backend) => up.has(backend));
    const backend = ready[turn++ % ready.length];
    if (backend === undefined) {
      res.writeHead(503).end();
      return;
    }
    served.set(backend, (served.get(backend) ?? 0) + 1);
    const { hostname, port } = new URL(backend);
    const headers = { ...req.headers, connection: 'keep-alive' };
    const onward = request({ agent, hostname, port, path: req.url, method: req.method, headers }, (reply) => {
      const headersBack = { ...reply.headers };
      // Of this hop only: the caller's connection is another.
      delete headersBack.connection;
      res.writeHead(reply.statusCode ?? 502, headersBack);
      reply.pipe(res);
      reply.on('error', () => res.destroy());
    });
    onward.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isUp: (backend) => up.has(backend),
    served,
    close: async () => {
      clearInterval(checks);
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
