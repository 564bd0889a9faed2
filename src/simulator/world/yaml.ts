/**
 * Reads one YAML file of a world and checks it: an error names the file, the path in it and what was expected.
 */
import { readFile } from 'node:fs/promises';
import { parse as parseJson } from 'lossless-json';
import { parse, YAMLError } from 'yaml';
import type { z } from 'zod';
import { jsonOfYaml } from '../parsed-yaml.js';

/** A world folder that cannot be loaded; the message is for the person who wrote it. */
export class WorldError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'WorldError';
  }
}

/** The checked content of a YAML file. Integers beyond 2^53 come as bigint, all others as number. */
export async function readYaml<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new WorldError(file, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  return checkYaml(file, text, schema);
}

/** As `readYaml`, for text already at hand. */
export function checkYaml<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let raw: unknown;
  try {
    const json = jsonOfYaml(text);
    raw =
      json === undefined
        ? exactIntegers(parse(text, { intAsBigInt: true, maxAliasCount: -1 }))
        : parseJson(json, undefined, exactNumber);
  } catch (error) {
    if (error instanceof YAMLError) throw new WorldError(file, error.message);
    throw error;
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${pathText(issue.path)}: ${issue.message}`);
  throw new WorldError(file, problems.join('; '));
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(top)';
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function exactNumber(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

/** Every integer is read as bigint so that none is rounded; those that a number holds exactly become numbers. */
function exactIntegers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(exactIntegers);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exactIntegers(inner)]));
  }
  return value;
}
