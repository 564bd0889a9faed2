import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

async function scrape(): Promise<string> {
  const reply = await fetch(`${server.url}/metrics`);
  expect(reply.headers.get('content-type')).toContain('text/plain');
  return reply.text();
}

test('requests are timed by route, method and status', async () => {
  await server.ask('{ hello }');
  await fetch(`${server.url}/health/live`);
  const text = await scrape();
  expect(text).toContain('http_request_duration_seconds_count{route="graphql",method="POST",status="200"} 1');
  expect(text).toContain(
    'http_request_duration_seconds_count{route="health-live",method="GET",status="200"} 1',
  );
});

test('labels stay few whatever callers send', async () => {
  for (let i = 0; i < 5; i += 1) await fetch(`${server.url}/path${i}`, { method: i % 2 ? 'PUT' : 'PURGE' });
  const text = await scrape();
  expect(text).toContain('http_request_duration_seconds_count{route="other",method="OTHER",status="404"} 5');
  expect(text).not.toMatch(/path\d|PURGE/);
});

test('errors in answers are counted by code', async () => {
  await server.ask('{ a: fails(how: "intended") b: fails(how: "plain") }');
  await server.ask('{ nothing }');
  await fetch(`${server.url}/graphql`);
  const text = await scrape();
  expect(text).toContain('graphql_errors_total{code="NOT_FOUND"} 1');
  expect(text).toContain('graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 1');
  expect(text).toContain('graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1');
  expect(text).toContain('graphql_errors_total{code="BAD_REQUEST"} 1');
});

test('the process and what others registered are there too', async () => {
  expect(await scrape()).toContain('process_resident_memory_bytes');
});
