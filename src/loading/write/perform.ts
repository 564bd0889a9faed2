/**
 * The way of a write: what the input must be, EnOS, and what follows from its answer. Sent once: what was not answered is
 * repeated by nobody, and its outcome is unknown.
 */
import { EnosError } from '../../enos/errors.js';
import { callDirectly } from '../direct-call.js';
import { operationNames } from '../enos-call.js';
import type { EntityReads } from '../entity/loader.js';
import { AccessError } from '../guard/access-error.js';
import { newestIn } from '../../enos/editions.js';
import { tagsOf, type Change } from '../tags.js';
import type { LoadContext } from '../load-context.js';
import { entityTag } from '../tags.js';
import { chunk } from '../chunk.js';
import type { ItemOutcome, Write, WriteContext, WriteMany, WriteOne } from './description.js';
import { ownTag, type Left } from './recent.js';
import type { AuditEntry } from './rules.js';

/** What a write of one thing gives. */
export interface Written {
  key: string;
  /** Further members of the payload. */
  payload: Readonly<Record<string, unknown>>;
}

/** What a write of many gives for each item, in the order of the input. */
export type WrittenItem = { readonly name: string } & ItemOutcome;

/** A write as it is asked for: its input has been read. */
export interface WriteRequest {
  orgId: string;
  input: unknown;
  /** Throws or rejects with `AccessError` where the caller may not write, or not see one of the assets that it touches. */
  permit?: (assetIds: readonly string[]) => Promise<void> | void;
}

/** Performs a write for one request. Rejects with `EnosError`, `InputError` or `AccessError`. */
export async function performOne(
  context: LoadContext,
  reads: EntityReads,
  write: WriteOne,
  { orgId, input, permit }: WriteRequest,
): Promise<Written> {
  const given = input as never;
  return perform(context, write, orgId, async ({ using, keys, leave, touch, change }) => {
    const before = write.effect === 'creates' ? undefined : write.key(given, undefined as never);
    if (before !== undefined) keys.push(before);
    try {
      await permit?.(assetsOf(write, given));
      await write.check?.(given, using(reads));
      const outcome = (await write.run(given, using(reads))) as never;
      const key = write.key(given, outcome);
      if (before === undefined) keys.push(key);
      leave(key, leftBy(write, given, { key, orgId }));
      change(write.changes?.(given, orgId, outcome) ?? []);
      const members = Object.entries(write.payload ?? {});
      const payload = Object.fromEntries(members.map(([name, member]) => [name, member.read(outcome)]));
      return { result: { key, payload }, errors: [], count: 1 };
    } catch (error) {
      if (isUnknown(error)) {
        touch(before);
        change(write.changes?.(given, orgId, undefined) ?? []);
      }
      throw error;
    }
  });
}

/** The same for many things: calls side by side, within the limits of the request. */
export async function performMany(
  context: LoadContext,
  reads: EntityReads,
  write: WriteMany,
  { orgId, input, permit }: WriteRequest,
): Promise<WrittenItem[]> {
  const given = input as never;
  const items = (input as Readonly<Record<string, readonly never[]>>)[write.list] ?? [];
  return perform(context, write, orgId, async ({ using, keys, leave, touch, change }) => {
    const names = items.map((item, index) => write.keyOf(item, index));
    keys.push(...names);
    await permit?.(items.flatMap((item) => (write.assets === 'none' ? [] : write.assets(item, given))));
    await write.check?.(items, given, using(reads));
    const parts = await Promise.all(
      chunk(items, write.perCall).map(async (part): Promise<readonly ItemOutcome[]> => {
        try {
          return await write.run(part, given, using(reads));
        } catch (thrown) {
          const error = asError(thrown);
          return part.map(() => ({ error }));
        }
      }),
    );
    const outcomes = parts.flat();
    const result = names.map((name, index): WrittenItem => {
      const item = items[index]!;
      const outcome = outcomes[index] ?? { error: unanswered(write) };
      if ('key' in outcome) leave(outcome.key, leftBy(write, item, { key: outcome.key, orgId }));
      else if (isUnknown(outcome.error)) touch(write.effect === 'creates' ? undefined : name);
      if ('key' in outcome || isUnknown(outcome.error)) change(write.changes?.(item, orgId) ?? []);
      return { name, ...outcome };
    });
    return {
      result,
      errors: result.flatMap((outcome) => ('error' in outcome ? [outcome.error] : [])),
      count: result.length,
    };
  });
}

