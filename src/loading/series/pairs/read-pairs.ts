/** Sends planned rectangles and matches what comes back to pairs; deals with assets that may not be read. */
import { EnosError } from '../../../enos/errors.js';
import type { OperationId } from '../../../enos/operation.js';
import { InputError } from '../../common.js';
import type { Denials } from './denials.js';
import { PairMap, type ReadonlyPairMap } from './pair-map.js';
import { packRectangles, type Pair, type Rectangle, type RectangleLimits } from '../packing/rectangles.js';

export type { Denials } from './denials.js';

/** Largest assets x points of one call, except for states (STATE_PRODUCT). */
export const MAX_PRODUCT = 3000;
/** Largest assets x points of one call for states and their durations. */
export const STATE_PRODUCT = 10;
/** Assets x points x pageSize of one call at most, by the contract. */
export const MAX_RECORDS = 640_000;
/**
 * Records of one call that are known to come: 640,000 of them would make a reply of some 80 MB, so many stay below the
 * client's cap of 16 MiB, and further calls go out at the same time.
 */
export const MAX_REPLY_RECORDS = 128_000;
/** Recently refused assets that are asked one by one; those beyond this number share calls. */
const MAX_ALONE = 8;
/** Assets that are tried one by one before it is believed that none may be read. */
const SAMPLES = 16;
/** Refused parts of a read from which on, without any answer so far, that is suspected. */
const MANY_REFUSED = 4;
/** Many assets count as refused if at least one in this many of the sample is. */
const MANY_AMONG = 8;
/** Refused halves of one round from which on many assets count as refused. */
const MANY_HALVES = 7;
/** Halvings of one rectangle whose reply was too large. */
const MAX_SMALLER = 12;
/** What the client says of a reply beyond its cap. */
const TOO_LARGE = 'The reply of EnOS is too large';

/** One read of many pairs of an organization. */
export interface PairsRead<Value> {
  orgId: string;
  pairs: readonly Pair[];
  limits: RectangleLimits;
  denials: Denials;
  /** What `fetch` calls: by it refusals are remembered. */
  operation: OperationId;
  /**
   * Sends one call; of its answers a pair without data may be absent. `share` is 1, or a half, a quarter ... of
   * the records that a call may bring, where the reply to a larger one was too large.
   */
  fetch(rectangle: Rectangle, share: number): Promise<ReadonlyPairMap<Value>>;
}

/**
 * Values by pair. An absent pair was asked and has no data; an `Error` is what its own call failed with.
 *
 * Where EnOS refuses a rectangle because of an asset in it, the rectangle is halved, both halves at once, until the refusals
 * stand alone and the rest is answered: about 2 log2(n) further calls for one refused asset among n. Which one it was is
 * remembered for a while, and it is asked alone from the start.
 *
 * Where nothing at all is answered, some assets are tried one by one; if all of them are refused, so is the rest, after some
 * 20 calls however many there are; if many are, each is asked alone. After 160 further calls of the request what is left of
 * refused rectangles fails too.
 *
 * A rectangle whose reply is larger than the client takes is halved as well.
 */
export async function readPairs<Value>(read: PairsRead<Value>): Promise<ReadonlyPairMap<Value | Error>> {
  const { orgId, denials, operation } = read;
  const answers = new PairMap<Value | Error>();
  const open: Pair[] = [];
  const suspects: Pair[] = [];
  for (const pair of read.pairs) {
    const refusal = denials.find(orgId, pair.assetId);
    if (refusal) answers.set(pair.assetId, pair.pointId, refusal);
    else if (denials.isSuspect(operation, orgId, pair.assetId)) suspects.push(pair);
    else open.push(pair);
  }
  const rectangles = packRectangles(open, read.limits);
  /** The one call that asks for all; what it brings is the answer as it is. */
  const only = rectangles.length === 1 && open.length === read.pairs.length ? rectangles[0] : undefined;
  const reader = new PairsReader(read, answers, only);
  await Promise.all([reader.readAll(rectangles), reader.readSuspects(suspects)]);
  return reader.whole ?? answers;
}

/** A rectangle that EnOS refused because of one of its assets, or of several. */
interface Refused {
  rectangle: Rectangle;
  /** How often it was halved because the reply was too large. */
  smaller: number;
  error: EnosError;
}

