/** One GraphQL request over a connection of its own, with the headers that the load sends. */
import { request } from 'node:http';

/** Resolves to `{ status, bytes }`. */
export function ask(port, body) {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const sent = request(
      { host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers, agent: false },
      (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode, bytes: Buffer.concat(parts) }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** The data of an answer. Throws for any other status than 200, and for errors in the body. */
export async function dataOf(port, body) {
  const { status, bytes } = await ask(port, body);
  const answer = JSON.parse(bytes.toString());
  if (status !== 200 || answer.errors) {
    throw new Error(`answered ${status} ${JSON.stringify(answer.errors ?? answer).slice(0, 500)}`);
  }
  return { data: answer.data, bytes };
}
