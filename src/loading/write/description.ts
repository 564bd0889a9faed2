/**
 * One description per write. What it says is data: mutation, input and its checks, right, payload, invalidation, what the caller
 * reads afterwards, the line of the audit log, explanation and plan follow from it, each by one mechanism.
 */
import { OPERATIONS } from '../../enos/generated/operations.js';
import type { Reply } from '../../enos/client.js';
import type { Edition } from '../../enos/editions.js';
import type { Arguments, OperationId } from '../../enos/operation.js';
import type { EnosCall } from '../enos-call.js';
import type { Entity, EntityRecord } from '../entity/description.js';
import type { EntityReads } from '../entity/loader.js';
import type { Change } from '../tags.js';
import type { InputOf, Members } from './members.js';
import type { WriteRight } from './rights.js';

/** What a write does to the thing that its payload shows. */
export type Effect = 'creates' | 'changes' | 'deletes';

/** What a write may use. */
export interface WriteContext {
  readonly orgId: string;
  readonly edition: Edition;
  /** Sends a call, once. */
  readonly call: EnosCall;
  /** Reads as the application may, whatever the caller may see: for checks, never for answers. */
  readonly reads: EntityReads;
  /** Unix milliseconds. */
  now(): number;
  /** Id of the caller, for what keeps who did something. */
  readonly caller: string;
}

/** A further member of a payload: what a reply says beyond the thing. */
export interface PayloadMember<Outcome = never> {
  readonly type: 'id' | 'text' | 'int' | 'json';
  readonly description: string;
  read(outcome: Outcome): unknown;
}

/** What is the same for writes of one thing and of many. */
interface Common<Rec extends EntityRecord> {
  /** Name of the mutation: that of EnOS's operation without its edition. */
  readonly name: string;
  /** For the schema. */
  readonly description: string;
  /** The operation that mainly serves it; the newest of the edition is asked. */
  readonly operation: OperationId;
  readonly right: WriteRight;
  /** Whether it also needs MUTATIONS_DANGEROUS. */
  readonly isDangerous: boolean;
  /** What the payload shows; null where nothing that can be read is left of it. */
  readonly of: Entity<Rec> | null;
  readonly effect: Effect;
  /** Calls that one thing takes, for plans; 1 where absent. More where EnOS cannot do it in one. */
  readonly calls?: number;
  readonly input: Members;
}

/** A write of one thing. `Outcome` is what EnOS has answered, `Answered` the same as `run` gives it. */
export interface WriteOne<
  Input = never,
  Outcome = never,
  Rec extends EntityRecord = EntityRecord,
  Answered = unknown,
> extends Common<Rec> {
  readonly kind: 'one';
  /** Assets that it touches: a caller who may not see one of them is refused. */
  readonly assets: 'none' | ((input: Input) => readonly string[]);
  /** What the input must be beyond its members. Throws or rejects with `InputError`. */
  check?(input: Input, context: WriteContext): Promise<void> | void;
  /** Sends it. Rejects with `EnosError`. */
  run(input: Input, context: WriteContext): Promise<Answered>;
  /** Key of the thing. */
  key(input: Input, outcome: Outcome): string;
  /** The record as the write leaves it, for as long as EnOS shows the one before. */
  patch?(record: Rec, input: Input): Rec;
  /** Of what is created: all that the record holds beyond type and organization, where the input tells it whole. */
  record?(input: Input, key: string): Omit<Rec, '__typename' | 'orgId'>;
  /** What else changes than the thing and the lists of its kind. */
  changes?(input: Input, orgId: string, outcome: Outcome | undefined): readonly Change[];
  readonly payload?: Readonly<Record<string, PayloadMember<Outcome>>>;
}

/** What became of an item: the key of the thing, or why not. */
export type ItemOutcome = { readonly key: string } | { readonly error: Error };

/** A write of many things, as few calls as the operation's limit allows; results by item, in the order of the input. */
export interface WriteMany<
  Input = never,
  Item = never,
  Rec extends EntityRecord = EntityRecord,
> extends Common<Rec> {
  readonly kind: 'many';
  /** Member of the input that lists the items. */
  readonly list: string;
  /** Items of one call. */
  readonly perCall: number;
  readonly assets: 'none' | ((item: Item, input: Input) => readonly string[]);
  check?(items: readonly Item[], input: Input, context: WriteContext): Promise<void> | void;
  /** Sends one call; outcomes in the order of the items. A rejection is the outcome of all its items. */
  run(items: readonly Item[], input: Input, context: WriteContext): Promise<readonly ItemOutcome[]>;
  /** Names an item in results: the key that it was given, or its place where EnOS makes the key. */
  keyOf(item: Item, index: number): string;
  patch?(record: Rec, item: Item): Rec;
  record?(item: Item, key: string): Omit<Rec, '__typename' | 'orgId'>;
  changes?(item: Item, orgId: string): readonly Change[];
}

/** Any write. */
export type Write = WriteOne | WriteMany;

interface Defaults {
  isDangerous?: boolean;
  effect?: Effect;
}

type GivenOne<M extends Members, Outcome, Rec extends EntityRecord> = Omit<
  WriteOne<InputOf<M>, Outcome, Rec, Outcome>,
  'kind' | 'input' | 'isDangerous' | 'effect'
> &
  Defaults & { input: M };

/** Describes a write of one thing. It changes the thing, and is not dangerous, unless it says otherwise. */
export function write<const M extends Members, Outcome, Rec extends EntityRecord>(
  given: GivenOne<M, Outcome, Rec>,
): WriteOne<InputOf<M>, Outcome, Rec, Outcome> {
  return { isDangerous: false, effect: 'changes', ...given, kind: 'one' };
}

type ItemOf<Input, List extends string> =
  Input extends Readonly<Record<List, readonly (infer Item)[]>> ? Item : never;

type GivenMany<M extends Members, List extends string, Rec extends EntityRecord> = Omit<
  WriteMany<InputOf<M>, ItemOf<InputOf<M>, List>, Rec>,
  'kind' | 'input' | 'isDangerous' | 'effect' | 'list' | 'perCall'
> &
  Defaults & { input: M; list: List; perCall?: number };

/** Describes a write of many things. Items of one call as the contract has them, else one. */
export function writeMany<
  const M extends Members,
  const List extends keyof M & string,
  Rec extends EntityRecord,
>(given: GivenMany<M, List, Rec>): WriteMany<InputOf<M>, ItemOf<InputOf<M>, List>, Rec> {
  const perCall = OPERATIONS[given.operation].batch?.max ?? 1;
  return { isDangerous: false, effect: 'changes', perCall, ...given, kind: 'many' };
}

/** The usual way to run a write of one thing: one call of one operation, whose reply is the outcome. */
export function sends<Input, Id extends OperationId>(
  operation: Id,
  args: (input: Input, context: WriteContext) => Arguments<Id>,
): (input: Input, context: WriteContext) => Promise<Reply<Id>> {
  return (input, context) => context.call(operation, args(input, context));
}

/** The usual way to run a write of many by an operation of one: each item is a call. */
export function eachBy<Item, Input, Outcome>(
  run: (item: Item, input: Input, context: WriteContext) => Promise<Outcome>,
  key: (item: Item, outcome: Outcome) => string,
): WriteMany<Input, Item>['run'] {
  return async (items: readonly Item[], input: Input, context: WriteContext) => {
    const outcomes: ItemOutcome[] = [];
    for (const item of items) outcomes.push({ key: key(item, await run(item, input, context)) });
    return outcomes;
  };
}
