/** Replies made to harm: each ends in a coded error, within bounds, and the client goes on. */
import { gzipSync } from 'node:zlib';
import { json } from '../../support/fake-gateway.js';
import { failed, read, Scene, stateOf } from './support.js';

let scene: Scene;
beforeEach(async () => (scene = await Scene.start()));
afterEach(() => scene.stop());

const invalid = (message: string) => ({ kind: 'invalid-response', message: `The reply of EnOS ${message}` });

test.each<[string, Scene['gateway']['answer'], object]>([
  [
    'a gzip bomb',
    (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000))),
    invalid('is compressed'),
  ],
  [
    'several encodings',
    (_, response) =>
      response.writeHead(200, ['content-encoding', 'identity', 'content-encoding', 'br']).end('{}'),
    invalid('is compressed'),
  ],
  [
    'huge headers',
    (_, response) => response.writeHead(200, { 'x-much': 'x'.repeat(100_000) }).end('{}'),
    invalid('is not valid HTTP'),
  ],
  [
    'thousands of headers',
    (_, response) => {
      for (let i = 0; i < 5_000; i++) response.setHeader(`x-${i}`, 'x'.repeat(20));
      response.end('{}');
    },
    invalid('is not valid HTTP'),
  ],
  [
    'a body longer than announced',
    (_, response) => {
      response.socket!.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"code":0,"data":{}}');
    },
    { kind: 'invalid-response' },
  ],
  [
    'two lengths',
    (_, response) => {
      response.socket!.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 12\r\n\r\n{"code":0}');
    },
    { kind: 'invalid-response' },
  ],
  [
    'bytes that are no UTF-8',
    (_, response) => response.end(Buffer.from('{"code":0,"msg":"\xff\xfe"}', 'latin1')),
    invalid('is not JSON'),
  ],
  ['a page of some proxy', (_, response) => response.end('<html>maintenance</html>'), invalid('is not JSON')],
  [
    'a redirect to another origin',
    (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
    { kind: 'invalid-response', httpStatus: 307 },
  ],
  [
    'endless interim replies',
    (_, response) => {
      const timer = setInterval(() => response.socket?.write('HTTP/1.1 102 Processing\r\n\r\n'), 2);
      response.socket!.on('close', () => clearInterval(timer));
    },
    { kind: 'timeout' },
  ],
])('%s', async (_, answer, error) => {
  const client = scene.client({ timeouts: { total: 500 }, retries: 0 });
  await client.connect();
  scene.gateway.answer = answer;
  expect(await failed(read(client))).toMatchObject(error);
  scene.gateway.answer = (_request, response) => json(response, { code: 0, data: { well: true } });
  expect((await read(client)).data).toEqual({ well: true });
  expect(stateOf(client, 'asset-service')).toMatchObject({ inFlight: 0, queued: 0, breaker: 'closed' });
});
