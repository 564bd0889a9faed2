/**
 * Operations that have passed parsing and validation, with everything about them that does not depend on a request: their
 * shape compared with the limits, their cost as a function of the variables, their plan of execution. Kept by the text of
 * the document and the name of the operation, the least recently used leave first.
 */
import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { documentHash } from './document-hash.js';
import { holdsBigInt } from './exact-json.js';
import { compileOperation } from './execution/compile.js';
import type { CompiledOperation } from './execution/compile.js';
import { costEstimate } from './limits/cost.js';
import type { CostEstimate } from './limits/cost.js';
import type { PassedLimit } from './limits/limit-error.js';
import { fragmentsByName, structureLimit } from './limits/structure.js';
import { variableLimit } from './limits/variables.js';
import type { Limits } from './options.js';

/** An operation ready to be answered. */
export interface PreparedOperation {
  /** Name that the document gives it. */
  readonly name: string | undefined;
  readonly type: string;
  /** Of the document (document-hash.ts). */
  readonly hash: string;
  /** Undefined where graphql-js must execute it. */
  readonly compiled: CompiledOperation | undefined;
  /** Fields that an answer may hold, estimated. */
  costOf(variables: Readonly<Record<string, unknown>> | undefined): number;
  /** The limit that a request with these variables passes, if any. */
  passedLimit(variables: Readonly<Record<string, unknown>> | undefined): PassedLimit | undefined;
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
}

/** Bound of all that is kept, in approximate bytes. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What a document takes in memory per character of its text: about 45 once parsed, and as much again for its plan. */
const BYTES_PER_CHARACTER = 100;

/** Makes the store of a server. */
export function createOperations(schema: GraphQLSchema, limits: Limits): Operations {
  const remembering = rememberedCosts();
  const known = new LRUCache<string, PreparedOperation>({
    maxSize: MAX_BYTES,
    sizeCalculation: (_operation, key) => key.length * BYTES_PER_CHARACTER,
  });
  const keyOf = (text: string, name: string | undefined): string => `${name ?? ''}\n${text}`;
  return {
    find: (text, name) => known.get(keyOf(text, name)),
    prepare: (text, name, document, operation) => {
      const key = keyOf(text, name);
      let prepared = known.get(key);
      if (!prepared)
        known.set(key, (prepared = prepare({ schema, limits, document, operation }, remembering)));
      return prepared;
    },
  };
}

interface OperationToPrepare {
  schema: GraphQLSchema;
  limits: Limits;
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

function prepare(
  { schema, limits, document, operation }: OperationToPrepare,
  remembering: (estimate: CostEstimate) => CostEstimate,
): PreparedOperation {
  const structure = structureLimit(document, operation, limits);
  const costOf = remembering(costEstimate({ schema, document, operation }));
  const fragments = Object.fromEntries(fragmentsByName(document)) as Record<string, FragmentDefinitionNode>;
  return {
    name: operation.name?.value,
    type: operation.operation,
    hash: documentHash(document),
    // What is refused for its shape is never run.
    compiled: structure ? undefined : compileOperation({ schema, operation, fragments }),
    costOf,
    passedLimit: (variables) =>
      variableLimit(variables, limits) ?? structure ?? costLimit(costOf, variables, limits),
  };
}

/** Estimates of all operations that are remembered, and the longest text of variables that one is remembered by. */
const MAX_ESTIMATES = 5_000;
const MAX_VARIABLES_TEXT = 1_000;

/**
 * One request asks several times, each time with the same variables, and many requests ask with variables of the same
 * content: to write them down costs a fraction of an estimate.
 */
function rememberedCosts(): (estimate: CostEstimate) => CostEstimate {
  const byText = new LRUCache<string, number>({ max: MAX_ESTIMATES });
  let operations = 0;
  return (estimate) => {
    let last: { variables: object; cost: number } | undefined;
    const start = `${(operations += 1)} `;
    return (variables) => {
      if (!variables) return estimate(variables);
      if (last?.variables === variables) return last.cost;
      const text = start + variablesText(variables);
      const cost = byText.get(text) ?? estimate(variables);
      if (text.length <= MAX_VARIABLES_TEXT) byText.set(text, cost);
      last = { variables, cost };
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

function costLimit(
  costOf: CostEstimate,
  variables: Readonly<Record<string, unknown>> | undefined,
  { maxCost }: Limits,
): PassedLimit | undefined {
  const cost = costOf(variables);
  if (cost <= maxCost) return undefined;
  const what = 'fields, as estimated from the sizes of its lists';
  return { name: 'MAX_COST', value: maxCost, asked: Math.ceil(cost), what };
}
