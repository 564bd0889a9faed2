/**
 * How deep and how wide an operation is, and how many aliases and directives it writes down, fragments followed. Each fragment is
 * measured once, so that a few fragments which stand for millions of fields cost no time. The document has been validated:
 * no fragment is missing, none is circular.
 */
import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from '../options.js';
import type { PassedLimit } from '../errors/codes.js';

interface Shape {
  /** Levels of fields. */
  depth: number;
  /** Fields at this level. */
  fields: number;
}

/** How often something is written in the operation and the fragments that it uses. */
interface Written {
  aliases: number;
  directives: number;
}

/** The first limit that the shape of the operation passes, if any. */
export function structureLimit(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Pick<Limits, 'maxDepth' | 'maxRootFields' | 'maxAliases' | 'maxDirectives'>,
): PassedLimit | undefined {
  const written = { aliases: 0, directives: 0 };
  const { depth, fields } = measure(document, operation, written);
  const bounds: [string, number, number, string][] = [
    ['MAX_DEPTH', limits.maxDepth, depth, 'levels of fields'],
    ['MAX_ROOT_FIELDS', limits.maxRootFields, fields, 'root fields'],
    ['MAX_ALIASES', limits.maxAliases, written.aliases, 'aliases'],
    ['MAX_DIRECTIVES', limits.maxDirectives, written.directives, 'directives'],
  ];
  for (const [name, value, asked, what] of bounds) if (asked > value) return { name, value, asked, what };
  return undefined;
}

function measure(document: DocumentNode, operation: OperationDefinitionNode, written: Written): Shape {
  const fragments = fragmentsByName(document);
  const known = new Map<string, Shape>();
  const ofFragment = (name: string): Shape => {
    let shape = known.get(name);
    if (!shape) {
      const fragment = fragments.get(name);
      written.directives += fragment?.directives?.length ?? 0;
      shape = fragment ? ofSelections(fragment.selectionSet) : { depth: 0, fields: 0 };
      known.set(name, shape);
    }
    return shape;
  };
  const ofSelection = (selection: SelectionNode): Shape => {
    written.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelections(selection.selectionSet);
    if (selection.alias) written.aliases += 1;
    const below = selection.selectionSet ? ofSelections(selection.selectionSet).depth : 0;
    return { depth: below + 1, fields: 1 };
  };
  const ofSelections = (selectionSet: SelectionSetNode): Shape => {
    let depth = 0;
    let fields = 0;
    for (const selection of selectionSet.selections) {
      const shape = ofSelection(selection);
      depth = Math.max(depth, shape.depth);
      fields += shape.fields;
    }
    return { depth, fields: Math.min(fields, Number.MAX_SAFE_INTEGER) };
  };
  written.directives += operation.directives?.length ?? 0;
  return ofSelections(operation.selectionSet);
}

/** The fragments of a document. */
export function fragmentsByName(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
}
