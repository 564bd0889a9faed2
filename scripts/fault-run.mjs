/**
 * The long runs of the fault suite: `npm run chaos -- --seconds 600 --seed 7`, `npm run memory -- --rounds 50`. They are the
 * tests of the same name with other figures.
 */
import { parseArgs } from 'node:util';
import { buildNow } from './lib/prepare.mjs';
import { bin, node } from './lib/run.mjs';

const RUNS = {
  chaos: {
    test: 'test/fault/chaos.test.ts',
    options: { seconds: ['CHAOS_SECONDS', '600'], seed: ['CHAOS_SEED', String(Date.now() % 1_000_000)] },
  },
  memory: {
    test: 'test/fault/memory.test.ts',
    options: { rounds: ['MEMORY_ROUNDS', '50'], requests: ['MEMORY_REQUESTS', '2000'] },
  },
};

const [name, ...rest] = process.argv.slice(2);
const run = RUNS[name];
if (run === undefined) fail(`expected one of ${Object.keys(RUNS).join(', ')}`);
const { values } = read(rest, Object.keys(run.options));
for (const [option, [variable, fallback]] of Object.entries(run.options)) {
  const value = values[option] ?? fallback;
  if (!/^[1-9]\d{0,8}$|^0$/.test(value)) fail(`--${option}: expected a whole number, not ${value}`);
  process.env[variable] = value;
}
process.stdout.write(
  `${name}: ${Object.values(run.options)
    .map(([variable]) => `${variable}=${process.env[variable]}`)
    .join(' ')}\n`,
);
if (!buildNow()) process.exit(1);
process.exitCode = node(['--experimental-vm-modules', bin('jest/bin/jest.js'), '--runTestsByPath', run.test])
  ? 0
  : 1;

function read(args, names) {
  try {
    return parseArgs({ args, options: Object.fromEntries(names.map((one) => [one, { type: 'string' }])) });
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
