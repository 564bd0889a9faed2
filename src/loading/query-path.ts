/**
 * Which field of a query a load is for, for explanations. A resolver may ask a loader after it has awaited something else, so
 * that the field travels along asynchronously: that costs, and is done only for requests that ask for an explanation.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** A path as GraphQL has it, from its end. */
export interface PathEnd {
  readonly prev: PathEnd | undefined;
  readonly key: string | number;
}

/** The fields of one request. */
export class QueryPaths {
  private readonly storage = new AsyncLocalStorage<string>();

  /** Runs the resolver of the field at `path`; what it loads is loaded for that field. */
  around(path: PathEnd, resolve: () => unknown): unknown {
    return this.storage.run(pathText(path), resolve);
  }

  /** The field on whose behalf the code runs that asks, such as `asset.children.nodes.model`; places in lists are left out. */
  current(): string | undefined {
    return this.storage.getStore();
  }
}

function pathText(path: PathEnd): string {
  const keys: string[] = [];
  for (let end: PathEnd | undefined = path; end; end = end.prev) {
    if (typeof end.key === 'string') keys.push(end.key);
  }
  return keys.reverse().join('.');
}