/** What of some rectangles was refused because of several assets, and whether any call was not refused at all. */
interface Outcome {
  refused: Refused[];
  isMixed: boolean;
}

class PairsReader<Value> {
  whole: ReadonlyPairMap<Value> | undefined;

  constructor(
    private readonly read: PairsRead<Value>,
    private readonly answers: PairMap<Value | Error>,
    private readonly only: Rectangle | undefined,
  ) {}

  /** Rectangles of which nothing is known. */
  async readAll(rectangles: readonly Rectangle[]): Promise<void> {
    await this.narrow(await this.askAll(rectangles, 0));
  }

  /** Pairs of recently refused assets: each alone; if there are many, some alone and the others together. */
  async readSuspects(pairs: readonly Pair[]): Promise<void> {
    if (pairs.length === 0) return;
    const { denials, limits } = this.read;
    const assets = new Set(pairs.map(({ assetId }) => assetId));
    const alone = new Set(denials.sample([...assets], MAX_ALONE));
    const rest = packRectangles(
      pairs.filter(({ assetId }) => !alone.has(assetId)),
      limits,
    );
    const single = [...alone].flatMap((assetId) =>
      packRectangles(
        pairs.filter((pair) => pair.assetId === assetId),
        limits,
      ),
    );
    const [tried, others] = await Promise.all([this.askAll(single, 0), this.askAll(rest, 0)]);
    const isMixed = tried.isMixed || others.isMixed;
    if (isMixed) await this.narrow({ refused: others.refused, isMixed });
    else this.giveUp(others.refused);
  }

  /** Halves what was refused until the refusals stand alone, or it shows that halving does not help. */
  private async narrow(outcome: Outcome): Promise<void> {
    let { refused: parts, isMixed } = outcome;
    while (parts.length > 0) {
      if (!isMixed && parts.length >= MANY_REFUSED) {
        const tried = await this.askAlone(parts, SAMPLES);
        if (!tried.isMixed) return this.giveUp(tried.refused);
        // Where many are refused every half is: asked one by one they cost half the calls.
        if (tried.denied * MANY_AMONG >= tried.calls) return this.askEachAlone(tried.refused);
        ({ refused: parts, isMixed } = tried);
      }
      const halved = await Promise.all(parts.map((part) => this.askHalves(part)));
      parts = halved.flatMap((half) => half.refused);
      isMixed ||= halved.some((half) => half.isMixed);
      // Refused all over: there are so many that halving goes down to each of them anyway.
      if (parts.length >= MANY_HALVES && assetsOf(parts).length <= this.read.denials.callsLeft)
        return this.askEachAlone(parts);
    }
  }

  private async askEachAlone(parts: readonly Refused[]): Promise<void> {
    const { refused } = await this.askAlone(parts, Infinity);
    for (const { rectangle, error } of refused) this.fail(rectangle, refusalOfRest(error, TOO_MANY_REFUSED));
  }

  /**
   * Asks for some assets of refused rectangles alone, as many as there are calls left for; `refused` are the rectangles
   * without them.
   */
  private async askAlone(
    parts: readonly Refused[],
    most: number,
  ): Promise<Outcome & { calls: number; denied: number }> {
    const { orgId, denials } = this.read;
    const assets = assetsOf(parts);
    const some = new Set(denials.sample(assets, denials.spendUpTo(Math.min(assets.length, most))));
    const single = parts.flatMap(({ rectangle, smaller }) =>
      rectangle.assets.flatMap((assetId) =>
        some.has(assetId) ? [{ rectangle: { ...rectangle, assets: [assetId] }, smaller }] : [],
      ),
    );
    const tried = await Promise.all(single.map(({ rectangle, smaller }) => this.ask(rectangle, smaller)));
    const refused = parts.flatMap((part) => {
      const rest = part.rectangle.assets.filter((assetId) => !some.has(assetId));
      return rest.length === 0 ? [] : [{ ...part, rectangle: { ...part.rectangle, assets: rest } }];
    });
    const denied = [...some].filter((assetId) => denials.find(orgId, assetId) !== undefined).length;
    return { refused, isMixed: tried.some((one) => one.isMixed), calls: some.size, denied };
  }

