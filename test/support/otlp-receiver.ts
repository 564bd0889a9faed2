/** A receiver of traces: OTLP over HTTP, in JSON, as a collector takes it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One span as it came. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  /** Nanoseconds since 1970, as text. */
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  events: { name: string }[];
  status: { code: number };
}

/** The receiver, what it got, and how to end it. */
export interface OtlpReceiver {
  url: string;
  spans: ReceivedSpan[];
  /** Attributes of the services that sent. */
  resources: { key: string; value: Record<string, unknown> }[];
  /** Headers of the requests. */
  headers: Record<string, unknown>[];
  /** Everything received, as text. */
  raw: string[];
  close(): Promise<void>;
}

interface ExportRequest {
  resourceSpans: {
    resource: { attributes: OtlpReceiver['resources'] };
    scopeSpans: { spans: ReceivedSpan[] }[];
  }[];
}

/** Starts one on a free port. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const received: Pick<OtlpReceiver, 'spans' | 'resources' | 'headers' | 'raw'> = {
    spans: [],
    resources: [],
    headers: [],
    raw: [],
  };
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      if (req.method !== 'POST' || req.url !== '/v1/traces') {
        res.writeHead(404).end();
        return;
      }
      received.raw.push(text);
      received.headers.push(req.headers);
      for (const { resource, scopeSpans } of (JSON.parse(text) as ExportRequest).resourceSpans) {
        received.resources.push(...resource.attributes);
        received.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
      }
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The attributes of a span as an object. */
export function attributesOf({ attributes }: Pick<ReceivedSpan, 'attributes'>): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
