/** One table says what each code of EnOS means; it cannot be made while a code is left out, invented or said twice. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { EnosError, isAboutRights, isTransient, meaningOf, type Meaning } from '../../src/enos/errors.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';

interface MeaningsFile {
  anywhere: number[];
  meanings: Record<string, { says: string; codes?: number[]; of?: Record<string, number[]> }>;
}
type Generator = (file: MeaningsFile) => unknown;

let file: MeaningsFile;
let generate: Generator;
beforeAll(async () => {
  const path = '../../scripts/contract/meanings.mjs';
  const { readMeanings, codeMeanings } = (await import(path)) as {
    readMeanings: (file: MeaningsFile) => unknown;
    codeMeanings: (operations: unknown, meanings: unknown) => unknown;
  };
  generate = (changed) => codeMeanings(Object.values(OPERATIONS), readMeanings(changed));
});
beforeEach(async () => {
  file = parse(await readFile('src/enos/code-meanings.yaml', 'utf8')) as MeaningsFile;
});

const meaning = (name: string) => file.meanings[name]!;
const without = (codes: number[] | undefined, code: number) => codes?.filter((one) => one !== code) ?? [];

test('every code of every contract has a meaning, and the file can be generated from', () => {
  const listed = Object.values(OPERATIONS).flatMap(({ service, errors }) =>
    errors.map(({ code }) => ({ service, code })),
  );
  expect(listed.filter(({ service, code }) => meaningOf(service, code) === undefined)).toEqual([]);
  expect(() => generate(file)).not.toThrow();
});

describe('nothing is generated', () => {
  test('for a code of a contract without a meaning', () => {
    meaning('not-found').codes = without(meaning('not-found').codes, 31404);
    expect(() => generate(file)).toThrow('31404 of app-portal: without a meaning');
  });

  test('for a code of one service that has a meaning in another one only', () => {
    meaning('outage').of = { ...meaning('outage').of, 'tsdb-policy': [] };
    meaning('outage').of!['asset-tree'] = [500];
    expect(() => generate(file)).toThrow('500 of tsdb-policy: without a meaning');
  });

  test('for a code that no contract lists', () => {
    meaning('conflict').codes!.push(17555);
    expect(() => generate(file)).toThrow('17555 of any service: in code-meanings.yaml, but in no contract');
  });

  test('for a code that the contract of its service does not list', () => {
    meaning('conflict').of = { alert: [17758] };
    expect(() => generate(file)).toThrow('17758 of alert: in code-meanings.yaml, but in no contract');
  });

  test('for a code of a service that there is not', () => {
    meaning('conflict').of = { alerts: [99400] };
    expect(() => generate(file)).toThrow('99400 of alerts: in code-meanings.yaml, but in no contract');
  });

  test('for a shared meaning that each service replaces by its own', () => {
    meaning('conflict').of = { 'batch-processing': [62109] };
    expect(() => generate(file)).toThrow('62109 of any service: in code-meanings.yaml, but in no contract');
  });

  test('for a code with two meanings', () => {
    meaning('conflict').codes!.push(99404);
    expect(() => generate(file)).toThrow('99404 has two meanings: not-found, conflict');
  });

  test('for a code that any service may send, but that means nothing', () => {
    file.anywhere.push(99999);
    expect(() => generate(file)).toThrow('sent anywhere, but without a meaning: 99999');
  });
});

test('a service may mean something else by a code that others share', () => {
  meaning('conflict').of = { model: [99404] };
  const table = generate(file) as Map<string, Map<number, string>>;
  expect(table.get('model')?.get(99404)).toBe('conflict');
  expect(table.get('asset')?.get(99404)).toBe('not-found');
});

/** All documented codes whose meaning is such. */
function codesThat(are: (meaning: Meaning | undefined) => boolean): number[] {
  const codes = Object.values(OPERATIONS).flatMap(({ service, errors }) =>
    errors.map(({ code }) => code).filter((code) => are(meaningOf(service, code))),
  );
  return [...new Set(codes)].sort((a, b) => a - b);
}

test('what is transient is what the services say of themselves, of locks and of too much at once', () => {
  expect(codesThat(isTransient)).toEqual([
    500, 1001, 1005, 11714, 11902, 11904, 11915, 17762, 24500, 24603, 30429, 31429, 31500, 31504, 61112,
    61115, 61121, 61122, 61168, 61954, 62109, 80500, 81500, 99000, 99500,
  ]);
});

test('about rights is what no other token of the application changes', () => {
  expect(codesThat(isAboutRights)).toEqual([
    30401, 30410, 30511, 31401, 31403, 31409, 31410, 31512, 31520, 62103, 62105, 80401, 99403,
  ]);
});

test('only the code of a refusal means something', () => {
  const of = { service: 'asset', operation: 'getAsset', message: 'no', code: 99404 };
  expect(new EnosError({ ...of, kind: 'refused' }).meaning).toBe('not-found');
  expect(new EnosError({ ...of, kind: 'invalid-response' }).meaning).toBeUndefined();
  expect(new EnosError({ ...of, kind: 'refused', code: null }).meaning).toBeUndefined();
});
