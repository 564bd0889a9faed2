/**
 * What of an operation can be worked out before there is data: which fields an object of a type is asked for, how their
 * arguments are read, what their values must be. A plan grows as answers reach its parts, so that parts never reached
 * cost nothing, and equal parts (a fragment used in many places) are planned once.
 */
import {
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  getArgumentValues,
  visit,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
  print,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { prefetchedOf } from './prefetched.js';
import { isEntity, shapeOf, type Shape } from './shape.js';
import { createHash } from 'node:crypto';
// The rules of fragments, @skip and @include, from the very functions that graphql-js itself executes by.

declare module 'graphql' {
  // The names of the type parameters must be those of graphql-js.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-explicit-any
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs = any> {
    /** Set where the resolver never changes the arguments that it is handed. */
    sharesArguments?: boolean;
    /** Whether the resolver loads something, given its arguments and the names of the fields selected below. */
    loads?: (args: Record<string, unknown>, selected: ReadonlySet<string>) => boolean;
    /** How the field fetches ahead for lists of objects. */
    prefetch?: FieldPrefetch;
  }
}

/** What a field declares that fetches ahead. */
interface FieldPrefetch {
  /**
   * Begins to fetch what the resolver will need for these objects: a promise that may reject, undefined where all is there,
   * `false` where it cannot be told ahead.
   */
  load(
    sources: readonly unknown[],
    args: Record<string, unknown>,
    context: unknown,
    info: GraphQLResolveInfo,
  ): Promise<unknown> | undefined | false;
  /** Fields right below that it loads for, too. */
  covers?: readonly string[];
}

/** One field of an object. */
export interface FieldPlan {
  /** Its name in the answer. */
  readonly key: string;
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly shape: Shape;
  /** `none`: takes none. `plain`: always the same plain values. `read`: to be read for each request. */
  readonly args: { kind: 'none' } | { kind: 'plain'; values: Record<string, unknown> } | { kind: 'read' };
  /** Whether its resolver only reads its arguments, so that all its calls may be handed the same object. */
  readonly sharesArguments: boolean;
  /** Whether it leads to objects that have an identity of their own; others are mere groups of values. */
  readonly isEntity: boolean;
  readonly below: SelectionPlan;
}

/** What an object is asked for. */
export interface ObjectPlan {
  /** In the order of the answer. */
  readonly fields: readonly FieldPlan[];
  /** Those that fetch ahead where the object stands in a list. */
  readonly prefetched: readonly FieldPlan[];
  /** What the answer's object begins as, each field null: to copy it costs less than to add one field after another. */
  readonly blank: Readonly<Record<string, unknown>>;
}

/** What is selected below a field, by the type of the object found there. */
export interface SelectionPlan {
  readonly nodes: readonly FieldNode[];
  readonly byType: Map<GraphQLObjectType, ObjectPlan>;
  /** What tells its parts from others; worked out when they are first kept. */
  selection?: PartSelection;
  /** What was found last: mostly there is but one type. */
  last: { type: GraphQLObjectType; fields: ObjectPlan } | undefined;
}

/** What belongs to the operation as a whole. */
export interface OperationParts {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** The plan of an operation for one choice of what @skip and @include leave. */
export class Plan {
  /** Fields planned so far. */
  size = 0;
  private rootFields: ObjectPlan | undefined;
  private readonly byNode = new Map<FieldNode, SelectionPlan>();

  constructor(
    readonly parts: OperationParts,
    /** Values of the variables that @skip and @include read. */
    private readonly conditions: Readonly<Record<string, boolean>>,
    private readonly onGrowth?: () => void,
  ) {}

  /** The fields of the operation itself. */
  root(type: GraphQLObjectType): ObjectPlan {
    const { schema, fragments, operation } = this.parts;
    this.rootFields ??= this.fieldsOf(
      type,
      collectFields(schema, fragments, this.conditions, type, operation.selectionSet),
    );
    return this.rootFields;
  }

  /** The fields of an object below a field. */
  object(below: SelectionPlan, type: GraphQLObjectType): ObjectPlan {
    if (below.last?.type === type) return below.last.fields;
    let fields = below.byType.get(type);
    if (!fields) {
      const { schema, fragments } = this.parts;
      fields = this.fieldsOf(type, collectSubfields(schema, fragments, this.conditions, type, below.nodes));
      below.byType.set(type, fields);
    }
    below.last = { type, fields };
    return fields;
  }

  private fieldsOf(
    parentType: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
  ): ObjectPlan {
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collected) {
      const field = this.definition(parentType, nodes[0]?.name.value ?? '');
      if (!field) continue;
      this.size += 1;
      const shape = shapeOf(field.type);
      fields.push({
        key,
        parentType,
        field,
        nodes,
        shape,
        args: argsOf(field, nodes),
        sharesArguments: field.extensions.sharesArguments === true,
        isEntity: isEntity(shape),
        below: this.below(nodes),
      });
    }
    this.onGrowth?.();
    const blank = Object.fromEntries(fields.map(({ key }) => [key, null]));
    return { fields, prefetched: prefetchedOf(fields, this.parts), blank };
  }

  private below(nodes: readonly FieldNode[]): SelectionPlan {
    const [node] = nodes;
    if (nodes.length !== 1 || !node) return { nodes, byType: new Map(), last: undefined };
    let plan = this.byNode.get(node);
    if (!plan) this.byNode.set(node, (plan = { nodes, byType: new Map(), last: undefined }));
    return plan;
  }

  private definition(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (type === this.parts.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return type.getFields()[name];
  }
}

function argsOf(field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[]): FieldPlan['args'] {
  if (field.args.length === 0) return { kind: 'none' };
  const [node] = nodes;
  if (!node || usesVariables(node)) return { kind: 'read' };
  try {
    const values = getArgumentValues(field, node);
    // Objects are made again for each request: what a resolver does to its arguments must not reach another request.
    const isPlain = Object.values(values).every((value) => typeof value !== 'object' || value === null);
    return isPlain ? { kind: 'plain', values } : { kind: 'read' };
  } catch {
    // Read again where the field is executed, the refusal becomes the error of that field.
    return { kind: 'read' };
  }
}

function usesVariables(node: FieldNode): boolean {
  let found = false;
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      Variable: () => {
        found = true;
      },
    });
  }
  return found;
}

