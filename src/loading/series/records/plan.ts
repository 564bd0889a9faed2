/**
 * Which pairs that want further records share a call. A pair gets records again that it already has where
 * another one in its call has not come so far, and surplus pairs of a rectangle bring unwanted records: both are weighed
 * against the call that is saved. Pure.
 */
import { groupBy } from '../../chunk.js';
import { MAX_PRODUCT, MAX_RECORDS } from '../pairs/read-pairs.js';
import type { ReplySizes } from './reply-sizes.js';

/** A pair that wants further records. */
export interface OpenPair {
  readonly assetId: string;
  readonly pointId: string;
  /** Where it goes on, Unix milliseconds. */
  readonly next: number;
  /** Records that it still expects. */
  readonly expected: number;
  /** Records a millisecond. */
  readonly density: number;
}

/** Pairs that share a call, from the instant where the first of them goes on. */
export interface PlannedRead<Pair extends OpenPair> {
  readonly pairs: readonly Pair[];
  readonly start: number;
}

/** What the planner goes by. */
export interface PlanFacts {
  /** Most points in one call. */
  maxPoints: number;
  /** End of the time range, Unix milliseconds. */
  to: number;
  sizes: ReplySizes;
  /** Records a millisecond of any pair, for those that a rectangle names without their being wanted. */
  densityOf(assetId: string, pointId: string): number;
}

/** Surplus records that are accepted, as a share of those that are wanted. */
const SURPLUS_SHARE = 0.1;
/** Most recent calls that a draft is tried to be joined with. */
const CANDIDATES = 8;

/** A call that is being put together. */
interface Draft<Pair> {
  pairs: Pair[];
  assets: Set<string>;
  points: Set<string>;
  start: number;
  size: Size;
}

/** What a draft comes to. */
interface Size {
  /** Pairs of the rectangle. */
  product: number;
  /** Bytes of one record of each of its pairs. */
  bytes: number;
  /** Records that a page must hold for the pair that brings most. */
  page: number;
  /** Records that are wanted, and those that come in addition. */
  wanted: number;
  surplus: number;
}

/** Calls for all pairs: as few as possible without much surplus, none planned for a larger reply than the client takes. */
export function planCalls<Pair extends OpenPair>(
  open: readonly Pair[],
  facts: PlanFacts,
): PlannedRead<Pair>[] {
  const drafts = [...groupBy(open, ({ pointId }) => pointId).values()].flatMap((pairs) => cut(pairs, facts));
  return facts.maxPoints > 1 ? joined(drafts, facts) : drafts;
}

/** Pairs of one point, those that go on next to one another together. */
function cut<Pair extends OpenPair>(pairs: readonly Pair[], { sizes }: PlanFacts): Draft<Pair>[] {
  const drafts: Draft<Pair>[] = [];
  let last: Draft<Pair> | undefined;
  for (const pair of [...pairs].sort((a, b) => a.next - b.next)) {
    const { assetId, pointId, next, expected } = pair;
    const isNew = !last?.assets.has(assetId);
    const bytes = isNew ? sizes.bytesOf({ assets: [assetId], points: [pointId] }) : 0;
    if (last) {
      const again = repeatsOf(pair, last.start);
      const { size } = last;
      const longer: Size = {
        product: size.product + (isNew ? 1 : 0),
        bytes: size.bytes + bytes,
        page: Math.max(size.page, expected + again),
        wanted: size.wanted + expected,
        surplus: size.surplus + again,
      };
      if (isFit(longer, sizes)) {
        last.pairs.push(pair);
        last.assets.add(assetId);
        last.size = longer;
        continue;
      }
    }
    last = {
      pairs: [pair],
      assets: new Set([assetId]),
      points: new Set([pointId]),
      start: next,
      size: {
        product: 1,
        bytes: sizes.bytesOf({ assets: [assetId], points: [pointId] }),
        page: expected,
        wanted: expected,
        surplus: 0,
      },
    };
    drafts.push(last);
  }
  return drafts;
}

/** Drafts of several points, joined where one call can bring what they want. */
function joined<Pair extends OpenPair>(drafts: readonly Draft<Pair>[], facts: PlanFacts): Draft<Pair>[] {
  const calls: Draft<Pair>[] = [];
  for (const draft of [...drafts].sort((a, b) => a.start - b.start)) {
    const home = calls.slice(-CANDIDATES).find((call) => join(call, draft, facts));
    if (home === undefined) calls.push(draft);
  }
  return calls;
}

/** Joins a draft to a call; false, changing nothing, where the result would be too large or wasteful. */
function join<Pair extends OpenPair>(call: Draft<Pair>, draft: Draft<Pair>, facts: PlanFacts): boolean {
  const assets = new Set([...call.assets, ...draft.assets]);
  const points = new Set([...call.points, ...draft.points]);
  const product = assets.size * points.size;
  if (points.size > facts.maxPoints || product > MAX_PRODUCT) return false;
  const start = Math.min(call.start, draft.start);
  const pairs = [...call.pairs, ...draft.pairs];
  const size: Size = {
    product,
    bytes: facts.sizes.bytesOf({ assets: [...assets], points: [...points] }),
    page: pairs.reduce((most, pair) => Math.max(most, pair.expected + repeatsOf(pair, start)), 0),
    wanted: call.size.wanted + draft.size.wanted,
    surplus: 0,
  };
  if (!isFit(size, facts.sizes)) return false;
  for (const assetId of assets) {
    for (const pointId of points) {
      size.surplus += Math.min(size.page, facts.densityOf(assetId, pointId) * (facts.to - start));
    }
  }
  size.surplus -= size.wanted;
  if (!isFit(size, facts.sizes)) return false;
  Object.assign(call, { pairs, assets, points, start, size });
  return true;
}

/** Records of a pair that come again where its call starts before it goes on. */
export function repeatsOf({ next, density }: OpenPair, start: number): number {
  return next > start ? (next - start) * density : 0;
}

function isFit({ product, bytes, page, wanted, surplus }: Size, sizes: ReplySizes): boolean {
  return (
    product <= MAX_PRODUCT &&
    page * bytes <= sizes.target &&
    page * product <= MAX_RECORDS &&
    surplus <= SURPLUS_SHARE * wanted + sizes.spare
  );
}
