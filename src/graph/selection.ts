/**
 * Which fields a query selects below the field being resolved, through fragments, aliases, @skip and @include. Fragments
 * count whatever type they are on: at worst something is fetched that no object of the list needed.
 */
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * A value that is remembered on an object, under a symbol that is not listed, copied, compared or written with it. A
 * WeakMap does the same, but what it holds outlives every collection of young objects.
 */
export class HiddenMemo<Holder extends object, Value extends object> {
  private readonly name = Symbol('memo');

  get(holder: Holder): Value | undefined {
    return (holder as Record<symbol, Value | undefined>)[this.name];
  }

  /** Replaces the value, and returns it. */
  set(holder: Holder, value: Value): Value {
    Object.defineProperty(holder, this.name, { value, configurable: true });
    return value;
  }
}

/** What of `GraphQLResolveInfo` is needed here. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

type Fields = ReadonlyMap<string, readonly FieldNode[]>;
type Facts = Map<unknown, unknown>;

/**
 * What was already found out, by request (its variables), place in the document and question. All objects of a list are
 * resolved with the same nodes; the variables belong into the key because a compiled document shares its nodes among
 * requests.
 */
const known = new HiddenMemo<object, Map<readonly FieldNode[], Facts>>();

/**
 * What `find` finds out, found out once for all objects that a field of a request is resolved on. It must depend on nothing
 * but the field and its arguments, and is handed what it needs, so that asking makes no closure. `question` tells what is found out apart from what else is.
 */
export function oncePerField<T, Given>(
  info: SelectionInfo,
  question: object,
  find: (info: SelectionInfo, given: Given) => T,
  given: Given,
): T {
  const facts = factsAt(info.fieldNodes, info);
  let answer = facts.get(question) as T | undefined;
  if (answer === undefined) facts.set(question, (answer = find(info, given)));
  return answer;
}

function factsAt(nodes: readonly FieldNode[], { variableValues }: SelectionInfo): Facts {
  const places =
    known.get(variableValues) ?? known.set(variableValues, new Map<readonly FieldNode[], Facts>());
  let facts = places.get(nodes);
  if (!facts) places.set(nodes, (facts = new Map()));
  return facts;
}

/** Whether the query selects a path of fields, e.g. `edges.node.tags`. */
export function selects(info: SelectionInfo, ...path: string[]): boolean {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) {
    const found = fieldsBelow(nodes, info).get(name);
    if (!found) return false;
    nodes = found;
  }
  return true;
}

/** The selections of a field right below. */
export function nodesBelow(info: SelectionInfo, name: string): readonly FieldNode[] {
  return fieldsBelow(info.fieldNodes, info).get(name) ?? [];
}

/** Whether any of the fields is selected at the path. */
export function selectsAny(info: SelectionInfo, path: readonly string[], names: readonly string[]): boolean {
  return names.some((name) => selects(info, ...path, name));
}

/** Whether the query selects nothing but (some of) the named fields. */
export function selectsOnly(info: SelectionInfo, names: ReadonlySet<string>): boolean {
  return oncePerField(info, names, hasOnly, names);
}

function hasOnly(info: SelectionInfo, names: ReadonlySet<string>): boolean {
  for (const name of fieldsBelow(info.fieldNodes, info).keys()) {
    if (name !== '__typename' && !names.has(name)) return false;
  }
  return true;
}

function fieldsBelow(nodes: readonly FieldNode[], info: SelectionInfo): Fields {
  const facts = factsAt(nodes, info);
  const known = facts.get(collect) as Fields | undefined;
  if (known) return known;
  const collected = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const node of nodes) if (node.selectionSet) collect(node.selectionSet, info, collected, visited);
  facts.set(collect, collected);
  return collected;
}

function collect(
  selectionSet: SelectionSetNode,
  info: SelectionInfo,
  into: Map<string, FieldNode[]>,
  visited: Set<string>,
): void {
  for (const selection of selectionSet.selections) {
    if (isLeftOut(selection, info)) continue;
    if (selection.kind === Kind.FIELD) {
      const nodes = into.get(selection.name.value);
      if (nodes) nodes.push(selection);
      else into.set(selection.name.value, [selection]);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(selection.selectionSet, info, into, visited);
    } else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      const fragment = info.fragments[selection.name.value];
      if (fragment) collect(fragment.selectionSet, info, into, visited);
    }
  }
}

function isLeftOut(node: SelectionNode, info: SelectionInfo): boolean {
  if (!node.directives || node.directives.length === 0) return false;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues);
  if (skip?.['if'] === true) return true;
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues);
  return include?.['if'] === false;
}
