/** The YAML files of a folder, its subfolders included. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** One document of a file. */
export interface YamlDocument {
  file: string;
  content: Record<string, unknown>;
}

/** All documents of all files. Throws for what is not YAML. */
export function yamlDocuments(folder: string): YamlDocument[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => {
      const file = join(folder, name);
      return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
        if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join('; ')}`);
        return { file, content: document.toJS() as Record<string, unknown> };
      });
    });
}