  private async askHalves({ rectangle, smaller, error }: Refused): Promise<Outcome> {
    const parts = halves(rectangle);
    if (this.read.denials.spend(parts.length)) return this.askAll(parts, smaller);
    this.fail(rectangle, refusalOfRest(error, TOO_MANY_REFUSED));
    return { refused: [], isMixed: false };
  }

  private async askAll(rectangles: readonly Rectangle[], smaller: number): Promise<Outcome> {
    const outcomes = await Promise.all(rectangles.map((rectangle) => this.ask(rectangle, smaller)));
    return {
      refused: outcomes.flatMap(({ refused }) => refused),
      isMixed: outcomes.some((outcome) => outcome.isMixed),
    };
  }

  /** One call, or as many smaller ones as its replies need. */
  private async ask(rectangle: Rectangle, smaller: number): Promise<Outcome> {
    const { orgId, denials, operation } = this.read;
    const [first, ...others] = rectangle.assets;
    try {
      const found = await this.read.fetch(rectangle, 1 / 2 ** smaller);
      if (rectangle === this.only) this.whole = found;
      else this.answers.add(found);
      for (const assetId of rectangle.assets) denials.clear(operation, orgId, assetId);
      return { refused: [], isMixed: true };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (isTooLarge(error) && smaller < MAX_SMALLER) return this.askAll(halves(rectangle), smaller + 1);
      if (isDenial(error) && others.length > 0)
        return { refused: [{ rectangle, smaller, error }], isMixed: false };
      if (isDenial(error) && first !== undefined) denials.add(operation, orgId, first, error, true);
      this.fail(rectangle, error);
      // A failure of another kind says nothing about rights.
      return { refused: [], isMixed: !isDenial(error) };
    }
  }

  /** Nothing of what was tried may be read: the rest counts as refused too. */
  private giveUp(parts: readonly Refused[]): void {
    const { orgId, denials, operation } = this.read;
    for (const { rectangle, error } of parts) {
      const refusal = refusalOfRest(error, ALL_REFUSED);
      for (const assetId of rectangle.assets) denials.add(operation, orgId, assetId, refusal, false);
      this.fail(rectangle, refusal);
    }
  }

  private fail(rectangle: Rectangle, error: Error): void {
    for (const assetId of rectangle.assets) {
      for (const pointId of rectangle.points) {
        // A pair may lie in two rectangles, in one of them as surplus: its answer counts more than a failure.
        if (!this.answers.has(assetId, pointId)) this.answers.set(assetId, pointId, error);
      }
    }
  }
}

function assetsOf(parts: readonly Refused[]): string[] {
  return [...new Set(parts.flatMap(({ rectangle }) => rectangle.assets))];
}

/** Whether an id holds together in the comma-separated lists and expressions of the TSDB. */
export function isListId(id: string, argument: 'assetId' | 'pointId'): boolean {
  return !(argument === 'pointId' ? /[,()]|^\s*$|^\s|\s$/ : /,|^\s*$|^\s|\s$/).test(id);
}

/** Refuses ids that do not. */
export function checkListId(id: string, argument: 'assetId' | 'pointId'): void {
  if (!isListId(id, argument)) {
    throw new InputError(
      `${argument} must be text without commas${argument === 'pointId' ? ', parentheses' : ''} and outer blanks`,
      argument,
    );
  }
}

/** Both halves of the assets, of the points where there is one asset; a single pair stays what it is. */
function halves({ assets, points }: Rectangle): Rectangle[] {
  if (assets.length > 1) return halved(assets).map((half) => ({ assets: half, points }));
  return halved(points).map((half) => ({ assets, points: half }));
}

function halved(ids: readonly string[]): (readonly string[])[] {
  if (ids.length < 2) return [ids];
  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)];
}

/** Whether a call failed because its reply is larger than the client takes. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof EnosError && error.kind === 'invalid-response' && error.message === TOO_LARGE;
}

const TOO_MANY_REFUSED = 'Too many of the assets asked for may not be read: ask for fewer';
const ALL_REFUSED = 'None of the assets that were tried may be read';

function refusalOfRest(error: EnosError, message: string): EnosError {
  const { kind, service, operation, code, requestId, httpStatus } = error;
  return new EnosError({ kind, service, operation, code, requestId, httpStatus, message });
}

function isDenial(error: Error): error is EnosError {
  return error instanceof EnosError && error.meaning === 'asset-denied';
}
