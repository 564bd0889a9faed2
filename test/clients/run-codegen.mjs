/**
 * Does with codegen.ts what `graphql-codegen` does with it: its command brings 250 packages, some of which do not run on Node 20.
 * Preset, plugins and the reading of source files are the real ones.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { gqlPluckFromCodeStringSync } from '@graphql-tools/graphql-tag-pluck';
import { transformFileSync } from '@swc/core';
import { buildSchema, parse } from 'graphql';

const { code } = transformFileSync('codegen.ts', {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
});
writeFileSync('codegen.config.js', code);
const { default: config } = await import(pathToFileURL(resolve('codegen.config.js')).href);
if (config.documents.join() !== '*.ts') throw new Error('looks for documents elsewhere');
const schemaText = readFileSync(config.schema, 'utf8');
const documents = readdirSync('.')
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    gqlPluckFromCodeStringSync(file, readFileSync(file, 'utf8'), { skipIndent: true }).map(({ body }) => ({
      location: resolve(file),
      document: parse(body),
      rawSDL: body,
    })),
  );
for (const [baseOutputDir, output] of Object.entries(config.generates)) {
  if (output.preset !== 'client') throw new Error(`knows no preset "${output.preset}"`);
  const sections = await preset.buildGeneratesSection({
    ...{ baseOutputDir, documents, plugins: [], pluginMap: {}, documentTransforms: [] },
    ...{ schema: parse(schemaText), schemaAst: buildSchema(schemaText) },
    ...{ config: output.config, presetConfig: output.presetConfig },
  });
  for (const section of sections) {
    mkdirSync(dirname(section.filename), { recursive: true });
    writeFileSync(section.filename, await codegen(section));
  }
}
