/**
 * The simulator as an HTTP server: reads a request whole, lets `Dispatcher` answer it, writes the answer, late or spoilt
 * where a rule says so. Gateway matters only; what EnOS's services do is in services/.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './control/deliver.js';
import { Dispatcher } from './dispatcher.js';
import type { DispatcherOptions } from './dispatcher.js';
import { isMultipart } from './multipart.js';

/** How to start a simulator. Port 0 takes any free port. */
export interface SimulatorOptions extends DispatcherOptions {
  port?: number;
  host?: string;
  /** Largest request body in bytes; beyond it the gateway's 413. */
  maxBodyBytes?: number;
}

/** A simulator that listens. */
export interface RunningSimulator {
  /** Base address without a slash at the end, such as `http://127.0.0.1:4100`. */
  url: string;
  port: number;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
/** A firmware or a file of an asset may have 100 MB. */
const DEFAULT_MAX_FORM_BYTES = 128 * 1024 * 1024;

class BodyTooLarge extends Error {}

/** Starts a local EnOS on a world and resolves once it listens. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const dispatcher = new Dispatcher(options);
  const host = options.host ?? '127.0.0.1';
  const server = createServer({ keepAlive: true }, (request, response) => {
    // A rejection means that the caller went away while sending: there is nobody to answer.
    const usual = isMultipart(request.headers) ? DEFAULT_MAX_FORM_BYTES : DEFAULT_MAX_BODY_BYTES;
    answer(dispatcher, request, response, options.maxBodyBytes ?? usual).catch(() => response.destroy());
  });
  // Longer than clients keep an idle connection, so that it is they who close it and no request meets a closed one.
  server.keepAliveTimeout = 65_000;
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => close(server),
  };
}

async function answer(
  dispatcher: Dispatcher,
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
): Promise<void> {
  let body: Buffer;
  try {
    body = await readBody(request, maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    request.resume();
    await deliver(response, dispatcher.tooLarge(), null, dispatcher.now());
    return;
  }
  const received = dispatcher.receive({
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: request.headers,
    body,
  });
  const { verdict, entry } = received;
  if (verdict.delay > 0) await pause(response, verdict.delay);
  if (response.destroyed) {
    if (entry !== null) entry.ending = 'left';
    return;
  }
  const reply = await dispatcher.answer(received);
  if (reply.wait !== undefined) await pause(response, reply.wait);
  const ending = await deliver(response, reply, verdict.fault, dispatcher.now());
  if (entry !== null) entry.ending = ending;
}

/** Resolves after so many milliseconds, or as soon as the caller has left. */
function pause(response: ServerResponse, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // Not `for await`: leaving that loop early destroys the request, and with it the socket that the 413 has to use.
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) reject(new BodyTooLarge());
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('The request was cut off')));
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
