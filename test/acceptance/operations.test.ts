/** Every example that GraphiQL shows and the documentation names runs as it is against the bundled world. */
import { readdirSync, readFileSync } from 'node:fs';
import { ask } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const folder = 'schema/operations';
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => name.replace(/\.graphql$/, ''));

let simulator: Running;
let server: Running;

beforeAll(async () => {
  simulator = await startSimulator();
  server = await startServer(simulator.url);
});

afterAll(async () => {
  await server?.stop();
  await simulator?.stop();
});

test('there are examples, the screen query among them', () => {
  expect(names).toContain('screen');
});

/** Lists and connections of an answer that hold nothing: an example that shows nothing is no example. */
function emptyParts(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [path] : emptyParts(value[0], `${path}[0]`);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => emptyParts(part, `${path}.${name}`));
}

test.each(names)('%s answers without an error, and with data', async (name) => {
  const query = readFileSync(`${folder}/${name}.graphql`, 'utf8');
  const variables = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Record<string, unknown>;
  const answer = await ask(server.url, query, variables);
  expect(answer.errors).toBeUndefined();
  expect(answer.data).not.toBeNull();
  const roots = Object.entries(answer.data ?? {});
  expect(roots.filter(([, value]) => value === null)).toEqual([]);
  // Deeper lists may be empty (an asset without alerts), those right below the root may not.
  const shallow = roots
    .flatMap(([root, value]) => emptyParts(value, root))
    .filter((path) => path.split('.').length <= 2);
  expect(shallow).toEqual([]);
});
