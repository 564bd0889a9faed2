#!/usr/bin/env node
/**
 * Holds stored operations to a budget of calls to EnOS, without calling it: for pull requests. Run it on a build.
 *
 *   node scripts/check-budget.mjs [folder] [--budget file] [--edition 2.1|2.3] [--write]
 *
 * Reads `<name>.graphql` with its variables in `<name>.json`, and the budget from `budget.json` in the folder: calls by the
 * name of the operation. Exit code 1 where an operation is over its budget, has none, or cannot be planned.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse, validate } from 'graphql';
import { planOperation } from '../dist/graph/plan/plan-operation.js';
import { buildGraph } from '../dist/graph/schema.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    budget: { type: 'string' },
    edition: { type: 'string', default: '2.3' },
    write: { type: 'boolean', default: false },
  },
});
const folder = positionals[0] ?? 'schema/operations';
const budgetFile = values.budget ?? path.join(folder, 'budget.json');
if (values.edition !== '2.1' && values.edition !== '2.3') fail('--edition must be 2.1 or 2.3');

const { schema } = buildGraph();
const names = (await readdir(folder).catch(() => fail(`${folder} cannot be read`)))
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => name.slice(0, -'.graphql'.length))
  .sort();
const budget = await readBudget();
const rows = [];
for (const name of names) rows.push({ name, ...(await planned(name)) });

if (values.write) {
  const entries = rows.flatMap(({ name, calls }) => (calls === undefined ? [] : [[name, calls]]));
  await writeFile(budgetFile, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  for (const [name, calls] of entries) budget[name] = calls;
}
for (const row of rows) {
  row.verdict =
    row.error ??
    (budget[row.name] === undefined ? 'has no budget' : row.calls > budget[row.name] ? 'over' : 'within');
}
print();
if (rows.some(({ verdict }) => verdict !== 'within')) process.exitCode = 1;

async function planned(name) {
  try {
    const document = parse(await readFile(path.join(folder, `${name}.graphql`), 'utf8'));
    const [invalid] = validate(schema, document);
    if (invalid) return { error: `is not valid: ${invalid.message}` };
    const text = await readFile(path.join(folder, `${name}.json`), 'utf8').catch(() => '{}');
    const plan = planOperation({
      schema,
      document,
      variables: JSON.parse(text),
      settings: { edition: values.edition },
    });
    return {
      // What only the data bounds counts once: see docs/budget.md.
      calls: plan.reduce((sum, { calls }) => sum + (calls.most ?? Math.max(1, calls.least)), 0),
      isOpen: plan.some(({ calls }) => calls.most === null),
      rounds: plan.reduce((most, { round }) => Math.max(most, round), 0),
      operations: [...new Set(plan.map(({ operation }) => operation))],
    };
  } catch (error) {
    return { error: `cannot be planned: ${error.message}` };
  }
}

async function readBudget() {
  const text = await readFile(budgetFile, 'utf8').catch(() => undefined);
  if (text === undefined) return values.write ? {} : fail(`${budgetFile} cannot be read`);
  const parsed = JSON.parse(text);
  for (const [name, calls] of Object.entries(parsed)) {
    if (!Number.isInteger(calls) || calls < 0) fail(`${budgetFile}: ${name} must be a whole number of calls`);
  }
  return parsed;
}

function print() {
  const width = Math.max(9, ...rows.map(({ name }) => name.length));
  const line = (...cells) =>
    process.stdout.write(
      `${cells[0].padEnd(width)}  ${cells
        .slice(1, 4)
        .map((cell) => String(cell).padStart(6))
        .join('  ')}  ${cells[4]}\n`,
    );
  line('operation', 'calls', 'rounds', 'budget', 'verdict');
  for (const { name, calls, isOpen, rounds, verdict } of rows) {
    line(
      name,
      calls === undefined ? '-' : `${calls}${isOpen ? '+' : ''}`,
      rounds ?? '-',
      budget[name] ?? '-',
      verdict,
    );
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
