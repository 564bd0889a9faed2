#!/usr/bin/env node
/**
 * Writes docs/enos-operations.md: every operation of the contracts, where the graph has it, and whether the local EnOS answers it. Reads
 * what the build has made.
 *
 *   node scripts/generate-operations.mjs           writes the page
 *   node scripts/generate-operations.mjs --check   fails when it is stale
 */
import { readFile, writeFile } from 'node:fs/promises';
import { isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import prettier from 'prettier';
import { OPERATIONS } from '../dist/enos/generated/operations.js';
import { buildGraph } from '../dist/graph/schema.js';
import { ENTITIES } from '../dist/loading/entities/index.js';
import { WRITES } from '../dist/loading/writes/index.js';
import { allHandlers } from '../dist/simulator/services/index.js';

const page = new URL('../docs/enos-operations.md', import.meta.url);

/** Services in the order of the page, by the names of their contracts, with what they are called. */
const SERVICES = {
  connection: 'Connection',
  asset: 'Asset',
  'asset-tree': 'Asset Tree',
  model: 'Model',
  alert: 'Alert',
  'tsdb-data': 'TSDB Data',
  'tsdb-policy': 'TSDB Policy',
  'app-portal': 'Application Portal',
  iam: 'IAM',
  prediction: 'Prediction Model',
  'batch-processing': 'Batch Processing',
  'data-federation': 'Data Federation',
  'stream-processing': 'Stream Processing',
  token: 'Token',
};
/** Why the graph has nothing for an operation, or for the rest of a service. */
const REASONS = { token: 'the client signs in by itself' };
const SHOWN = 5;

const operations = Object.values(OPERATIONS);
const names = new Set(operations.map(({ operation }) => operation));

/** By the name of an operation, what says that it is fed by it. */
function usesOf(schema) {
  const uses = new Map();
  const note = (operation, place) => uses.set(operation, (uses.get(operation) ?? new Set()).add(place));
  const read = (text, place) => {
    for (const [word] of (text ?? '').matchAll(/\b[a-z]+(?:[A-Z][A-Za-z0-9]*)+\b/g))
      if (names.has(word)) note(word, place);
  };
  for (const { operation, name } of WRITES) note(short(operation), `Mutation.${name}`);
  for (const { type, get, search } of ENTITIES)
    for (const each of [get, search]) if (each) note(short(each.operation), type);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInterfaceType(type))) continue;
    // They repeat the names of their mutations.
    if (/(?:Payload|Result)$/.test(type.name)) continue;
    read(type.description, type.name);
    for (const field of Object.values(type.getFields()))
      read(field.description, `${type.name}.${field.name}`);
  }
  return uses;
}

const short = (operation) => operation.replace(/^.*\./, '');

/** An operation and the earlier editions of it, which descriptions name. */
function editionsOf(operation) {
  const before = operations.find(
    ({ service, supersededBy }) => service === operation.service && supersededBy === operation.operation,
  );
  return before ? [operation, ...editionsOf(before)] : [operation];
}

function placeOf(operation, uses) {
  const used = editionsOf(operation).flatMap((edition) => [...(uses.get(edition.operation) ?? [])]);
  const places = [...new Set(used)];
  const more = places.length > SHOWN ? ` and ${places.length - SHOWN} more` : '';
  if (places.length > 0)
    return `${places
      .slice(0, SHOWN)
      .map((place) => `\`${place}\``)
      .join(', ')}${more}`;
  if (operation.supersededBy !== null) return `earlier edition of \`${operation.supersededBy}\``;
  return REASONS[operation.id] ?? REASONS[operation.service] ?? 'not yet';
}

const uses = usesOf(buildGraph().schema);
const parts = Object.entries(SERVICES).map(([service, name]) => {
  const rows = operations
    .filter((operation) => operation.service === service)
    .map((operation) => {
      const isSimulated = Object.hasOwn(allHandlers, operation.operation) || service === 'token';
      return `| \`${operation.operation}\` | ${operation.kind} | ${isSimulated ? 'yes' : 'no'} | ${placeOf(operation, uses)} |`;
    });
  return [
    `## ${name}`,
    '',
    '| operation | kind | simulator | graph |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
});
const introduction = `# Operations

This page is made from the contracts and the schema by \`npm run generate\`: every operation of EnOS, whether the local EnOS (the
simulator) answers it, and the types, fields and mutations that it serves, as their descriptions say. The client calls every one.

`;
const config = await prettier.resolveConfig(page);
const text = await prettier.format(introduction + parts.join('\n'), { ...config, parser: 'markdown' });
if (!process.argv.includes('--check')) await writeFile(page, text);
else if ((await readFile(page, 'utf8').catch(() => '')) !== text) {
  process.stderr.write('docs/enos-operations.md differs from the graph: run npm run generate\n');
  process.exitCode = 1;
}
