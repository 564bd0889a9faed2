import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer({ context: ({ requestId }) => ({ requestId }) });
});
afterAll(() => server.close());

test('a request without an id gets one, the same in answer, context and log', async () => {
  const { headers, body } = await server.ask('{ whoami { requestId } }');
  const id = headers.get('x-request-id');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(body.data).toEqual({ whoami: { requestId: id } });
  expect(server.logs.some((line) => line.requestId === id && line.msg === 'request')).toBe(true);
});

test('a sane id of the caller is taken', async () => {
  const { headers } = await server.ask('{ hello }', { headers: { 'x-request-id': 'trace-1/span:2' } });
  expect(headers.get('x-request-id')).toBe('trace-1/span:2');
});

test.each(['with space', '<script>', 'x'.repeat(129), '"quoted"'])('%s is replaced', async (id) => {
  const { headers } = await server.ask('{ hello }', { headers: { 'x-request-id': id } });
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});
