/**
 * Operations that have passed parsing and validation, with everything about them that does not depend on a request: their
 * shape compared with the limits, their cost as a function of the variables, their plan of execution. Kept by the text of
 * the document and the name of the operation, the least recently used leave first.
 */
import { createHash } from 'node:crypto';
import {
  print,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { holdsBigInt } from '../variables/variables.js';
import { compileOperation, type CompiledOperation } from '../execution/compile.js';
import { costEstimate, type CostEstimate } from '../limits/cost.js';
import type { PassedLimit } from '../errors/codes.js';
import { fragmentsByName, structureLimit } from '../limits/structure.js';
import { variableLimit } from '../limits/variables.js';
import type { Limits } from '../options.js';

/** What variables make of an operation: the limit that they pass, or the fields that an answer may hold, estimated. */
export type Weight =
  | { readonly passed: PassedLimit; readonly cost?: never }
  | { readonly passed?: never; readonly cost: number };

/** An operation ready to be answered. */
export interface PreparedOperation {
  /** Name that the document gives it. */
  readonly name: string | undefined;
  readonly type: string;
  /** Of the document as `documentHash` says. */
  readonly hash: string;
  /** The document, valid, and the operation in it. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Undefined where graphql-js must execute it. */
  readonly compiled: CompiledOperation | undefined;
  /** Checks a request with these variables, as they came. */
  weigh(variables: Readonly<Record<string, unknown>> | undefined): Weight;
}

/** The operations that are kept. */
export interface Operations {
  /** One that was answered before; its document is known to be valid. */
  find(text: string, operationName: string | undefined): PreparedOperation | undefined;
  /** Makes a validated operation ready, or finds it. */
  prepare(
    text: string,
    operationName: string | undefined,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): PreparedOperation;
  /** Approximate bytes that all that is kept takes in memory. */
  readonly bytes: number;
}

/** Bound of all that is kept, in approximate bytes. */
const MAX_BYTES = 64 * 1024 * 1024;
/** The key and the source each hold the text, at up to two bytes a character. */
const BYTES_PER_CHARACTER = 4;
/** What graphql-js makes of one token, at most: itself, its node, and where both stand. */
const BYTES_PER_TOKEN = 500;
/** What one field of a plan takes, with what is below it. */
const BYTES_PER_PLANNED_FIELD = 900;

/** What is kept of an operation, and what it takes without its plans, which grow later. */
interface Kept {
  readonly prepared: PreparedOperation;
  readonly bytes: number;
}

/** Makes the store of a server. */
export function createOperations(
  schema: GraphQLSchema,
  limits: Limits,
  maxBytes: number = MAX_BYTES,
): Operations {
  const remembering = rememberedCosts();
  const known = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    sizeCalculation: ({ prepared, bytes }) =>
      bytes + (prepared.compiled?.plannedFields ?? 0) * BYTES_PER_PLANNED_FIELD,
  });
  // The length of the name makes the key unambiguous, whatever the name and the text contain.
  const keyOf = (text: string, name: string | undefined): string =>
    name === undefined ? `-\n${text}` : `${name.length} ${name}\n${text}`;

  /** Keys of operations whose plans have grown since they were last measured. */
  const grown = new Set<string>();
  const measureGrown = (): void => {
    for (const key of grown) {
      const kept = known.peek(key);
      if (!kept) continue;
      // The store measures what it did not hold before.
      known.delete(key);
      known.set(key, kept);
    }
    grown.clear();
  };

  return {
    find: (text, name) => {
      if (grown.size > 0) measureGrown();
      return known.get(keyOf(text, name))?.prepared;
    },
    prepare: (text, name, document, operation) => {
      if (grown.size > 0) measureGrown();
      const key = keyOf(text, name);
      const kept = known.get(key);
      if (kept) return kept.prepared;
      const onGrowth = (): void => void grown.add(key);
      const prepared = prepare({ schema, limits, document, operation, onGrowth }, remembering);
      const bytes = key.length * BYTES_PER_CHARACTER + tokensOf(document) * BYTES_PER_TOKEN;
      known.set(key, { prepared, bytes });
      return prepared;
    },
    get bytes() {
      if (grown.size > 0) measureGrown();
      return known.calculatedSize;
    },
  };
}

/** The tokens of a parsed document. */
function tokensOf({ loc }: DocumentNode): number {
  let count = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) count += 1;
  return count;
}

interface OperationToPrepare {
  schema: GraphQLSchema;
  limits: Limits;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  onGrowth: () => void;
}

function prepare(
  { schema, limits, document, operation, onGrowth }: OperationToPrepare,
  remembering: (estimate: CostEstimate) => CostEstimate,
): PreparedOperation {
  const structure = structureLimit(document, operation, limits);
  const costOf = remembering(costEstimate({ schema, document, operation }));
  const fragments = Object.fromEntries(fragmentsByName(document)) as Record<string, FragmentDefinitionNode>;
  return {
    name: operation.name?.value,
    type: operation.operation,
    hash: documentHash(document),
    document,
    operation,
    // What is refused for its shape is never run.
    compiled: structure ? undefined : compileOperation({ schema, operation, fragments }, onGrowth),
    weigh: (variables) => {
      const passed = variableLimit(variables, limits) ?? structure;
      if (passed) return { passed };
      const cost = costOf(variables);
      return cost > limits.maxCost ? { passed: costLimit(cost, limits) } : { cost };
    },
  };
}

/** Bound of the estimates that are remembered, in approximate bytes, and the longest text of variables that one is remembered by. */
const MAX_ESTIMATE_BYTES = 4 * 1024 * 1024;
const MAX_VARIABLES_TEXT = 1_000;
const ESTIMATE_BYTES = 150;

/** Many requests ask with variables of the same content: to write them down costs a fraction of an estimate. */
function rememberedCosts(): (estimate: CostEstimate) => CostEstimate {
  const byText = new LRUCache<string, number>({
    maxSize: MAX_ESTIMATE_BYTES,
    sizeCalculation: (_cost, text) => ESTIMATE_BYTES + 2 * text.length,
  });
  let operations = 0;
  return (estimate) => {
    const start = `${(operations += 1)} `;
    return (variables) => {
      if (!variables) return estimate(variables);
      const text = start + variablesText(variables);
      const cost = byText.get(text) ?? estimate(variables);
      if (text.length <= MAX_VARIABLES_TEXT) byText.set(text, cost);
      return cost;
    };
  };
}

/** Variables as text; an integer beyond 2^53, which JSON.stringify refuses, as the text of its digits. */
function variablesText(variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(variables, holdsBigInt(variables) ? bigintAsText : undefined);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function costLimit(cost: number, { maxCost }: Limits): PassedLimit {
  const what = 'fields, as estimated from the sizes of its lists';
  return { name: 'MAX_COST', value: maxCost, asked: Math.ceil(cost), what };
}

/** What an operation is known by in logs and traces, where its text must not stand: literals in it may be anything. */
const HASH_LENGTH = 16;

/**
 * First 16 hexadecimal digits of the SHA-256 of the document as graphql-js prints it: the same whatever the caller's
 * blanks, commas and comments, and the same in every release that prints alike.
 */
export function documentHash(document: DocumentNode): string {
  return createHash('sha256').update(print(document)).digest('hex').slice(0, HASH_LENGTH);
}
