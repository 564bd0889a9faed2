/**
 * Runs a planned operation once. Values that are there are written at once, without a promise; a value that is awaited
 * costs one callback; the answer costs one promise, if anything was awaited at all. What may fail and where null goes
 * follows graphql-js to the letter, its messages included: test/execution compares the two.
 */
import {
  GraphQLError,
  defaultTypeResolver,
  locatedError,
  type ExecutionResult,
  type GraphQLAbstractType,
  type GraphQLIsTypeOfFn,
  type GraphQLObjectType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { FieldCalls, FieldInfo, type InfoSource } from './field-calls.js';
import { Frame, pathTo, type FrameOwner, type Slot, type Target } from './frame.js';
import { fieldsAhead, isIterable, isThenable, serializedLeaf } from './values.js';
import type { FieldPlan, ObjectPlan, OperationParts, Plan } from './plan.js';
import { fetchAhead } from './prefetched.js';
import { RunFragments, type FragmentsOfCaller } from './run-fragments.js';
import { objectTypeNamed } from './runtime-type.js';
import type { CompositeShape, Shape } from './shape.js';

/** Stands for a value that will be written later. */
const LATER = Symbol('later');

/** What came of a run. */
export interface RunResult extends ExecutionResult {
  /** The JSON of `data`; present where objects in it stand there as text (fragment-cache.ts). */
  dataText?: () => string;
}

/** One run of an operation. */
export class Run implements FrameOwner, InfoSource {
  readonly parts: OperationParts;
  private readonly errors: GraphQLError[] = [];
  private readonly calls: FieldCalls;
  private result: RunResult | undefined;
  private resolve: ((result: RunResult) => void) | undefined;
  private readonly kept: RunFragments | undefined;

  constructor(
    private readonly plan: Plan,
    readonly rootValue: unknown,
    private readonly context: unknown,
    readonly variableValues: Record<string, unknown>,
    parts?: FragmentsOfCaller,
  ) {
    this.parts = plan.parts;
    this.calls = new FieldCalls(this, context);
    this.kept = parts && new RunFragments(parts, plan.parts, variableValues, this.errors);
  }

  /** The answer, at once where nothing had to be awaited. Never rejects. */
  start(rootType: GraphQLObjectType): RunResult | Promise<RunResult> {
    const root = new Frame(this, null, '', false, {}, rootType.name);
    try {
      this.fill(root, this.plan.root(rootType), this.rootValue);
    } catch (error) {
      this.errors.push(error as GraphQLError);
      return { errors: this.errors, data: null };
    }
    if (!root.isPending) this.finish(root.target);
    return this.result ?? new Promise((resolve) => (this.resolve = resolve));
  }

  report(error: GraphQLError): void {
    this.errors.push(error);
  }

  finish(data: Target | null): void {
    const shown = data as Record<string, unknown> | null;
    this.result = this.errors.length === 0 ? { data: shown } : { errors: this.errors, data: shown };
    const { kept } = this;
    if (kept?.holdsAny) this.result.dataText = () => kept.write(shown);
    this.resolve?.(this.result);
  }

  /** Fills an object. Throws the located error of a field that must not be null, unless others are still awaited. */
  private fill(frame: Frame, fields: ObjectPlan, source: unknown): void {
    for (const field of fields.fields) {
      const { key } = field;
      let value: unknown;
      try {
        const resolved = this.calls.resolve(field, source, frame);
        if (isThenable(resolved)) {
          this.await(frame, key, field, field.shape, resolved);
          value = LATER;
        } else {
          value = this.complete(frame, key, field, field.shape, resolved);
        }
      } catch (thrown) {
        const error = this.located(thrown, field, frame, key);
        if (!field.shape.nonNull) {
          frame.report(error);
          value = null;
        } else if (frame.isPending) {
          frame.failWhenSettled(error);
          return;
        } else {
          throw error;
        }
      }
      // The key keeps its place in the answer, whenever its value comes.
      frame.set(key, value === LATER ? null : value);
    }
  }

  /** The value as the answer shows it, or `LATER`. Throws what is wrong with it. */
  private complete(frame: Frame, slot: Slot, field: FieldPlan, shape: Shape, value: unknown): unknown {
    if (shape.kind === 'leaf' && shape.isPlain(value)) return value;
    if (value instanceof Error) throw value;
    if (value == null) {
      if (!shape.nonNull) return null;
      throw new Error(
        `Cannot return null for non-nullable field ${field.parentType.name}.${field.field.name}.`,
      );
    }
    switch (shape.kind) {
      case 'leaf':
        return serializedLeaf(shape.type, value);
      case 'list':
        return this.completeList(frame, slot, field, shape.nonNull, shape.item, value);
      case 'abstract':
      case 'object':
        return this.kept && field.isEntity && typeof value === 'object'
          ? this.completeEntity(this.kept, frame, slot, field, shape, value)
          : this.completeType(frame, slot, field, shape, value);
    }
  }

  /** An object that may be there as text, or be kept as such. */
  private completeEntity(
    parts: RunFragments,
    frame: Frame,
    slot: Slot,
    field: FieldPlan,
    shape: CompositeShape,
    value: object,
  ): unknown {
    const known = parts.find(field, frame, value);
    if (known) return known;
    if (!parts.begin(field, frame)) return this.completeType(frame, slot, field, shape, value);
    let made: unknown;
    try {
      made = this.completeType(frame, slot, field, shape, value);
    } catch (thrown) {
      parts.abandon();
      throw thrown;
    }
    return parts.end(field, frame, value, made);
  }

  private completeType(
    frame: Frame,
    slot: Slot,
    field: FieldPlan,
    shape: CompositeShape,
    value: unknown,
  ): unknown {
    return shape.kind === 'abstract'
      ? this.completeAbstract(frame, slot, field, shape.nonNull, shape.type, value)
      : this.completeObject(frame, slot, field, shape.nonNull, shape.type, value);
  }

  private completeList(
    parent: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    shape: Shape,
    value: unknown,
  ): unknown {
    if (!isIterable(value)) {
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.field.name}".`,
      );
    }
    const ahead = this.calls.areWatched ? [] : fieldsAhead(this.plan, this.kept, field, shape, value);
    return ahead.length > 0
      ? this.listAfter(ahead, parent, slot, field, nonNull, shape, value as readonly unknown[])
      : this.filledList(parent, slot, field, nonNull, shape, value);
  }

  /** The list, once what its objects need has been fetched. */
  private listAfter(
    ahead: readonly FieldPlan[],
    parent: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    shape: Shape,
    list: readonly unknown[],
  ): unknown {
    const fill = (): unknown[] => this.filledList(parent, slot, field, nonNull, shape, list);
    const wait = fetchAhead(ahead, list, (plan, sources) => this.calls.prefetch(plan, sources, parent));
    return wait ? this.then(parent, slot, field, nonNull, wait, fill) : fill();
  }

  private filledList(
    parent: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    shape: Shape,
    value: Iterable<unknown>,
  ): unknown[] {
    const target: unknown[] = Array.isArray(value) ? new Array<unknown>(value.length) : [];
    const frame = new Frame(this, parent, slot, nonNull, target, undefined);
    let index = 0;
    let failure: GraphQLError | undefined;
    for (const item of value) {
      if (failure) {
        // It will not be read: its rejection must not count as unhandled.
        if (isThenable(item)) item.then(undefined, ignore);
        continue;
      }
      let completed: unknown;
      try {
        if (isThenable(item)) {
          this.await(frame, index, field, shape, item);
          completed = LATER;
        } else {
          completed = this.complete(frame, index, field, shape, item);
        }
      } catch (thrown) {
        const error = this.located(thrown, field, frame, index);
        completed = null;
        if (shape.nonNull) failure = error;
        else frame.report(error);
      }
      target[index] = completed === LATER ? null : completed;
      index += 1;
    }
    if (failure) {
      frame.abandon();
      throw failure;
    }
    // Of an array that told fewer items than it holds.
    if (target.length > index) target.length = index;
    return target;
  }

  private completeAbstract(
    frame: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    type: GraphQLAbstractType,
    value: unknown,
  ): unknown {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const info = new FieldInfo(this, field, frame);
    const name: unknown = resolveType(value, this.context, info, type);
    const withType = (resolved: unknown): unknown => {
      const objectType = objectTypeNamed(resolved, type, field, this.parts.schema, value);
      return this.completeObject(frame, slot, field, nonNull, objectType, value);
    };
    return isThenable(name) ? this.then(frame, slot, field, nonNull, name, withType) : withType(name);
  }

  private completeObject(
    parent: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    type: GraphQLObjectType,
    value: unknown,
  ): unknown {
    const fields = this.plan.object(field.below, type);
    return type.isTypeOf
      ? this.checkedObject(type.isTypeOf, parent, slot, field, nonNull, type, fields, value)
      : this.filled(parent, slot, nonNull, type, fields, value);
  }

  private checkedObject(
    isTypeOf: GraphQLIsTypeOfFn<unknown, unknown>,
    parent: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    type: GraphQLObjectType,
    fields: ObjectPlan,
    value: unknown,
  ): unknown {
    const fill = (isOfType: unknown): unknown => {
      if (isOfType) return this.filled(parent, slot, nonNull, type, fields, value);
      throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, {
        nodes: field.nodes,
      });
    };
    const isOfType = isTypeOf(value, this.context, new FieldInfo(this, field, parent));
    return isThenable(isOfType) ? this.then(parent, slot, field, nonNull, isOfType, fill) : fill(isOfType);
  }

  private filled(
    parent: Frame,
    slot: Slot,
    nonNull: boolean,
    { name }: GraphQLObjectType,
    fields: ObjectPlan,
    value: unknown,
  ): Target {
    const frame = new Frame(this, parent, slot, nonNull, { ...fields.blank }, name);
    this.fill(frame, fields, value);
    return frame.target;
  }

  /** Writes a slot when its value comes. Apart from `then`, since most awaited values come this way: it keeps no closure. */
  private await(frame: Frame, slot: Slot, field: FieldPlan, shape: Shape, value: PromiseLike<unknown>): void {
    frame.wait();
    value.then(
      (resolved) =>
        this.write(frame, slot, field, shape.nonNull, () =>
          this.complete(frame, slot, field, shape, resolved),
        ),
      (thrown: unknown) => this.fail(frame, slot, field, shape.nonNull, thrown),
    );
  }

  /** Writes what `make` makes of an awaited value into a slot, or the null that its failure leaves there. */
  private then(
    frame: Frame,
    slot: Slot,
    field: FieldPlan,
    nonNull: boolean,
    value: PromiseLike<unknown>,
    make: (resolved: unknown) => unknown,
  ): typeof LATER {
    frame.wait();
    value.then(
      (resolved) => this.write(frame, slot, field, nonNull, () => make(resolved)),
      (thrown: unknown) => this.fail(frame, slot, field, nonNull, thrown),
    );
    return LATER;
  }

  private write(frame: Frame, slot: Slot, field: FieldPlan, nonNull: boolean, make: () => unknown): void {
    try {
      const made = make();
      if (made !== LATER) frame.set(slot, made);
    } catch (thrown) {
      this.fail(frame, slot, field, nonNull, thrown);
      return;
    }
    frame.release();
  }

  /** Leaves the null that a failure makes of a slot. */
  private fail(frame: Frame, slot: Slot, field: FieldPlan, nonNull: boolean, thrown: unknown): void {
    const error = this.located(thrown, field, frame, slot);
    if (nonNull) {
      frame.fail(error);
    } else {
      frame.report(error);
      frame.set(slot, null);
    }
    frame.release();
  }

  private located(thrown: unknown, field: FieldPlan, frame: Frame, slot: Slot): GraphQLError {
    return locatedError(thrown, field.nodes, pathTo(frame, slot));
  }
}

function ignore(): void {
  // What came of it has no place in the answer.
}
