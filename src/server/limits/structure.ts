/**
 * How deep and how wide an operation is, how many aliases and directives it has, fragments followed. Each fragment is
 * measured once, so that a few fragments which stand for millions of fields cost no time. The document has been validated:
 * no fragment is missing, none is circular.
 */
import { Kind } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import type { Limits } from '../options.js';
import type { PassedLimit } from './limit-error.js';

interface Shape {
  /** Levels of fields. */
  depth: number;
  /** Fields at this level. */
  fields: number;
  /** Fields with an alias, at every level, each as often as its fragment is spread. */
  aliases: number;
  /** Directives, likewise. */
  directives: number;
}

const EMPTY: Shape = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/** The first limit that the shape of the operation passes, if any. */
export function structureLimit(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Pick<Limits, 'maxDepth' | 'maxRootFields' | 'maxAliases' | 'maxDirectives'>,
): PassedLimit | undefined {
  const { depth, fields, aliases, directives } = measure(document, operation);
  const bounds: [string, number, number, string][] = [
    ['MAX_DEPTH', limits.maxDepth, depth, 'levels of fields'],
    ['MAX_ROOT_FIELDS', limits.maxRootFields, fields, 'root fields'],
    ['MAX_ALIASES', limits.maxAliases, aliases, 'aliases'],
    ['MAX_DIRECTIVES', limits.maxDirectives, directives, 'directives'],
  ];
  for (const [name, value, asked, what] of bounds) if (asked > value) return { name, value, asked, what };
  return undefined;
}

function measure(document: DocumentNode, operation: OperationDefinitionNode): Shape {
  const fragments = fragmentsByName(document);
  const known = new Map<string, Shape>();
  const ofFragment = (name: string): Shape => {
    let shape = known.get(name);
    if (!shape) {
      const fragment = fragments.get(name);
      shape = fragment ? ofSelections(fragment.selectionSet, fragment) : EMPTY;
      known.set(name, shape);
    }
    return shape;
  };
  const ofSelection = (selection: SelectionNode): Shape => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelections(selection.selectionSet);
    const below = selection.selectionSet ? ofSelections(selection.selectionSet) : EMPTY;
    return { ...below, depth: below.depth + 1, fields: 1, aliases: below.aliases + (selection.alias ? 1 : 0) };
  };
  const ofSelections = (selectionSet: SelectionSetNode, holder?: Directed): Shape => {
    const shape = { ...EMPTY, directives: countOf(holder) };
    for (const selection of selectionSet.selections) {
      const part = ofSelection(selection);
      shape.depth = Math.max(shape.depth, part.depth);
      shape.fields = add(shape.fields, part.fields);
      shape.aliases = add(shape.aliases, part.aliases);
      shape.directives = add(shape.directives, part.directives + countOf(selection));
    }
    return shape;
  };
  return ofSelections(operation.selectionSet, operation);
}

type Directed = Pick<SelectionNode, 'directives'>;

function countOf(node: Directed | undefined): number {
  return node?.directives?.length ?? 0;
}

/** Stays a number that JSON can hold exactly. */
function add(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

/** The fragments of a document. */
export function fragmentsByName(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
}
