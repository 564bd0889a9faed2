/** GraphiQL in a real browser: from our own files, under our own security headers, on the example operations. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { readExamples } from '../../src/server/graphiql/routes.js';
import { findBrowser, launchBrowser } from '../support/browser.js';
import { startGraphServer, type RunningServer } from '../support/graph-server.js';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'enos-graphql-examples-'));
let server: RunningServer;
beforeAll(async () => {
  // `npm test` has built it; only where jest is run alone in a fresh clone it must be made here.
  if (!existsSync(inRepository('dist/graphiql/page.js'))) {
    expect(spawnSync(process.execPath, [inRepository('scripts/build-graphiql.mjs')]).status).toBe(0);
  }
  writeFileSync(join(folder, 'a-first.graphql'), 'query First { tree { name } }');
  writeFileSync(join(folder, 'screen.graphql'), 'query Screen($name: String) { hello(name: $name) }');
  writeFileSync(join(folder, 'screen.json'), '{ "name": "estate" }');
  server = await startGraphServer({ graphiql: { enabled: true, operationsDir: folder } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const accept = (value: string) => fetch(`${server.url}/graphql`, { headers: { accept: value } });

test('a browser gets the page, other clients do not', async () => {
  const page = await accept('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toContain('text/html');
  const html = await page.text();
  expect(html).not.toMatch(/https?:\/\//);
  for (const value of ['*/*', 'application/json', 'application/graphql-response+json, text/html;q=0.5']) {
    expect((await accept(value)).headers.get('content-type')).not.toContain('text/html');
  }
});

test('the page may be turned off', async () => {
  const closed = await startGraphServer({ graphiql: { enabled: false, operationsDir: folder } });
  try {
    const reply = await fetch(`${closed.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(reply.headers.get('content-type')).not.toContain('text/html');
    expect((await fetch(`${closed.url}/graphiql/page.js`)).status).toBe(404);
  } finally {
    await closed.close();
  }
});

test('no file outside of its folder is served', async () => {
  for (const path of [
    '/graphiql/..%2f..%2fpackage.json',
    '/graphiql/%2e%2e/%2e%2e/package.json',
    '/graphiql/',
  ]) {
    expect((await fetch(server.url + path)).status).toBeGreaterThanOrEqual(400);
  }
});

test('the examples: the screen query first, the others by name', async () => {
  expect(await readExamples(folder)).toEqual([
    {
      name: 'screen',
      query: 'query Screen($name: String) { hello(name: $name) }',
      variables: '{ "name": "estate" }',
    },
    { name: 'a-first', query: 'query First { tree { name } }' },
  ]);
});

const browserPath = findBrowser();
if (browserPath === undefined) {
  process.stderr.write(
    '\n!!! No browser is installed: the tests of the page in a real browser are SKIPPED.\n\n',
  );
}

(browserPath === undefined ? describe.skip : describe)('in a real browser', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const foreign: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser(browserPath ?? '');
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && origin !== server.url) foreign.push(request.url());
    });
    await page.goto(`${server.url}/graphql`);
    await page.waitForSelector('.graphiql-container');
  }, 120_000);
  afterAll(() => browser.close());

  test('it opens on the examples, each in a tab', async () => {
    await page.waitForSelector('.graphiql-tab-button');
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual(['Screen', 'First']);
    expect(await page.locator('.graphiql-query-editor').innerText()).toContain('query Screen');
  });

  test('the button runs the query and the answer is shown', async () => {
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window', { hasText: 'Hello estate' }).waitFor();
  });

  test('the documentation is there, from introspection', async () => {
    await page.locator('button[aria-label="Show Documentation Explorer"]').click();
    await page.locator('.graphiql-doc-explorer', { hasText: 'Query' }).waitFor();
  });

  test('a query in the address opens in a tab of its own, for new visitors and for those who come again', async () => {
    const link = new URL(`${server.url}/graphql`);
    link.searchParams.set('query', 'query Linked($name: String) { hello(name: $name) }');
    link.searchParams.set('variables', '{"name":"link"}');
    const context = await browser.newContext();
    const fresh = await context.newPage();
    for (const visited of [fresh, page]) {
      await visited.goto(link.href);
      await visited.locator('.graphiql-tab-active', { hasText: 'Linked' }).waitFor();
      await visited.locator('.graphiql-execute-button').click();
      await visited.locator('.result-window', { hasText: 'Hello link' }).waitFor();
    }
    await context.close();
  });

  test('nothing was asked of another origin, and neither policy nor script complained', () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
