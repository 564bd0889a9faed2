/**
 * Which field of a query a load is for, for explanations. A resolver may ask a loader after it has awaited something else, so
 * that the field travels along asynchronously. That makes every `await` of the process dearer, so that it is done only while
 * a request is under way that asked for an explanation, and by one storage for all of them: each further one would cost as
 * much again, for good.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** A path as GraphQL has it, from its end. */
export interface PathEnd {
  readonly prev: PathEnd | undefined;
  readonly key: string | number;
}

const storage = new AsyncLocalStorage<{ owner: QueryPaths; path: string }>();
const open = new Set<QueryPaths>();

/** The fields of one request. `end` must be called when it is over. */
export class QueryPaths {
  constructor() {
    open.add(this);
  }

  /** Nothing is asked any more. */
  end(): void {
    if (open.delete(this) && open.size === 0) storage.disable();
  }

  /** Runs the resolver of the field at `path`; what it loads is loaded for that field. */
  around(path: PathEnd, resolve: () => unknown): unknown {
    return open.has(this) ? storage.run({ owner: this, path: pathText(path) }, resolve) : resolve();
  }

  /** The field on whose behalf the code runs that asks, such as `asset.children.nodes.model`; places in lists are left out. */
  current(): string | undefined {
    const now = storage.getStore();
    return now?.owner === this ? now.path : undefined;
  }
}

function pathText(path: PathEnd): string {
  const keys: string[] = [];
  for (let end: PathEnd | undefined = path; end; end = end.prev) {
    if (typeof end.key === 'string') keys.push(end.key);
  }
  return keys.reverse().join('.');
}
