/** Asks the resolvers of one run. */
import { type GraphQLFieldResolver, type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import type { Frame, Slot } from './frame.js';
import type { FieldPlan, OperationParts } from './plan.js';
import type { ServerContext } from '../options.js';

/** The resolvers of one run, with what they are told. What they throw or reject with goes to the caller. */
export class FieldCalls {
  private readonly args: RunArguments;
  private readonly around: ServerContext['aroundField'];

  constructor(
    private readonly source: InfoSource,
    private readonly context: unknown,
  ) {
    this.args = new RunArguments(source.variableValues);
    this.around = (context as ServerContext | null | undefined)?.aroundField;
  }

  /** Whether each field is reported: an explanation, which names the field that needed each key. */
  get areWatched(): boolean {
    return this.around !== undefined;
  }

  /** What the resolver of a field answers, or a promise of it. */
  resolve(plan: FieldPlan, holder: unknown, frame: Frame): unknown {
    const { resolve, name } = plan.field;
    if (resolve) {
      const info = new FieldInfo(this.source, plan, frame);
      if (this.around) return this.resolveAround(this.around, resolve, plan, holder, info);
      return resolve(holder, this.args.of(plan), this.context, info);
    }
    // What graphql-js's default resolver does, arguments and info made for methods only.
    if ((typeof holder !== 'object' || holder === null) && typeof holder !== 'function') return undefined;
    const object = holder as Record<string, unknown>;
    const property = object[name];
    if (typeof property !== 'function') return property;
    return (property as (...args: unknown[]) => unknown).call(
      object,
      this.args.of(plan),
      this.context,
      new FieldInfo(this.source, plan, frame),
    );
  }

  /**
   * Begins to fetch what a field will need for these objects: undefined where all is there, `false` where it cannot be told
   * ahead. May reject.
   */
  prefetch(plan: FieldPlan, holders: readonly unknown[], frame: Frame): Promise<unknown> | undefined | false {
    return plan.field.extensions.prefetch?.load(
      holders,
      this.args.of(plan),
      this.context,
      new FieldInfo(this.source, plan, frame),
    );
  }

  // Apart, as are other functions that make closures: what a closure holds is set aside by every call of the function around it.
  private resolveAround(
    around: NonNullable<ServerContext['aroundField']>,
    resolve: GraphQLFieldResolver<unknown, unknown>,
    plan: FieldPlan,
    holder: unknown,
    info: FieldInfo,
  ): unknown {
    return around(info, () => resolve(holder, this.args.of(plan), this.context, info));
  }
}

/** What resolvers are told of their field. Most read little of it or nothing, so that it is made as cheap as it can be. */

/** What of a request stands in every info. */
export interface InfoSource {
  readonly parts: OperationParts;
  readonly rootValue: unknown;
  readonly variableValues: Record<string, unknown>;
}

type Path = GraphQLResolveInfo['path'];

/** graphql-js's info, its parts read when they are asked for. */
export class FieldInfo implements GraphQLResolveInfo {
  constructor(
    private readonly source: InfoSource,
    private readonly plan: FieldPlan,
    private readonly frame: Frame,
  ) {}

  get fieldName(): string {
    return this.plan.field.name;
  }

  get fieldNodes(): GraphQLResolveInfo['fieldNodes'] {
    return this.plan.nodes;
  }

  get returnType(): GraphQLResolveInfo['returnType'] {
    return this.plan.field.type;
  }

  get parentType(): GraphQLResolveInfo['parentType'] {
    return this.plan.parentType;
  }

  get path(): Path {
    return toPath(this.frame, this.plan.key);
  }

  get schema(): GraphQLResolveInfo['schema'] {
    return this.source.parts.schema;
  }

  get fragments(): GraphQLResolveInfo['fragments'] {
    return this.source.parts.fragments;
  }

  get rootValue(): unknown {
    return this.source.rootValue;
  }

  get operation(): GraphQLResolveInfo['operation'] {
    return this.source.parts.operation;
  }

  get variableValues(): Record<string, unknown> {
    return this.source.variableValues;
  }
}

function toPath(frame: Frame, slot: Slot): Path {
  const prev = frame.parent ? toPath(frame.parent, frame.slot) : undefined;
  return { prev, key: slot, typename: frame.typeName };
}

const NO_ARGUMENTS: Record<string, never> = {};

/** Reads them, each once per request. */
export class RunArguments {
  private readonly byField = new Map<FieldPlan, Record<string, unknown>>();

  constructor(private readonly variableValues: Record<string, unknown>) {}

  /** Arguments of a field: an object of its own for each call that might change it. Throws what is wrong with them. */
  of(plan: FieldPlan): Record<string, unknown> {
    if (plan.sharesArguments) return this.shared(plan);
    return plan.args.kind === 'none' ? {} : { ...this.shared(plan) };
  }

  private shared(plan: FieldPlan): Record<string, unknown> {
    if (plan.args.kind === 'none') return NO_ARGUMENTS;
    if (plan.args.kind === 'plain') return plan.args.values;
    let values = this.byField.get(plan);
    if (!values) {
      const [node] = plan.nodes;
      values = node ? getArgumentValues(plan.field, node, this.variableValues) : {};
      this.byField.set(plan, values);
    }
    return values;
  }
}
