/** What an operation would cost at EnOS with a cold cache, as far as that is known without running it. Calls nothing. */
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  GraphQLList,
  GraphQLNonNull,
  Kind,
  OperationTypeNode,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { costOf } from './costs.js';
import { ruleOf } from './rules.js';
import {
  exactly,
  plus,
  times,
  type Amount,
  type Load,
  type PlannedCall,
  type PlanSettings,
} from './types.js';

/** What a plan is made from: a validated document. */
export interface PlanInput {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
  settings: PlanSettings;
}

/** Items of a list whose size nothing tells. */
const UNKNOWN: Amount = { least: 0, most: null };
/** Fields and fragments of an operation that are followed, unfolded; an operation with more has no plan. */
const MAX_FIELDS = 20_000;
const MAX_PATHS = 50;

/**
 * The calls in the order of their rounds. Throws `RangeError` for an operation that does not exist, or with more than
 * 20,000 fields and fragments, counted while they are unfolded: those that double would take for ever.
 */
export function planOperation(input: PlanInput): PlannedCall[] {
  const operation = operationOf(input);
  const root = input.schema.getRootType(operation.operation);
  if (!root) return [];
  const planner = new Planner(input, operation);
  const owner = { path: '', count: exactly(1) };
  planner.isSerial = operation.operation === OperationTypeNode.MUTATION;
  planner.visit(operation.selectionSet, root, {
    round: 0,
    count: exactly(1),
    path: '',
    size: undefined,
    owner,
  });
  return planner.result();
}

interface Place {
  /** Round after which the objects are there. */
  round: number;
  count: Amount;
  path: string;
  /** Items of the lists directly in the object, where the object was asked for so many. */
  size: number | undefined;
  /** The objects themselves, or the assets or alerts that they are points of. */
  owner: { path: string; count: Amount };
}

/** Loads of one round that share calls. */
interface Pool {
  round: number;
  loader: Load['loader'];
  keys: Amount;
  /** Keys that may mean the same, by the objects that lead to them. */
  shared: Map<string, Amount>;
  pages: number;
  /** The objects that lead to the keys. */
  owners: Set<string>;
  paths: string[];
}

class Planner {
  private readonly pools = new Map<string, Pool>();
  private readonly seen = new Set<string>();
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly variables: Readonly<Record<string, unknown>>;
  private followed = 0;
  /** Whether the fields of the root run one after the other. */
  isSerial = false;
  /** The last round so far. */
  private last = 0;

  constructor(
    private readonly input: PlanInput,
    operation: OperationDefinitionNode,
  ) {
    this.fragments = new Map(
      input.document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
    this.variables = withDefaults(operation, input.variables);
  }

  visit(selectionSet: SelectionSetNode, parent: GraphQLCompositeType, place: Place): void {
    for (const { node, type } of this.fieldsOf(selectionSet, parent)) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      const isNext = this.isSerial && place.path === '';
      this.visitField(node, type, isNext ? { ...place, round: this.last } : place);
    }
  }

  result(): PlannedCall[] {
    const calls = [...this.pools.values()].flatMap(
      ({ round, loader, keys: own, shared, pages, owners, paths }) => {
        const most = [...shared.values()].reduce((sum, amount) => plus(sum, amount), own).most;
        const least = [...shared.values()].reduce(
          (known, amount) => Math.max(known, amount.least),
          own.least,
        );
        const keys = { least, most };
        if (keys.most === 0) return [];
        const cost = costOf(loader, { keys, pages, places: owners.size }, this.input.settings);
        const names = cost.operations.map((id) => [
          id.slice(0, id.indexOf('.')),
          id.slice(id.indexOf('.') + 1),
        ]);
        return [
          {
            service: [...new Set(names.map(([service]) => service))].join(' or '),
            operation: names.map(([, operation]) => operation).join(' or '),
            calls: cost.calls,
            formula: cost.formula,
            round,
            paths: paths.slice(0, MAX_PATHS),
          },
        ];
      },
    );
    return calls.sort((a, b) => a.round - b.round);
  }

