/** A scripted EnOS gateway on a real socket: it issues tokens, records every request, and answers as the test says. */
import { createServer } from 'node:http';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it arrived. */
export interface SeenRequest {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers one request. */
export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** Life of the tokens that the default token service issues, in seconds. */
export const TOKEN_LIFE = 7200;

/** A running fake gateway. */
export class FakeGateway {
  /** Requests to services, without those to the token service. */
  readonly calls: SeenRequest[] = [];
  readonly tokenCalls: SeenRequest[] = [];
  /** Answers service calls; a successful empty envelope unless set. */
  answer: Answer = (_, response) => json(response, { code: 0, msg: 'OK', requestId: 'r-1', data: {} });
  /** Answers the token service; `TOKEN-1`, `TOKEN-2` ... unless set. */
  answerToken: Answer = (_, response) =>
    json(response, tokenReply(`TOKEN-${this.tokenCalls.length}`, TOKEN_LIFE));
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections accepted so far. */
  connections = 0;

  private constructor(create: (listener: RequestListener) => Server) {
    this.#server = create((request, response) => void this.#receive(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts one on a free port of the loopback interface; `create` makes another kind of server, such as TLS. */
  static async start(create: (listener: RequestListener) => Server = createServer): Promise<FakeGateway> {
    const gateway = new FakeGateway(create);
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Calls of the token service by action: `get` or `refresh`. */
  tokenActions(): string[] {
    return this.tokenCalls.map(({ path }) => path.split('/').at(-1)!);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const target = message.url ?? '';
    const { pathname, searchParams } = new URL(target, 'http://gateway');
    const request: SeenRequest = {
      method: message.method ?? '',
      target,
      path: pathname,
      query: searchParams,
      headers: message.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    const isToken = pathname.includes('/apim-token-service/');
    (isToken ? this.tokenCalls : this.calls).push(request);
    (isToken ? this.answerToken : this.answer)(request, response);
  }
}

/** Sends a JSON reply. */
export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Envelope of the token service. */
export function tokenReply(accessToken: string, expire: number): unknown {
  return { status: 0, msg: 'SUCCESS', business: 'apim-token-service', data: { accessToken, expire } };
}