/** What a write leaves of a thing, as far as its description tells. */
function leftBy(
  write: Write,
  input: never,
  { key, orgId }: { key: string; orgId: string },
): Left | undefined {
  const { effect, of } = write;
  switch (effect) {
    case 'deletes':
      return { effect };
    case 'creates':
      return {
        effect,
        record: write.record && { __typename: of?.type, orgId, ...write.record(input, key) },
      };
    case 'changes':
      return write.patch && { effect, patch: (before) => write.patch!(before as never, input) };
  }
}

function assetsOf({ assets }: WriteOne, input: never): readonly string[] {
  return assets === 'none' ? [] : assets(input);
}

/** What a write does while it runs. */
interface Running {
  readonly using: (reads: EntityReads) => WriteContext;
  /** Keys of the things, for explain and the audit log. */
  readonly keys: string[];
  /** The thing of a key may have been written; without a key, some thing of its kind. */
  readonly touch: (key: string | undefined) => void;
  /** The thing of a key was written; undefined where only EnOS knows what it is like now. */
  readonly leave: (key: string, left: Left | undefined) => void;
  readonly change: (changes: readonly Change[]) => void;
}

/** What is the same for one and for many: admission, calls, invalidation, the line of the audit log. */
async function perform<Result>(
  context: LoadContext,
  write: Write,
  orgId: string,
  run: (running: Running) => Promise<{ result: Result; errors: readonly Error[]; count: number }>,
): Promise<Result> {
  const { edition } = context.settings;
  const operation = newestIn(edition, write.operation);
  const caller = context.caller ?? context.identity.id;
  const type = write.of?.type;
  const keys: string[] = [];
  const changes: Change[] = [];
  const requestIds: string[] = [];
  let failures: readonly Error[] = [];
  let count = 1;
  const touch = (id: string | undefined): void => {
    if (type !== undefined)
      changes.push({ kind: 'entity', type, orgId, ...(id === undefined ? {} : { id }) });
  };
  try {
    await admit(context, write);
    return await callDirectly(context, { operation, keys }, async (call, attempts) => {
      try {
        const ran = await run({
          keys,
          using: (reads) => ({ orgId, edition, reads, caller, call, now: () => context.now() }),
          touch,
          leave: (key, left) => {
            touch(key);
            if (type !== undefined && left) context.runtime.recent.add(entityTag(type, orgId, key), left);
          },
          change: (more) => void changes.push(...more),
        });
        ({ errors: failures, count } = ran);
        return ran.result;
      } finally {
        for (const { requestId } of attempts) if (requestId !== null) requestIds.push(requestId);
      }
    });
  } catch (thrown) {
    failures = [asError(thrown)];
    throw thrown;
  } finally {
    const tags = [...new Set(changes.flatMap(tagsOf))];
    if (tags.length > 0)
      await context.cache.invalidateTags([...tags, ...tags.map((tag) => ownTag(caller, tag))]);
    context.writes?.audit({
      mutation: write.name,
      operation,
      orgId,
      type: type ?? null,
      keys: keys.slice(0, MAX_KEYS),
      outcome: outcomeOf(failures, count),
      code: failures.find((error) => error instanceof EnosError)?.code ?? null,
      requestIds,
    });
  }
}

/** Whether writes are allowed here at all, and whether the caller has not written too much. */
async function admit({ writes }: LoadContext, { name, isDangerous }: Write): Promise<void> {
  if (writes === undefined || !writes.enabled)
    throw new AccessError('FORBIDDEN', 'Mutations are off here (MUTATIONS).');
  if (isDangerous && !writes.dangerous)
    throw new AccessError('FORBIDDEN', `${name} is off here (MUTATIONS_DANGEROUS).`);
  await writes.admit(1);
}

function isUnknown(error: unknown): boolean {
  return error instanceof EnosError && error.outcome === 'UNKNOWN';
}

function outcomeOf(errors: readonly Error[], count: number): AuditEntry['outcome'] {
  if (errors.length === 0) return 'done';
  if (errors.length < count) return 'partly';
  return errors.some(isUnknown) ? 'unknown' : 'refused';
}

function unanswered({ operation }: Write): EnosError {
  const message = 'EnOS left an item unanswered';
  return new EnosError({
    kind: 'invalid-response',
    ...operationNames(operation),
    message,
    outcome: 'UNKNOWN',
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

const MAX_KEYS = 100;
