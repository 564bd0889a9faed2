/**
 * A gateway between server and simulator that misbehaves on purpose: for the requests that a rule matches it answers with
 * a fault, everything else it passes through untouched (path, headers and body bytes, so signatures stay valid).
 */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong. `replace` answers with the given JSON envelope instead. */
export type Fault =
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  | { kind: 'html' }
  | { kind: 'cut' }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'rewrite'; rewrite: (body: string) => string };

/** Chooses the fault for a request by its URL and body, or none. */
export type FaultRule = (request: { method: string; url: string; body: string }) => Fault | undefined;

/** A running faulty gateway. */
export interface FaultyGateway {
  url: string;
  /** Replaces the rule; undefined passes everything. */
  setRule(rule: FaultRule | undefined): void;
  close(): Promise<void>;
}

/** Starts the gateway in front of `targetUrl`. */
export async function startFaultyGateway(targetUrl: string): Promise<FaultyGateway> {
  let rule: FaultRule | undefined;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const fault = rule?.({
        method: incoming.method ?? 'GET',
        url: incoming.url ?? '/',
        body: body.toString(),
      });
      pass(targetUrl, incoming, body, outgoing, fault);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setRule: (next) => {
      rule = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(
  targetUrl: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  fault: Fault | undefined,
): void {
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'status') {
    outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
    outgoing.end(fault.body ?? '{"message":"An unexpected error occurred"}');
    return;
  }
  if (fault?.kind === 'html') {
    outgoing.writeHead(200, { 'content-type': 'text/html' });
    outgoing.end('<html><body>Bad gateway at http://10.1.2.3:8080</body></html>');
    return;
  }
  const target = new URL(targetUrl);
  const upstream = httpRequest(
    {
      host: target.hostname,
      port: target.port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, host: target.host },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        let text = Buffer.concat(chunks);
        if (fault?.kind === 'rewrite') text = Buffer.from(fault.rewrite(text.toString()));
        outgoing.writeHead(response.statusCode ?? 502, {
          'content-type': response.headers['content-type'] ?? 'application/json',
          'content-length': String(text.length),
        });
        if (fault?.kind === 'cut') {
          outgoing.write(text.subarray(0, Math.floor(text.length / 2)), () => outgoing.destroy());
          return;
        }
        outgoing.end(text);
      });
    },
  );
  upstream.on('error', () => outgoing.destroy());
  upstream.end(body);
}
