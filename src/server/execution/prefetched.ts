/**
 * Fetching ahead for the objects of a list: what their fields load is fetched for all of them, waited for once, and the
 * objects are then made without waiting. Worth it only where nothing has to be loaded below of what is loaded: that would
 * wait for the slowest of its neighbours before it could begin.
 */
import { Kind, getNamedType, isAbstractType, isObjectType, valueFromASTUntyped } from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

type AnyField = Pick<GraphQLField<unknown, unknown>, 'extensions' | 'type'>;

/** A field as it is selected. */
interface Selected {
  readonly field: AnyField;
  readonly nodes: readonly FieldNode[];
}

/** What of an operation is looked up. */
interface Parts {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

const NOTHING: readonly string[] = [];

/** Those fields of an object that fetch ahead; none where that would delay another load. */
export function prefetchedOf<Field extends Selected>(
  fields: readonly Field[],
  parts: Parts,
): readonly Field[] {
  const prefetched = fields.filter(({ field }) => field.extensions.prefetch !== undefined);
  if (prefetched.length === 0) return [];
  const known: Known = new Map();
  const delaysAny = fields.some(({ field, nodes }) => {
    const { prefetch } = field.extensions;
    return nodes.some(
      (node) =>
        (!prefetch && loads(field, node, parts)) ||
        loadsBelow(field, node, prefetch?.covers ?? NOTHING, parts, known),
    );
  });
  return delaysAny ? [] : prefetched;
}

/** Whether a field loads something, as it is selected. */
function loads({ extensions }: AnyField, node: FieldNode, parts: Parts): boolean {
  if (!extensions.loads) return false;
  // That an argument is there is mostly what counts: the values of variables come later.
  const args = Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [
      name.value,
      value.kind === Kind.VARIABLE ? value : valueFromASTUntyped(value),
    ]),
  );
  const selected = [...selectedBelow(node, parts)].map(({ name }) => name.value);
  return extensions.loads(args, new Set(selected));
}

/** What was found of fields already: those of a fragment are met wherever it is spread. */
type Known = Map<FieldNode, Map<GraphQLNamedType, boolean>>;

/** Whether something is loaded below a field, but for the fields right below that are covered. */
function loadsBelow(
  field: AnyField,
  node: FieldNode,
  covered: readonly string[],
  parts: Parts,
  known: Known,
): boolean {
  const type = getNamedType(field.type);
  // What is covered differs only for the fields that the question began with.
  const ofNode = covered === NOTHING ? known.get(node) : undefined;
  const found = ofNode?.get(type);
  if (found !== undefined) return found;
  const loadsAny = [...selectedBelow(node, parts)].some((selected) =>
    objectTypesOf(type, parts).some((holder) => {
      const name = selected.name.value;
      const below = holder.getFields()[name];
      if (below === undefined) return false;
      return (
        (!covered.includes(name) && loads(below, selected, parts)) ||
        loadsBelow(below, selected, NOTHING, parts, known)
      );
    }),
  );
  if (covered === NOTHING) {
    if (ofNode) ofNode.set(type, loadsAny);
    else known.set(node, new Map([[type, loadsAny]]));
  }
  return loadsAny;
}

/** The fields selected right below a field, whatever type they are on and whatever @skip and @include say. */
function* selectedBelow({ selectionSet }: FieldNode, parts: Parts): Generator<FieldNode> {
  if (selectionSet) yield* fieldsIn(selectionSet, parts, new Set());
}

/** Each fragment once: spread twice in each of many fragments, one would stand for any number of fields. */
function* fieldsIn(
  { selections }: SelectionSetNode,
  parts: Parts,
  seen: Set<FragmentDefinitionNode>,
): Generator<FieldNode> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) yield selection;
    else if (selection.kind === Kind.INLINE_FRAGMENT) yield* fieldsIn(selection.selectionSet, parts, seen);
    else {
      const fragment = parts.fragments[selection.name.value];
      if (!fragment || seen.has(fragment)) continue;
      seen.add(fragment);
      yield* fieldsIn(fragment.selectionSet, parts, seen);
    }
  }
}

function objectTypesOf(type: GraphQLNamedType, { schema }: Parts): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}

/** Begins to fetch for some objects; as `prefetch` of a field. */
type Begin<Field> = (field: Field, sources: readonly unknown[]) => Promise<unknown> | undefined | false;

/**
 * Fetches what the fields need for all objects. Undefined where there is nothing to wait for. The first object tells whether
 * it is worth it: what memory has for it, it mostly has for all, and resolvers find it themselves. Never rejects.
 */
export function fetchAhead<Field>(
  fields: readonly Field[],
  sources: readonly unknown[],
  begin: Begin<Field>,
): Promise<unknown> | undefined {
  const waits: Promise<unknown>[] = [];
  for (const field of fields) {
    const wait = attempted(begin, field, sources.slice(0, 1));
    if (wait === false) return undefined;
    if (wait) waits.push(wait);
  }
  if (waits.length === 0) return undefined;
  const others = sources.slice(1);
  for (const field of fields) {
    const wait = attempted(begin, field, others);
    if (wait) waits.push(wait);
  }
  return Promise.all(waits);
}

/** A failure is met again by the field's resolver, which tells it where it belongs. */
function attempted<Field>(
  begin: Begin<Field>,
  field: Field,
  sources: readonly unknown[],
): Promise<unknown> | undefined | false {
  try {
    const wait = begin(field, sources);
    return wait ? wait.catch(ignore) : wait;
  } catch {
    return false;
  }
}

function ignore(): void {
  // Said by the resolver.
}
