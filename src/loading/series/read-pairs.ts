/** Sends planned rectangles and matches what comes back to pairs; deals with assets that may not be read. */
import { EnosError } from '../../enos/errors.js';
import { InputError } from '../common.js';
import { PairMap } from './pair-map.js';
import type { ReadonlyPairMap } from './pair-map.js';
import { packRectangles, type Pair, type Rectangle, type RectangleLimits } from './rectangles.js';

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
/** Code of a call that names an asset which may not be read. */
const ASSET_UNAUTHORIZED = 80401;
/** Halvings of one read: enough for some hundred refused assets, which are no accident any more. */
const MAX_HALVINGS = 500;
/** Halvings of one rectangle whose reply was too large. */
const MAX_SMALLER = 12;
/** What the client says of a reply beyond its cap. */
const TOO_LARGE = 'The reply of EnOS is too large';

/**
 * Assets that EnOS refused in this request. One of them fails a whole call, so it is not put into another one: what it
 * was refused with is its answer everywhere.
 */
export class Denials {
  private readonly errors = new Map<string, EnosError>();

  find(orgId: string, assetId: string): EnosError | undefined {
    if (this.errors.size === 0) return undefined;
    return this.errors.get(JSON.stringify([orgId, assetId]));
  }

  add(orgId: string, assetId: string, error: EnosError): void {
    this.errors.set(JSON.stringify([orgId, assetId]), error);
  }
}

/** One read of many pairs of an organization. */
export interface PairsRead<Value> {
  orgId: string;
  pairs: readonly Pair[];
  limits: RectangleLimits;
  denials: Denials;
  /**
   * Sends one call; of its answers a pair without data may be absent. `share` is 1, or a half, a quarter ... of
   * the records that a call may bring, where the reply to a larger one was too large.
   */
  fetch(rectangle: Rectangle, share: number): Promise<ReadonlyPairMap<Value>>;
}

/**
 * Values by pair. An absent pair was asked and has no data; an `Error` is what its own call failed with. Where EnOS
 * refuses a rectangle because of an asset in it, the rectangle is halved, both halves at once, until the refusals stand
 * alone and the rest is answered: about 2 log2(n) further calls for one refused asset among n. After 500 halvings, what
 * is left of a refused rectangle fails as a whole. A rectangle whose reply is larger than the client takes is halved too.
 */
export async function readPairs<Value>(read: PairsRead<Value>): Promise<ReadonlyPairMap<Value | Error>> {
  const { orgId, denials } = read;
  const answers = new PairMap<Value | Error>();
  const open: Pair[] = [];
  for (const pair of read.pairs) {
    const refusal = denials.find(orgId, pair.assetId);
    if (refusal) answers.set(pair.assetId, pair.pointId, refusal);
    else open.push(pair);
  }
  const fail = (rectangle: Rectangle, error: Error): void => {
    for (const assetId of rectangle.assets) {
      for (const pointId of rectangle.points) {
        // A pair may lie in two rectangles, in one of them as surplus: its answer counts more than a failure.
        if (!answers.has(assetId, pointId)) answers.set(assetId, pointId, error);
      }
    }
  };
  const rectangles = packRectangles(open, read.limits);
  /** The one call that asks for all; what it brings is the answer as it is. */
  const only = rectangles.length === 1 && open.length === read.pairs.length ? rectangles[0] : undefined;
  let whole: ReadonlyPairMap<Value> | undefined;
  let halvings = 0;
  const ask = async (rectangle: Rectangle, smaller = 0): Promise<void> => {
    try {
      const found = await read.fetch(rectangle, 1 / 2 ** smaller);
      if (rectangle === only) whole = found;
      else answers.add(found);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const [first, ...others] = rectangle.assets;
      if (isTooLarge(error) && smaller < MAX_SMALLER) {
        await Promise.all(halves(rectangle).map((half) => ask(half, smaller + 1)));
      } else if (!isDenial(error) || first === undefined) {
        fail(rectangle, error);
      } else if (others.length === 0) {
        denials.add(orgId, first, error);
        fail(rectangle, error);
      } else if (halvings >= MAX_HALVINGS) {
        fail(rectangle, tooManyDenied(error));
      } else {
        halvings += 1;
        await Promise.all(halves(rectangle).map((half) => ask(half, smaller)));
      }
    }
  };
  await Promise.all(rectangles.map((rectangle) => ask(rectangle)));
  return whole ?? answers;
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

function tooManyDenied(error: EnosError): EnosError {
  const { kind, service, operation, code, requestId, httpStatus } = error;
  const message = 'Too many of the assets asked for may not be read: ask for fewer';
  return new EnosError({ kind, service, operation, code, requestId, httpStatus, message });
}

function isDenial(error: Error): error is EnosError {
  return error instanceof EnosError && error.kind === 'refused' && error.code === ASSET_UNAUTHORIZED;
}
