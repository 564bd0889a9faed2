/** Asks the resolvers of one run. */
import type { GraphQLFieldResolver } from 'graphql';
import type { Frame } from './frame.js';
import { FieldInfo } from './info.js';
import type { InfoSource } from './info.js';
import type { FieldPlan } from './plan.js';
import { RunArguments } from './run-arguments.js';
import type { ServerContext } from '../options.js';

/** The resolvers of one run, with what they are told. What they throw or reject with goes to whoever asks. */
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

  /** Whether somebody is told of each field: an explanation, which names the field that needed each key. */
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
