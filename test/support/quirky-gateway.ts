/**
 * A gateway between server and simulator that answers as another implementation of the contracts might: it hands on every
 * request untouched (path, headers and body bytes, so signatures stay valid) and rewrites the replies by the quirks that
 * are switched on. It also checks each request against the contract, and counts what is called.
 */
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'lossless-json';
import { contractErrors, operationAt } from './enos-contract.js';
import type { TestedOperation } from './enos-contract.js';
import { requestErrors } from './enos-requests.js';
import { textOf } from './quirks/quirk.js';
import type { Json, Quirk, Random, Reply } from './quirks/quirk.js';

/** A running quirky gateway. */
export interface QuirkyGateway {
  url: string;
  /** Switches these quirks on and all others off, and forgets what was seen. */
  use(...quirks: Quirk[]): void;
  /** Calls per operation since `use`, those to the token service included. */
  readonly calls: Readonly<Record<string, number>>;
  /** Whether the quirks changed a reply since `use`. */
  readonly changed: boolean;
  /** What requests did wrong by the contract since `use`, each once. */
  readonly violations: ReadonlySet<string>;
  /** Replies that the contract's schemas do not accept, unless their quirk says that it goes beyond them. */
  readonly unlawful: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Starts the gateway in front of `targetUrl`; `edition` is what requests are held against. */
export async function startQuirkyGateway(targetUrl: string, edition: string): Promise<QuirkyGateway> {
  const gateway = new Gateway(new URL(targetUrl), edition);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      gateway.answer(incoming, Buffer.concat(chunks), outgoing).catch(() => outgoing.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: (...quirks) => gateway.use(quirks),
    get calls() {
      return gateway.calls;
    },
    get changed() {
      return gateway.changed;
    },
    get violations() {
      return gateway.violations;
    },
    get unlawful() {
      return gateway.unlawful;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface HttpAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

class Gateway {
  calls: Record<string, number> = {};
  changed = false;
  violations = new Set<string>();
  unlawful = new Set<string>();
  #quirks: Quirk[] = [];
  #random = seeded(1);
  /** Whether the token that callers hold counts as ended, until they ask the token service. */
  #tokenEnded = false;

  constructor(
    private readonly target: URL,
    private readonly edition: string,
  ) {}

  use(quirks: Quirk[]): void {
    this.#quirks = quirks;
    this.#random = seeded(1);
    this.#tokenEnded = quirks.some(({ endedToken }) => endedToken !== undefined);
    this.calls = {};
    this.changed = false;
    this.violations = new Set();
    this.unlawful = new Set();
  }

  async answer(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://gateway');
    const method = incoming.method ?? 'GET';
    const operation = operationAt(method, url.pathname, url.searchParams.get('action'));
    this.#record(operation, incoming, url, body);
    const isToken = url.pathname.startsWith('/apim-token-service/');
    if (isToken) this.#tokenEnded = false;
    const refusal = this.#tokenEnded
      ? this.#quirks.find(({ endedToken }) => endedToken)?.endedToken
      : undefined;
    const delay = this.#quirks.some(({ slow }) => slow) ? this.#random() * 50 : 0;
    if (delay > 0) await sleep(delay);
    if (refusal) {
      const refused = Buffer.from(JSON.stringify(refusal.body));
      await this.#send(outgoing, { status: refusal.status, headers: {}, body: refused });
      return;
    }
    const answer = await forward(this.target, incoming, body);
    const rewritten = operation === undefined ? answer : this.#rewrite(operation, url, body, answer);
    await this.#send(outgoing, rewritten);
  }

  #record(operation: TestedOperation | undefined, incoming: IncomingMessage, url: URL, body: Buffer): void {
    const name = operation?.operationId ?? `${incoming.method} ${url.pathname}`;
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    if (operation === undefined) {
      this.violations.add(`${name}: no operation of the contract`);
      return;
    }
    const request = { query: url.searchParams, headers: incoming.headers, body: body.toString('utf8') };
    for (const error of requestErrors(operation.operationId, request, this.edition)) {
      this.violations.add(`${name}: ${error}`);
    }
  }

  #rewrite(operation: TestedOperation, url: URL, body: Buffer, answer: HttpAnswer): HttpAnswer {
    const { operationId } = operation;
    const rewriting = this.#quirks.filter(
      (quirk) => quirk.rewrite && (quirk.operations?.includes(operationId) ?? true),
    );
    // Replies that no quirk concerns are held against the contract once, before any is switched on.
    if (rewriting.length === 0 && this.#quirks.length > 0) return answer;
    const before = answer.body.toString('utf8');
    const envelope = parse(before) as Json;
    const request = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Json);
    const reply: Reply = { operationId, query: url.searchParams, request, envelope };
    for (const quirk of rewriting) quirk.rewrite?.(reply, this.#random);
    const text = textOf(reply.envelope);
    // Another spelling of the same is no change.
    this.changed ||= text !== before && text !== textOf(parse(before));
    if (!this.#quirks.some(({ beyondSchema }) => beyondSchema)) {
      const errors = contractErrors(operationId, JSON.parse(text));
      if (errors !== null) this.unlawful.add(`${operationId}: ${errors}`);
    }
    return { ...answer, body: Buffer.from(text, 'utf8') };
  }

  async #send(outgoing: ServerResponse, answer: HttpAnswer): Promise<void> {
    const overrides = Object.assign(
      {},
      ...this.#quirks.map(({ headers }) => headers ?? {}),
    ) as OutgoingHttpHeaders;
    const headers: OutgoingHttpHeaders = { 'content-type': 'application/json', ...overrides };
    if (!this.#quirks.some(({ chunked }) => chunked)) {
      outgoing.writeHead(answer.status, { ...headers, 'content-length': answer.body.length });
      outgoing.end(answer.body);
      return;
    }
    outgoing.writeHead(answer.status, headers);
    // Odd pieces, so that characters of several bytes and numbers are cut through.
    for (let start = 0; start < answer.body.length; start += 997) {
      outgoing.write(answer.body.subarray(start, start + 997));
      if (start % 7 === 0) await sleep(0);
    }
    outgoing.end();
  }
}

function forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
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
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 502, headers: {}, body: Buffer.concat(chunks) }),
        );
      },
    );
    upstream.on('error', reject);
    upstream.end(body);
  });
}

/** Numbers from 0 to 1, the same after each start, so that a failure comes again (mulberry32). */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
