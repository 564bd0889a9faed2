/**
 * What an operation may cost, known before it runs: the number of fields that its answer may hold at most. A list counts
 * its content as often as it may have items.
 *
 * The size of a list is, in this order: what `extensions.listSize` of the field says; its arguments (`first`, `last`,
 * `limit`, `maxPoints`, or the length of a list of ids); the size that the object around it was asked for, as with `nodes`
 * and `edges` under `assets(first: 50)`; a default. A field counts 1, or what its `extensions.cost` says.
 *
 * The cost of a selection is linear in the size that is handed down to it, so each fragment is measured once, for all
 * sizes: hostile documents take no longer than honest ones.
 */
import {
  GraphQLList,
  GraphQLNonNull,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';
import { fragmentsByName } from './structure.js';

/** A number, or a function of the field's arguments (variables filled in, not coerced). */
export type CostHook = number | ((args: Readonly<Record<string, unknown>>) => number);

declare module 'graphql' {
  // The names of the type parameters must be those of graphql-js.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-explicit-any
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs = any> {
    /** What the field itself counts; 1 where absent. */
    cost?: CostHook;
    /** Most items of the list that the field is, or of the lists directly in the object that it is. */
    listSize?: CostHook;
  }
}

/** What the estimate is made from. */
export interface CostInput {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As they came. */
  variables: Readonly<Record<string, unknown>> | undefined;
}

/** The cost of an operation as a function of its variables. */
export type CostEstimate = (variables: CostInput['variables']) => number;

/** `fixed + perItem * size`, where size is what the object around the selection was asked for. */
interface Cost {
  fixed: number;
  perItem: number;
}

const DEFAULT_LIST_SIZE = 10;
const DEFAULT_PAGE_SIZE = 20;
/** Lists of the schema itself are short, and graphql-js bounds how deep they nest. */
const INTROSPECTION_LIST_SIZE = 5;
const SIZE_ARGUMENTS = ['first', 'last', 'limit', 'maxPoints'];
const PAGE_ARGUMENTS = new Set(['first', 'last']);
/** Stands for "beyond all limits" without losing exactness in JSON. */
const HIGHEST = Number.MAX_SAFE_INTEGER;

/** The estimate for one validated operation. */
export function estimateCost({ variables, ...operation }: CostInput): number {
  return costEstimate(operation)(variables);
}

/** Makes the estimate ready for many requests. Without variables it is always the same, and made once. */
export function costEstimate(input: Omit<CostInput, 'variables'>): CostEstimate {
  const fragments = fragmentsByName(input.document);
  const estimate: CostEstimate = (variables) => new Estimator({ ...input, variables }, fragments).total();
  if (input.operation.variableDefinitions?.length) return estimate;
  let constant: number | undefined;
  return () => (constant ??= estimate(undefined));
}

class Estimator {
  private readonly variables: Record<string, unknown>;
  private readonly known = new Map<string, Cost>();

  constructor(
    private readonly input: CostInput,
    private readonly fragments: ReturnType<typeof fragmentsByName>,
  ) {
    this.variables = withDefaults(input.operation, input.variables);
  }

  total(): number {
    const { schema, operation } = this.input;
    const root = schema.getRootType(operation.operation);
    return root ? sum(this.ofSelections(operation.selectionSet, root), DEFAULT_LIST_SIZE) : 0;
  }

  private ofSelections(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): Cost {
    let fixed = 0;
    let perItem = 0;
    for (const selection of selectionSet.selections) {
      if (this.isLeftOut(selection)) continue;
      const cost = this.ofSelection(selection, parent);
      fixed += cost.fixed;
      perItem += cost.perItem;
    }
    return { fixed: Math.min(fixed, HIGHEST), perItem: Math.min(perItem, HIGHEST) };
  }

  private ofSelection(selection: SelectionNode, parent: GraphQLCompositeType): Cost {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.ofField(selection, parent);
      case Kind.INLINE_FRAGMENT:
        return this.ofSelections(selection.selectionSet, this.narrowed(selection.typeCondition, parent));
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = this.fragments.get(name);
        if (!fragment) return { fixed: 0, perItem: 0 };
        let cost = this.known.get(name);
        if (!cost) {
          cost = this.ofSelections(fragment.selectionSet, this.narrowed(fragment.typeCondition, parent));
          this.known.set(name, cost);
        }
        return cost;
      }
    }
  }

  private ofField(node: FieldNode, parent: GraphQLCompositeType): Cost {
    const field = this.definition(node.name.value, parent);
    if (!field) return { fixed: 1, perItem: 0 };
    const own = this.fromHook(field.extensions.cost, node, field) ?? 1;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return { fixed: own, perItem: 0 };
    const content = this.ofSelections(node.selectionSet, type);
    const size = this.askedSize(node, field);
    if (!isList(field.type)) return { fixed: own + sum(content, size ?? DEFAULT_LIST_SIZE), perItem: 0 };
    const item = sum(content, DEFAULT_LIST_SIZE);
    if (size !== undefined) return { fixed: own + size * item, perItem: 0 };
    if (parent.name.startsWith('__')) return { fixed: own + INTROSPECTION_LIST_SIZE * item, perItem: 0 };
    return { fixed: own, perItem: item };
  }

  /** The size that the field was asked for, if its hook or its arguments say one. */
  private askedSize(node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined {
    const hooked = this.fromHook(field.extensions.listSize, node, field);
    if (hooked !== undefined) return hooked;
    const sizes = field.args.flatMap(({ name }) => {
      const isIds = /ids$/i.test(name);
      if (!isIds && !SIZE_ARGUMENTS.includes(name)) return [];
      const value = this.argument(name, node, field);
      if (isIds) return isList(field.type) && Array.isArray(value) ? [value.length] : [];
      return typeof value === 'number' ? [clamp(value)] : [];
    });
    if (sizes.length > 0) return Math.max(...sizes);
    return field.args.some(({ name }) => PAGE_ARGUMENTS.has(name)) ? DEFAULT_PAGE_SIZE : undefined;
  }

  private fromHook(
    hook: CostHook | undefined,
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
  ): number | undefined {
    if (typeof hook !== 'function') return hook;
    return clamp(
      hook(Object.fromEntries(field.args.map(({ name }) => [name, this.argument(name, node, field)]))),
    );
  }

  private argument(name: string, node: FieldNode, field: GraphQLField<unknown, unknown>): unknown {
    const given = node.arguments?.find((argument) => argument.name.value === name);
    const value = given ? this.value(given.value) : undefined;
    return value === undefined ? field.args.find((argument) => argument.name === name)?.defaultValue : value;
  }

  private value(node: ValueNode): unknown {
    return valueFromASTUntyped(node, this.variables);
  }

  /** Whether @skip or @include take the selection out. */
  private isLeftOut(selection: SelectionNode): boolean {
    return (selection.directives ?? []).some((directive) => {
      const name = directive.name.value;
      if (name !== 'skip' && name !== 'include') return false;
      const condition = directive.arguments?.find((argument) => argument.name.value === 'if');
      return condition !== undefined && this.value(condition.value) === (name === 'skip');
    });
  }

  private narrowed(
    condition: Parameters<typeof typeFromAST>[1] | undefined,
    parent: GraphQLCompositeType,
  ): GraphQLCompositeType {
    const type = condition && typeFromAST(this.input.schema, condition);
    return isObjectType(type) || isAbstractType(type) ? type : parent;
  }

  private definition(name: string, parent: GraphQLCompositeType): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }
}

function sum({ fixed, perItem }: Cost, size: number): number {
  return Math.min(fixed + perItem * size, HIGHEST);
}

function clamp(size: number): number {
  return Number.isFinite(size) ? Math.min(Math.max(size, 0), HIGHEST) : HIGHEST;
}

function isList(type: GraphQLOutputType): boolean {
  return (type instanceof GraphQLNonNull ? type.ofType : type) instanceof GraphQLList;
}

function withDefaults(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  // Without a prototype: a variable may be called `constructor`.
  const result = Object.assign(Object.create(null) as Record<string, unknown>, variables);
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (result[name] === undefined && defaultValue) result[name] = valueFromASTUntyped(defaultValue);
  }
  return result;
}
