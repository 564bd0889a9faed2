/**
 * Puts the files of the GraphiQL page into dist/graphiql: the browser builds of GraphiQL and React from their packages,
 * with their licences, and our own page. The packages are needed for building only.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const target = new URL('dist/graphiql/', root);
const files = [
  'node_modules/graphiql/graphiql.min.js',
  'node_modules/graphiql/graphiql.min.css',
  'node_modules/react/umd/react.production.min.js',
  'node_modules/react-dom/umd/react-dom.production.min.js',
  'src/server/graphiql/browser/page.js',
  'src/server/graphiql/browser/page.css',
];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const file of files) copyFileSync(new URL(file, root), new URL(file.split('/').at(-1), target));
const licences = ['graphiql', 'react', 'react-dom'].map((name) => {
  const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, root), 'utf8');
  return `${name}\n\n${text}`;
});
writeFileSync(new URL('LICENSES.txt', target), licences.join('\n\n'));
process.stdout.write(`GraphiQL: ${files.length} files in ${fileURLToPath(target)}\n`);
