import { startGraphServer } from '../../support/graph-server.js';
import type { RunningServer } from '../../support/graph-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startGraphServer();
});
afterAll(() => server.close());

const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`, { headers });

test.each([undefined, 'same-origin', 'same-site', 'none'])(
  'a GET with Sec-Fetch-Site %s is answered',
  async (site) => {
    const reply = await get('{ hello }', site === undefined ? {} : { 'sec-fetch-site': site });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ data: { hello: 'Hello world' } });
  },
);

test('a GET that the browser says is cross-site is refused unless it was asked for first', async () => {
  expect((await get('{ hello }', { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
  const asked = await get('{ hello }', { 'sec-fetch-site': 'cross-site', 'apollo-require-preflight': '1' });
  expect(asked.status).toBe(200);
});

test('a mutation by GET is 405', async () => {
  const reply = await get('mutation { add(n: 1) }');
  expect(reply.status).toBe(405);
  expect(reply.headers.get('allow')).toBe('POST');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a POST as a form of another site could send it (%s) is refused',
  async (type) => {
    const reply = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{"query":"mutation { add(n: 1) }"}',
    });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('Cross-Site Request Forgery');
  },
);