/** Names of the variables that @skip and @include read, and whether a key of the answer is one that objects treat apart. */
export function readDocument(parts: OperationParts): { conditions: string[]; hasProtoKey: boolean } {
  const conditions = new Set<string>();
  let hasProtoKey = false;
  for (const definition of [parts.operation, ...Object.values(parts.fragments)]) {
    visit(definition, {
      Field: (node) => {
        if (node.alias?.value === '__proto__') hasProtoKey = true;
      },
      Directive: (node) => {
        if (node.name.value !== 'skip' && node.name.value !== 'include') return;
        for (const { value } of node.arguments ?? []) {
          if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
        }
      },
    });
  }
  return { conditions: [...conditions], hasProtoKey };
}

/** What of an operation shapes one object of its answer, in words that are the same in every operation that asks the same. */

/** What is selected of an object. */
export interface PartSelection {
  /** Hash of the type and of all that is selected, fragments included. */
  readonly hash: string;
  /** Names of the variables that it reads, sorted. */
  readonly variables: readonly string[];
}

/** Reads what is selected below a field. */
export function selectionOf(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): PartSelection {
  const hash = createHash('sha256').update(String(type));
  const variables = new Set<string>();
  const seen = new Set<string>();
  const waiting: SelectionSetNode[] = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  for (let selected = waiting.shift(); selected; selected = waiting.shift()) {
    hash.update(`\n${print(selected)}`);
    visit(selected, {
      Variable: ({ name }) => {
        variables.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments[name.value];
        if (!fragment || seen.has(name.value)) return;
        seen.add(name.value);
        hash.update(`\nfragment ${name.value} on ${fragment.typeCondition.name.value}`);
        waiting.push(fragment.selectionSet);
      },
    });
  }
  return { hash: hash.digest('base64url'), variables: [...variables].sort() };
}
