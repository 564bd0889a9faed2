/**
 * What a call is about: the operation, the organization, the assets and models that it names, the page it asks for. Rules
 * are matched against it, and the log shows it.
 */
import { isObject } from '../contract/documents.js';
import type { ContractOperation } from '../contract/operations.js';

/** What a call is about. */
export interface CallFacts {
  /** Operation id, such as `searchAssetNode`. */
  operation: string;
  /** Service: the contract's file without its ending, such as `asset-tree`. */
  service: string;
  /** `orgId` of the query; null where there is none. */
  org: string | null;
  /** Ids of assets in query and body, expressions included, each once, in the order met. */
  assets: string[];
  /** The same for models. */
  models: string[];
  /** Page number as asked for, whichever base the operation counts from; null without one. */
  page: number | null;
  pageSize: number | null;
}

/** Lists and objects nest no deeper than this in the contract's bodies. */
const DEEPEST = 12;

/** Reads the facts off a request. `body` is the parsed JSON, undefined where there is none or it is no JSON. */
export function factsOf(operation: ContractOperation, query: URLSearchParams, body: unknown): CallFacts {
  const assets = new Set<string>();
  const models = new Set<string>();
  const facts: CallFacts = {
    operation: operation.operationId,
    service: serviceOf(operation),
    org: query.get('orgId'),
    assets: [],
    models: [],
    page: null,
    pageSize: null,
  };
  const visit = (key: string, value: unknown, depth: number): void => {
    if (depth > DEEPEST) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(key, item, depth + 1);
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) visit(name, item, depth + 1);
    } else if (key === 'assetId' || key === 'assetIds') addAll(assets, String(value).split(','));
    else if (key === 'modelId' || key === 'modelIds') addAll(models, String(value).split(','));
    else if (key === 'expression' && typeof value === 'string') {
      addAll(assets, idsInExpression('assetId', value));
      addAll(models, idsInExpression('modelId', value));
    } else if (key === 'pageNo') facts.page = wholeNumber(value);
    else if (key === 'pageSize') facts.pageSize = wholeNumber(value);
  };
  for (const [name, value] of query) visit(name, value, 0);
  visit('', body, 0);
  return { ...facts, assets: [...assets], models: [...models] };
}

/** The service of an operation, as rules and log name it. */
export function serviceOf(operation: ContractOperation): string {
  return operation.file.replace(/\.yaml$/, '');
}

/** Ids that an expression compares a field with: `assetId = 'a'`, `assetId in ('a', "b")`. */
function idsInExpression(field: string, expression: string): string[] {
  const comparisons = new RegExp(`\\b${field}\\s*(?:=|in)\\s*(\\([^()]*\\)|"[^"]*"|'[^']*')`, 'gi');
  return [...expression.matchAll(comparisons)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/"([^"]*)"|'([^']*)'/g)].map((text) => text[1] ?? text[2] ?? ''),
  );
}

function addAll(to: Set<string>, ids: readonly string[]): void {
  for (const id of ids) if (id !== '') to.add(id);
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}
