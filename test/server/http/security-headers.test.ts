import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

test.each(['/graphql?query={hello}', '/health/live', '/metrics', '/nothing'])('%s has them', async (path) => {
  const { headers } = await fetch(server.url + path);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-eval|\*|https?:/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('answers of the graph are not kept by anybody', async () => {
  expect((await server.ask('{ hello }')).headers.get('cache-control')).toBe('no-store');
});
