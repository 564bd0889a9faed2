/** Operations on things that are kept by a key: one by its key, and a search by expression and page. */
import { compileExpression } from './expression/select.js';
import { ServiceError } from './operation.js';
import type { OperationHandler, OperationRequest } from './operation.js';
import { pageInfo, pageOf, readPage } from './paging.js';
import type { World } from './world/world.js';

/** How things of one kind are found. */
export interface KeyedThings<Thing> {
  /** In the order in which a search gives them. */
  all: (world: World) => ReadonlyMap<string, Thing>;
  /** Query parameter that holds the key. */
  parameter: string;
  /** What EnOS says where there is none. */
  missing: { code: number; message: string };
  /** The search whose contract lists the fields of expressions; its later editions document none of their own. */
  search: string;
  /** Values of a field in an expression. */
  field: (thing: Thing, name: string) => readonly unknown[];
}

/** What an operation shows of a thing. */
export type View<Thing> = (thing: Thing, orgId: string, request: OperationRequest) => Record<string, unknown>;

/** Handler of an operation that gives one by its key. */
export function getOne<Thing>(
  { all, parameter, missing }: KeyedThings<Thing>,
  view: View<Thing>,
): OperationHandler {
  return (request, { world }) => {
    const thing = all(world).get(request.query[parameter] ?? '');
    if (thing === undefined) throw new ServiceError(missing.code, missing.message);
    return { data: view(thing, world.orgId, request) };
  };
}

/** Handler of an operation that searches. */
export function searchAll<Thing>(
  { all, search, field }: KeyedThings<Thing>,
  view: View<Thing>,
): OperationHandler {
  return (request, { world }) => {
    const test = compileExpression(search, request.body['expression']);
    const page = readPage(request.operationId, request.body);
    const found = [...all(world).values()].filter((thing) => test((name) => field(thing, name)));
    return {
      data: pageOf(found, page).map((thing) => view(thing, world.orgId, request)),
      beside: pageInfo(page, found.length),
    };
  };
}
