/** Reads the OpenAPI documents and resolves references between them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';

/**
 * All contracts that have operations, sorted by name.
 * @returns {Promise<{ service: string, document: object, resolver: (node: object, file?: string) => { node: object, file: string } }[]>}
 */
export async function loadContracts(dir) {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.yaml')).sort();
  const documents = new Map();
  for (const name of names) documents.set(name, parse(await readFile(path.join(dir, name), 'utf8')));
  return names
    .filter((name) => Object.keys(documents.get(name).paths ?? {}).length > 0)
    .map((name) => ({
      service: name.replace(/\.yaml$/, ''),
      document: documents.get(name),
      resolver: resolver(documents, name),
    }));
}

/** Follows `$ref`s of one document; `at` tells in which document the answer stands. */
function resolver(documents, home) {
  return function resolve(node, file = home) {
    if (!node || typeof node.$ref !== 'string') return { node, file };
    const [where, pointer] = node.$ref.split('#');
    const target = where ? path.posix.basename(where) : file;
    let found = documents.get(target);
    for (const step of pointer.split('/').slice(1)) {
      found = found?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    if (found === undefined) throw new Error(`${file}: nothing at ${node.$ref}`);
    return resolve(found, target);
  };
}
