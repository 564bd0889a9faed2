/**
 * Relay connections over a window of a list: arguments to window, window to connection. Cursors are opaque and hold the
 * index of their item. What the query does not ask for is not fetched: neither items for `totalCount` alone, nor anything
 * for an empty selection.
 */
import type { Slice, Window } from '../../loading/common.js';
import { isPromise, then, type MaybePromise } from '../../loading/maybe.js';
import { ArgsType, Field, ObjectType } from '../decorators.js';
import { GraphQLInt, GraphQLString } from 'graphql';
import { badUserInput } from '../errors/raise.js';
import type { GraphContext } from '../context.js';
import { freshnessOf, type Freshness } from '../freshness.js';
import { DEFAULT_PAGE_SIZE, MAX_LIST_SIZE } from './limits.js';
import { oncePerField, selects, selectsAny, type SelectionInfo } from '../selection.js';

/** Arguments of every connection. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => GraphQLInt, {
    nullable: true,
    description: `Number of items from the start of the list, or behind \`after\`. 0 to ${MAX_LIST_SIZE}, ${DEFAULT_PAGE_SIZE} where no number is given.`,
  })
  first?: number | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Cursor: the items behind it.' })
  after?: string | null;

  @Field(() => GraphQLInt, {
    nullable: true,
    description: `Number of items from the end of the list, or right before \`before\`. 0 to ${MAX_LIST_SIZE}. Not together with \`first\`.`,
  })
  last?: number | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Cursor: the items before it.' })
  before?: string | null;

  @Field(() => GraphQLInt, {
    nullable: true,
    description:
      'Number of items to leave out at the start, for tables that jump to a page. Not together with a cursor or `last`.',
  })
  offset?: number | null;
}

/** Where a page lies in its list. */
@ObjectType({ simpleResolvers: true, description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether items follow.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether items precede.' })
  hasPreviousPage!: boolean;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Cursor of the first item; null for an empty page.',
  })
  startCursor!: string | null;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Cursor of the last item; null for an empty page.',
  })
  endCursor!: string | null;
}

/** The part of a list that arguments ask for, as far as it is known before the list is. */
interface Wanted {
  start: number;
  /** Index behind the last item; open where only the list says. */
  end: number | null;
  size: number;
  fromEnd: boolean;
}

/** Reads the arguments. Throws BAD_USER_INPUT that names the argument, its value and the limit. */
export function readArgs(args: ConnectionArgs): Wanted {
  const { first, after, last, before, offset } = args;
  if (first != null && last != null) {
    throw badUserInput('Arguments "first" and "last" exclude each other.', 'last');
  }
  if (offset != null && (after != null || before != null || last != null)) {
    throw badUserInput('Argument "offset" excludes "after", "before" and "last".', 'offset');
  }
  checkSize(first, 'first');
  checkSize(last, 'last');
  if (offset != null && offset < 0) throw badUserInput(`Argument "offset": ${offset} is negative.`, 'offset');
  return {
    start: after != null ? readCursor(after, 'after') + 1 : (offset ?? 0),
    end: before != null ? readCursor(before, 'before') : null,
    size: first ?? last ?? DEFAULT_PAGE_SIZE,
    fromEnd: last != null,
  };
}

/** Paths below a connection at which its nodes are selected. */
export const NODE_PATHS: readonly (readonly string[])[] = [['nodes'], ['edges', 'node']];

/**
 * Loads the page that the arguments ask for and makes a connection of it. `load` is asked with limit 0 for the total alone,
 * and not at all where nothing is selected that needs it.
 */
export function connect<Item>(
  args: ConnectionArgs,
  info: SelectionInfo,
  load: (window: Window) => MaybePromise<Slice<Item>>,
): MaybePromise<Connection<Item>>;
/** The same for items that become nodes by `toNode`. */
export function connect<Item, Node>(
  args: ConnectionArgs,
  info: SelectionInfo,
  load: (window: Window) => MaybePromise<Slice<Item>>,
  toNode: (item: Item) => Node,
): MaybePromise<Connection<Node>>;
export function connect<Item, Node>(
  args: ConnectionArgs,
  info: SelectionInfo,
  load: (window: Window) => MaybePromise<Slice<Item>>,
  toNode?: (item: Item) => Node,
): MaybePromise<Connection<Item | Node>> {
  const { wanted, window, wantsItems, wantsTotal } = oncePerField(info, connect, readPage, args);
  if (!wantsItems && !wantsTotal) return new Connection<Node>([], 0, 0, 0);
  if (window && wantsItems) return loadPage(window, load, toNode);
  return then(load({ offset: window?.offset ?? 0, limit: 0 }), (counted) => {
    const { totalCount } = counted;
    const page = window ?? windowOf(wanted, totalCount) ?? { offset: totalCount, limit: 0 };
    if (wantsItems && page.limit > 0) return loadPage(page, load, toNode);
    const count = Math.max(0, Math.min(page.limit, totalCount - page.offset));
    return new Connection<Node>([], page.offset, count, totalCount, counted);
  });
}

