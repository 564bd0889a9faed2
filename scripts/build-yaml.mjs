/** Parses the contract and the bundled world once, into dist/yaml, for src/simulator/parsed-yaml.ts. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'lossless-json';
import { parse } from 'yaml';
import { root } from './lib/run.mjs';

const target = join(root, 'dist/yaml');
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
let files = 0;
for (const folder of ['src/enos/contract', 'src/simulator/worlds/bundled']) {
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml')) continue;
    const text = readFileSync(join(root, folder, file), 'utf8');
    const json = stringify(parse(text, { intAsBigInt: true, maxAliasCount: -1 }));
    writeFileSync(join(target, `${createHash('sha256').update(text).digest('hex')}.json`), json);
    files += 1;
  }
}
process.stdout.write(`YAML: ${files} files parsed into ${target}\n`);
