/**
 * How deep and how wide an operation is, fragments followed. Each fragment is measured once, so that a few fragments which
 * stand for millions of fields cost no time. The document has been validated: no fragment is missing, none is circular.
 */
import { Kind } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import type { PassedLimit } from './limit-error.js';

interface Shape {
  /** Levels of fields. */
  depth: number;
  /** Fields at this level. */
  fields: number;
}

/** The first limit that the shape of the operation passes, if any. */
export function structureLimit(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: { maxDepth: number; maxRootFields: number },
): PassedLimit | undefined {
  const { depth, fields } = measure(document, operation);
  if (depth > limits.maxDepth) {
    return { name: 'MAX_DEPTH', value: limits.maxDepth, asked: depth, what: 'levels of fields' };
  }
  if (fields > limits.maxRootFields) {
    return { name: 'MAX_ROOT_FIELDS', value: limits.maxRootFields, asked: fields, what: 'root fields' };
  }
  return undefined;
}

function measure(document: DocumentNode, operation: OperationDefinitionNode): Shape {
  const fragments = fragmentsByName(document);
  const known = new Map<string, Shape>();
  const ofFragment = (name: string): Shape => {
    let shape = known.get(name);
    if (!shape) {
      const fragment = fragments.get(name);
      shape = fragment ? ofSelections(fragment.selectionSet) : { depth: 0, fields: 0 };
      known.set(name, shape);
    }
    return shape;
  };
  const ofSelections = (selectionSet: SelectionSetNode): Shape => {
    let depth = 0;
    let fields = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? ofSelections(selection.selectionSet).depth : 0;
        depth = Math.max(depth, below + 1);
        fields += 1;
      } else {
        const shape =
          selection.kind === Kind.INLINE_FRAGMENT
            ? ofSelections(selection.selectionSet)
            : ofFragment(selection.name.value);
        depth = Math.max(depth, shape.depth);
        fields += shape.fields;
      }
    }
    return { depth, fields: Math.min(fields, Number.MAX_SAFE_INTEGER) };
  };
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
