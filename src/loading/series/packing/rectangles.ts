/**
 * Packs (asset, point) pairs into rectangles: every EnOS read of series takes a list of assets and a list of points and
 * answers for their whole product, and only that product is limited. Pure; knows nothing of EnOS calls.
 */
import {
  isBetter,
  isPerfect,
  transposed,
  turned,
  type Block,
  type BlockLimits,
  type Cells,
} from './cells.js';
import { greedyCover } from './greedy.js';

/** What a rectangle is made of: one asset and one point, or one expression over a point. */
export interface Pair {
  readonly assetId: string;
  readonly pointId: string;
}

/** All assets times all points: one call. */
export interface Rectangle {
  readonly assets: readonly string[];
  readonly points: readonly string[];
}

/** Limits of one call. */
export interface RectangleLimits {
  /** Largest assets x points. */
  readonly maxProduct: number;
  /** Most points in one call; unlimited where absent. */
  readonly maxPoints?: number;
}

/**
 * Rectangles that cover all pairs, none larger than the limits: few of them, then with little surplus.
 *
 * - All in one where the limits allow it, which is nearly always.
 * - Else the best of a few greedy covers, by assets and by points: equal sets of points cut into as few pieces as strips
 *   give, pieces joined where there is room, blocks taken apart where the others can take them in.
 *
 * Never more than 2 n / `maxProduct` + d rectangles for n pairs, d being the number of different sets of points among
 * the assets, or of different sets of assets among the points, whichever is less; a full set of pairs, up to twice as many
 * as its pairs divided by the limit, mostly just as many. (With `maxPoints`, for as many points as it allows.)
 */
export function packRectangles(pairs: readonly Pair[], limits: RectangleLimits): Rectangle[] {
  const whole = wholeRectangle(pairs, limits);
  if (whole !== undefined) return whole;
  const assets = new Map<string, Set<number>>();
  const points = new Map<string, number>();
  for (const { assetId, pointId } of pairs) {
    let point = points.get(pointId);
    if (point === undefined) points.set(pointId, (point = points.size));
    const wanted = assets.get(assetId);
    if (wanted) wanted.add(point);
    else assets.set(assetId, new Set([point]));
  }
  const assetIds = [...assets.keys()];
  const pointIds = [...points.keys()];
  const { product, columns } = read(limits);
  const rows = [...assets.values()].map((wanted) => [...wanted].sort((a, b) => a - b));
  const count = rows.reduce((sum, wanted) => sum + wanted.length, 0);
  const blocks = cover({ rows, width: pointIds.length, count }, { product, rows: Infinity, columns });
  const name = (ids: readonly string[], lines: readonly number[]): string[] =>
    [...lines].sort((a, b) => a - b).map((line) => ids[line] ?? '');
  return blocks.map((block) => ({
    assets: name(assetIds, block.rows),
    points: name(pointIds, block.columns),
  }));
}

/** All pairs in one rectangle where the limits allow it; undefined where they do not. */
function wholeRectangle(pairs: readonly Pair[], limits: RectangleLimits): Rectangle[] | undefined {
  const { product, columns } = read(limits);
  const assets = new Set<string>();
  const points = new Set<string>();
  for (const { assetId, pointId } of pairs) {
    assets.add(assetId);
    points.add(pointId);
  }
  if (assets.size === 0) return [];
  if (assets.size * points.size > product || points.size > columns) return undefined;
  return [{ assets: [...assets], points: [...points] }];
}

function read({ maxProduct, maxPoints = Infinity }: RectangleLimits): { product: number; columns: number } {
  return { product: Math.max(1, Math.floor(maxProduct)), columns: Math.max(1, Math.floor(maxPoints)) };
}

function cover(cells: Cells, limits: BlockLimits): readonly Block[] {
  const least = Math.ceil(cells.count / limits.product);
  const upright = greedyCover(cells, limits, least);
  if (isPerfect(upright, cells, least)) return upright;
  const lying = greedyCover(transposed(cells), turned(limits), least).map(({ rows, columns }) => ({
    rows: columns,
    columns: rows,
  }));
  return isBetter(lying, upright) ? lying : upright;
}