function loadPage<Item, Node>(
  page: Window,
  load: (window: Window) => MaybePromise<Slice<Item>>,
  toNode?: (item: Item) => Node,
): MaybePromise<Connection<Item | Node>> {
  const read = load(page);
  return isPromise(read) ? read.then((slice) => pageOf(page, slice, toNode)) : pageOf(page, read, toNode);
}

function pageOf<Item, Node>(
  { offset }: Window,
  slice: Slice<Item>,
  toNode?: (item: Item) => Node,
): Connection<Item | Node> {
  const { items, totalCount } = slice;
  const nodes: readonly (Item | Node)[] = toNode ? items.map(toNode) : items;
  return new Connection(nodes, offset, items.length, totalCount, slice);
}

/** What a connection is asked for, as far as its field says. `window` is null while the total must be known first. */
interface PageAsked {
  wanted: Wanted;
  window: Window | null;
  wantsItems: boolean;
  wantsTotal: boolean;
}

function readPage(info: SelectionInfo, args: ConnectionArgs): PageAsked {
  const wanted = readArgs(args);
  return {
    wanted,
    window: windowOf(wanted, null),
    wantsItems: selectsAny(info, [], ['nodes', 'edges']),
    wantsTotal: selectsAny(info, [], ['pageInfo', 'totalCount', 'freshness']),
  };
}

/**
 * The window that `connect` asks for first; undefined where it asks for none, null where it needs the total first and then
 * another window.
 */
export function windowToLoad(args: ConnectionArgs, info: SelectionInfo): Window | undefined | null {
  const { window, wantsItems, wantsTotal } = oncePerField(info, connect, readPage, args);
  if (!wantsItems && !wantsTotal) return undefined;
  if (!wantsItems) return { offset: window?.offset ?? 0, limit: 0 };
  return window;
}

/** The connection of a list that is known to hold nothing. Arguments are checked all the same. */
export function emptyConnection<Node>(args: ConnectionArgs): Connection<Node> {
  readArgs(args);
  return new Connection<Node>([], 0, 0, 0);
}

/** The window to load; null while the total must be known first (the last items of an open list). */
function windowOf({ start, end, size, fromEnd }: Wanted, total: number | null): Window | null {
  if (!fromEnd)
    return { offset: start, limit: Math.max(0, end === null ? size : Math.min(size, end - start)) };
  if (end === null && total === null) return null;
  const bound = total === null ? (end ?? 0) : Math.min(end ?? total, total);
  const offset = Math.max(start, bound - size);
  return { offset, limit: Math.max(0, bound - offset) };
}

function checkSize(value: number | null | undefined, argument: string): void {
  if (value == null) return;
  if (value < 0) throw badUserInput(`Argument "${argument}": ${value} is negative.`, argument);
  if (value > MAX_LIST_SIZE) {
    throw badUserInput(
      `Argument "${argument}": ${value} is more than the limit of ${MAX_LIST_SIZE}.`,
      argument,
    );
  }
}

/** An item and its cursor. */
export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** What the fields of a connection are read from. */
export class Connection<Node> {
  constructor(
    readonly nodes: readonly Node[],
    private readonly start: number,
    private readonly count: number,
    readonly totalCount: number,
    /** The list as it was loaded. */
    private readonly slice?: object,
  ) {}

  /** Read as a field: when the list was fetched. */
  freshness(_args: unknown, context: GraphContext): Freshness | null {
    return this.slice ? freshnessOf(this.slice, context) : null;
  }

  get edges(): Edge<Node>[] {
    return this.nodes.map((node, index) => ({ cursor: toCursor(this.start + index), node }));
  }

  get pageInfo(): PageInfo {
    const end = this.start + this.count;
    return {
      hasNextPage: end < this.totalCount,
      hasPreviousPage: this.start > 0 && this.totalCount > 0,
      startCursor: this.count > 0 ? toCursor(this.start) : null,
      endCursor: this.count > 0 ? toCursor(end - 1) : null,
    };
  }
}

/** The cursor of the item with an index. */
export function toCursor(index: number): string {
  return Buffer.from(`i:${index}`, 'utf8').toString('base64url');
}

function readCursor(cursor: string, argument: string): number {
  const match = /^i:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!match || toCursor(Number(match[1])) !== cursor) {
    const shown = cursor.length > 60 ? `${cursor.slice(0, 60)}...` : cursor;
    throw badUserInput(`Argument "${argument}": "${shown}" is not a cursor of this list.`, argument);
  }
  return Number(match[1]);
}

/** Whether a field of the nodes is selected, in `nodes` or in `edges`; `inside` leads from the node to it. */
export function selectsOfNodes(
  info: SelectionInfo,
  inside: readonly string[],
  names: readonly string[],
): boolean {
  return NODE_PATHS.some((path) => selects(info, ...path) && selectsAny(info, [...path, ...inside], names));
}
