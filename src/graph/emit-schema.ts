/**
 * Writes schema/schema.graphql: the whole schema, sorted, with descriptions. With `--check` it writes nothing and fails
 * where the file differs from what it would write.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraph } from './schema.js';

/** Seen from src/graph and from dist/graph alike. */
const FILE = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

/** The schema as text. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(buildGraph().schema))}\n`;
}

async function main(): Promise<void> {
  const text = schemaText();
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, text);
    return;
  }
  const current = await readFile(FILE, 'utf8').catch(() => '');
  if (current === text) return;
  process.stderr.write('schema/schema.graphql is stale: run "npm run generate".\n');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
