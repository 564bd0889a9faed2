/** The example operations that GraphiQL opens on: schema/operations/*.graphql with their variables beside them. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

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
