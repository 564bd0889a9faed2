/**
 * `npm run check:licences`: every package that runs in production has a licence under which it may be handed on with this
 * one. Fails for any other, and for a package that names none.
 */
import { isAllowed } from './lib/licences.mjs';
import { runtimePackages } from './lib/runtime-tree.mjs';

const packages = runtimePackages();
const refused = packages.filter(({ licence }) => !isAllowed(licence));
const counts = new Map();
for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
for (const [licence, count] of [...counts].sort(([, a], [, b]) => b - a)) {
  process.stdout.write(`${String(count).padStart(4)}  ${licence}\n`);
}
for (const { name, version, licence } of refused) {
  process.stderr.write(`refused: ${name} ${version}, ${licence ?? 'no licence'}\n`);
}
process.exitCode = refused.length > 0 ? 1 : 0;
