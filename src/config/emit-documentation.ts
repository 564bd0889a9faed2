/** Writes docs/configuration.md (`node dist/config/emit-documentation.js`), or with --check fails when it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationPage } from './documentation.js';

const file = new URL('../../docs/configuration.md', import.meta.url);
const page = configurationPage();
if (!process.argv.includes('--check')) {
  writeFileSync(file, page);
} else if (readFileSync(file, 'utf8') !== page) {
  process.stderr.write(
    'docs/configuration.md differs from src/config/definitions/definitions.ts: run npm run generate\n',
  );
  process.exitCode = 1;
}
