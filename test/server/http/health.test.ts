import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';
import type { PartStatus } from '../../../src/server/options.js';

let parts: () => Promise<Record<string, PartStatus>> = async () => ({});
let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer({ readiness: () => parts() });
});
afterAll(() => server.close());

async function get(path: string) {
  const reply = await fetch(server.url + path);
  return { status: reply.status, body: await reply.json() };
}

test('live as long as it answers', async () => {
  expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'live', version: '0.0.0-test' } });
});

test('ready when every part is', async () => {
  parts = async () => ({ enos: { ready: true }, cache: { ready: true, detail: 'in process' } });
  expect(await get('/health/ready')).toEqual({
    status: 200,
    body: { status: 'ready', parts: { enos: { ready: true }, cache: { ready: true, detail: 'in process' } } },
  });
});

test('503 with the part that is out', async () => {
  parts = async () => ({ enos: { ready: false, detail: 'credentials refused' }, cache: { ready: true } });
  expect(await get('/health/ready')).toEqual({
    status: 503,
    body: {
      status: 'not ready',
      parts: { enos: { ready: false, detail: 'credentials refused' }, cache: { ready: true } },
    },
  });
});

test('503 when the parts cannot be asked, without the reason', async () => {
  parts = async () => {
    throw new Error('hunter2');
  };
  const { status, body } = await get('/health/ready');
  expect(status).toBe(503);
  expect(JSON.stringify(body)).not.toContain('hunter2');
});

test('503 when the parts do not answer', async () => {
  parts = () => new Promise(() => undefined);
  expect((await get('/health/ready')).status).toBe(503);
});
