/** HTTP without a client that unpacks, keeps connections or adds headers. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** What came back, its body as it was sent. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** Asks over a socket of its own, so that nothing is unpacked on the way. */
export function send(
  url: string,
  { method = 'POST', path = '/graphql', headers = {}, body = '' }: Partial<Sent>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const whole = Buffer.concat(chunks);
        const { statusCode = 0 } = response;
        resolve({ status: statusCode, headers: response.headers, body: whole, text: whole.toString() });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
/** What is sent. */
export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}
