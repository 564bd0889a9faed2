/**
 * A client of EnOS's REST API written from token.yaml alone, sharing no code with src/: what it gets from the
 * simulator any client gets that follows the documentation.
 */
import { createHash } from 'node:crypto';

/** The application's key pair. */
export interface Keys {
  accessKey: string;
  secretKey: string;
}

/** A reply: HTTP status and parsed body. */
export interface EnosReply {
  status: number;
  body: Record<string, unknown>;
}

/** One call; `query` keeps its order, `body` is sent as JSON unless it is text. */
export interface EnosCall {
  method?: string;
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The signature of token.yaml over a URL, body text, token, time and secret. */
export function signature(input: {
  url: string;
  body?: string;
  accessToken: string;
  timestamp: string;
  secretKey: string;
}): string {
  const { searchParams } = new URL(input.url, 'http://gateway');
  const names = [...new Set(searchParams.keys())].sort();
  const parameters = names.map((name) => `${name}${searchParams.get(name) ?? ''}`).join('');
  return sha256(`${input.accessToken}${parameters}${input.body ?? ''}${input.timestamp}${input.secretKey}`);
}

/** Calls a gateway as one application in one organization. */
export class EnosClient {
  private token: string | null = null;
  private lastTimestamp = 0;

  constructor(
    readonly url: string,
    readonly keys: Keys,
    readonly orgId: string,
  ) {}

  /** getAccessToken or refreshAccessToken; `overrides` replace members of the body. */
  async askToken(operation: 'get' | 'refresh', overrides: Record<string, unknown> = {}): Promise<EnosReply> {
    this.lastTimestamp = Math.max(Date.now(), this.lastTimestamp + 1);
    const timestamp = this.lastTimestamp;
    const encryption = sha256(`${this.keys.accessKey}${timestamp}${this.keys.secretKey}`);
    const body = { appKey: this.keys.accessKey, encryption, timestamp, ...overrides };
    return send(`${this.url}/apim-token-service/v2.0/token/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** A live token, taken once. */
  async accessToken(): Promise<string> {
    if (this.token === null) {
      const { body } = await this.askToken('get');
      const data = body.data as { accessToken: string } | null;
      if (data === null) throw new Error(`No token: ${JSON.stringify(body)}`);
      this.token = data.accessToken;
    }
    return this.token;
  }

  /** A signed call. `headers` are added last, so that tests can spoil one. */
  async call({ method = 'POST', path, query = {}, body, headers = {} }: EnosCall): Promise<EnosReply> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({ orgId: this.orgId, ...query })) {
      if (value !== undefined) parameters.set(name, value);
    }
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const url = `${this.url}${path}?${parameters.toString()}`;
    const accessToken = await this.accessToken();
    const timestamp = String(Date.now());
    return send(url, {
      method,
      ...(text === undefined ? {} : { body: text }),
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        'apim-accesstoken': accessToken,
        'apim-timestamp': timestamp,
        'apim-signature': signature({
          url,
          ...(text === undefined ? {} : { body: text }),
          accessToken,
          timestamp,
          secretKey: this.keys.secretKey,
        }),
        ...headers,
      },
    });
  }
}

async function send(url: string, init: RequestInit): Promise<EnosReply> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
