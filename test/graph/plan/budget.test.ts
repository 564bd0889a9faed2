/** The command that holds stored operations to a budget, as a pull request runs it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

function check(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/check-budget.mjs', ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function inFolder(
  files: Record<string, string>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'budget-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const QUERY = 'query ($id: ID!) { asset(assetId: $id) { name model { name } } }';

test('our own operations are within their budget', async () => {
  const { code, stdout } = await check();
  expect(stdout).toMatch(/^screen +5\+ +3 +5 {2}within$/m);
  expect(code).toBe(0);
});

test('one call more than the budget fails, as does an operation without one', async () => {
  const files = { 'a.graphql': QUERY, 'a.json': '{ "id": "x" }' };
  await inFolder({ ...files, 'budget.json': '{ "a": 2 }' }, async (folder) => {
    expect(await check(folder)).toMatchObject({ code: 0 });
  });
  await inFolder({ ...files, 'budget.json': '{ "a": 1 }' }, async (folder) => {
    const { code, stdout } = await check(folder);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^a +2 +2 +1 {2}over$/m)]);
  });
  await inFolder({ ...files, 'budget.json': '{}' }, async (folder) => {
    const { code, stdout } = await check(folder);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/has no budget/)]);
  });
});

test('what is not valid, and a budget that is none, are said', async () => {
  await inFolder({ 'a.graphql': '{ nothing }', 'budget.json': '{ "a": 1 }' }, async (folder) => {
    const { code, stdout } = await check(folder);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/is not valid: Cannot query field "nothing"/)]);
  });
  await inFolder({ 'a.graphql': QUERY, 'budget.json': '{ "a": "two" }' }, async (folder) => {
    const { code, stderr } = await check(folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/a must be a whole number of calls/)]);
  });
});