  private visitField(node: FieldNode, parent: GraphQLCompositeType, place: Place): void {
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field) return;
    const key = node.alias?.value ?? node.name.value;
    const path = place.path === '' ? key : `${place.path}.${key}`;
    const args = this.argumentsOf(node, field);
    const type = getNamedType(field.type);
    const selected = new Set(
      node.selectionSet && isCompositeType(type)
        ? this.fieldsOf(node.selectionSet, type).map((inner) => inner.node.name.value)
        : [],
    );
    const rounds =
      ruleOf(
        parent.name,
        field,
      )?.({
        parents: place.count,
        owners: place.owner.count,
        args,
        selected,
      }) ?? [];
    rounds.forEach((loads, index) => {
      for (const load of loads) this.add(load, place.round + 1 + index, path, place.owner.path);
    });
    if (!node.selectionSet || !isCompositeType(type)) return;
    const size = sizeOf(field, args);
    const isOne = !isList(field.type);
    const items = isOne ? exactly(1) : itemsOf(field, args, size ?? place.size);
    const count = times(place.count, items);
    this.visit(node.selectionSet, type, {
      round: place.round + rounds.length,
      count,
      path,
      size: isOne ? size : undefined,
      owner: type.name === 'AssetPoint' ? place.owner : { path, count },
    });
  }

  private add(load: Load, round: number, path: string, owner: string): void {
    const { loader, keys, ids, shared, group = '', pages = 1 } = load;
    this.last = Math.max(this.last, round);
    const name = JSON.stringify([loader, group, round, pages]);
    let pool = this.pools.get(name);
    if (!pool) {
      pool = { round, loader, keys: exactly(0), shared: new Map(), pages, owners: new Set(), paths: [] };
      this.pools.set(name, pool);
    }
    pool.owners.add(owner);
    pool.paths.push(path);
    if (ids) {
      const fresh = ids.filter((id) => !this.seen.has(`${loader} ${id}`));
      for (const id of fresh) this.seen.add(`${loader} ${id}`);
      pool.keys = plus(pool.keys, exactly(new Set(fresh).size));
    } else if (shared) {
      pool.shared.set(owner, keys);
    } else {
      pool.keys = plus(pool.keys, keys);
    }
  }

  /** The fields of a selection, fragments followed, with the type that they are selected of. */
  private fieldsOf(
    selectionSet: SelectionSetNode,
    parent: GraphQLCompositeType,
    inside: ReadonlySet<string> = new Set(),
  ): { node: FieldNode; type: GraphQLCompositeType }[] {
    return selectionSet.selections.flatMap((node) => {
      this.followed += 1;
      // Each set is followed twice: for what is selected, and to go on.
      if (this.followed > 2 * MAX_FIELDS)
        throw new RangeError(`The operation has more than ${MAX_FIELDS} fields and fragments`);
      if (this.isLeftOut(node.directives)) return [];
      if (node.kind === Kind.FIELD) return [{ node, type: parent }];
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.fragments.get(node.name.value);
      if (!fragment) return [];
      const name = node.kind === Kind.FRAGMENT_SPREAD ? node.name.value : undefined;
      if (name !== undefined && inside.has(name)) return [];
      const condition = fragment.typeCondition && typeFromAST(this.input.schema, fragment.typeCondition);
      const type = isObjectType(condition) || isAbstractType(condition) ? condition : parent;
      const within = name === undefined ? inside : new Set(inside).add(name);
      return this.fieldsOf(fragment.selectionSet, isObjectType(parent) ? parent : type, within);
    });
  }

  private isLeftOut(directives: FieldNode['directives']): boolean {
    return (directives ?? []).some(({ name, arguments: given }) => {
      const condition = given?.find((argument) => argument.name.value === 'if');
      if (condition === undefined || (name.value !== 'skip' && name.value !== 'include')) return false;
      return valueFromASTUntyped(condition.value, this.variables) === (name.value === 'skip');
    });
  }

  private argumentsOf(node: FieldNode, field: GraphQLField<unknown, unknown>): Record<string, unknown> {
    return Object.fromEntries(
      field.args.map(({ name, defaultValue }) => {
        const given = node.arguments?.find((argument) => argument.name.value === name);
        const value: unknown = given && valueFromASTUntyped(given.value, this.variables);
        return [name, value === undefined ? defaultValue : value];
      }),
    );
  }
}

/** Items of a list: as many as ids were given, up to the size it was asked for, or nobody knows. */
function itemsOf(
  field: GraphQLField<unknown, unknown>,
  args: Readonly<Record<string, unknown>>,
  size: number | undefined,
): Amount {
  const ids = field.args.map(({ name }) => args[name]).find((value) => Array.isArray(value));
  if (Array.isArray(ids)) return exactly(ids.length);
  return size === undefined ? UNKNOWN : { least: 0, most: size };
}

/** What a field says of its size, by its arguments; a guess is none. */
function sizeOf(
  field: GraphQLField<unknown, unknown>,
  args: Readonly<Record<string, unknown>>,
): number | undefined {
  const hook = field.extensions['listSize'];
  return typeof hook === 'function' ? Number(hook(args)) : undefined;
}

function isList(type: GraphQLOutputType): boolean {
  return (type instanceof GraphQLNonNull ? type.ofType : type) instanceof GraphQLList;
}

function operationOf({ document, operationName }: PlanInput): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const chosen =
    operationName == null
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find(({ name }) => name?.value === operationName);
  if (!chosen) throw new RangeError('The document has no such operation, or several and no name was given');
  return chosen;
}

function withDefaults(
  operation: OperationDefinitionNode,
  variables: PlanInput['variables'],
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...variables };
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (result[name] === undefined && defaultValue) result[name] = valueFromASTUntyped(defaultValue);
  }
  return result;
}
