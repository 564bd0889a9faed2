/**
 * GraphiQL for browsers: GET /graphql where HTML is preferred, its files under /graphiql. The files are copied out of their
 * npm packages when the project is built (scripts/build-graphiql.mjs), so that nothing is loaded from elsewhere and none of
 * those packages is needed to run.
 */
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import type { Logger } from 'pino';
import type { ServerOptions } from '../options.js';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Seen from src/server/graphiql and from dist/server/graphiql alike. */
const FILES = fileURLToPath(new URL('../../../dist/graphiql', import.meta.url));

/** What a client may want of /graphql, the first being for those who take anything. */
const OFFERS = ['application/graphql-response+json', 'application/json', 'text/html'];

/** Whether a request to /graphql might want the page: its Accept says something of HTML. */
export function mayWantPage({ method, headers }: IncomingMessage): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && /text\/(?:html|\*)/i.test(headers.accept ?? '');
}

/** The page and its files; undefined where GraphiQL is off. */
export async function graphiqlRoutes(
  options: ServerOptions['graphiql'],
  logger: Logger,
): Promise<Router | undefined> {
  if (!options.enabled) return undefined;
  if (!existsSync(FILES)) {
    logger.warn('GraphiQL is on but has not been built; npm run build does so');
    return undefined;
  }
  const router = Router();
  const examples = await readExamples(options.operationsDir);
  router.get('/graphql', (req, res, next) => {
    if (req.accepts(OFFERS) !== 'text/html') {
      next();
      return;
    }
    res.setHeader('Cache-Control', 'no-cache');
    res.type('html').send(PAGE);
  });
  router.get('/graphiql/examples.json', (_req, res) => {
    res.setHeader('Cache-Control', 'no-cache');
    res.json(examples);
  });
  router.use('/graphiql', express.static(FILES, { index: false, maxAge: '1h' }));
  return router;
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>enos-graphql</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/graphiql/graphiql.min.css" />
    <link rel="stylesheet" href="/graphiql/page.css" />
  </head>
  <body>
    <div id="graphiql">Loading GraphiQL ...</div>
    <noscript>GraphiQL needs JavaScript. The graph answers POST requests at this same address.</noscript>
    <script src="/graphiql/react.production.min.js" defer></script>
    <script src="/graphiql/react-dom.production.min.js" defer></script>
    <script src="/graphiql/graphiql.min.js" defer></script>
    <script src="/graphiql/page.js" defer></script>
  </body>
</html>
`;

/** The example operations that GraphiQL opens on: schema/operations/*.graphql with their variables besides them. */

/** One tab of GraphiQL. */
export interface Example {
  /** File name without its ending. */
  name: string;
  query: string;
  /** JSON text. */
  variables?: string;
}

/** The one to open on, if there is such a file. */
const FIRST = 'screen';

/** Reads the examples: the screen query first, the others by name. Rejects when the folder cannot be read. */
export async function readExamples(folder: string): Promise<Example[]> {
  const files = new Set(await readdir(folder));
  const names = [...files]
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.slice(0, -'.graphql'.length))
    .sort((a, b) => Number(b === FIRST) - Number(a === FIRST) || a.localeCompare(b));
  return Promise.all(
    names.map(async (name) => {
      const query = await readFile(join(folder, `${name}.graphql`), 'utf8');
      if (!files.has(`${name}.json`)) return { name, query };
      return { name, query, variables: await readFile(join(folder, `${name}.json`), 'utf8') };
    }),
  );
}
