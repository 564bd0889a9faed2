/**
 * Packs (asset, point) pairs into rectangles: every EnOS read of series takes a list of assets and a list of points and
 * answers for their whole product, and only that product is limited. Pure; knows nothing of EnOS calls.
 */

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
 * Rectangles that cover all pairs, none larger than the limits: first as few as can be found, then with little surplus.
 * Rows with the same columns form groups, groups are cut to the limit, and the pieces are joined wherever the limit lets
 * two calls become one. Done once with assets as rows and once with points as rows, since either may fit the set better.
 */
export function packRectangles(pairs: Iterable<Pair>, limits: RectangleLimits): Rectangle[] {
  const byAsset = new Map<string, Set<string>>();
  const byPoint = new Map<string, Set<string>>();
  for (const { assetId, pointId } of pairs) {
    put(byAsset, assetId, pointId);
    put(byPoint, pointId, assetId);
  }
  if (byAsset.size === 0) return [];
  const maxProduct = Math.max(1, Math.floor(limits.maxProduct));
  const maxPoints = limits.maxPoints ?? Infinity;
  if (byAsset.size * byPoint.size <= maxProduct && byPoint.size <= maxPoints) {
    return [{ assets: [...byAsset.keys()], points: [...byPoint.keys()] }];
  }
  const upright = pack(byAsset, { maxProduct, maxColumns: maxPoints, maxRows: Infinity });
  const lying = pack(byPoint, { maxProduct, maxColumns: Infinity, maxRows: maxPoints });
  return better(upright, lying)
    ? upright.map((block) => ({ assets: block.rows, points: block.columns }))
    : lying.map((block) => ({ assets: block.columns, points: block.rows }));
}

interface Block {
  rows: string[];
  columns: string[];
}

interface BlockLimits {
  maxProduct: number;
  maxRows: number;
  maxColumns: number;
}

function put(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function better(first: Block[], second: Block[]): boolean {
  if (first.length !== second.length) return first.length < second.length;
  return area(first) <= area(second);
}

function area(blocks: Block[]): number {
  return blocks.reduce((sum, block) => sum + block.rows.length * block.columns.length, 0);
}

function pack(rows: Map<string, Set<string>>, limits: BlockLimits): Block[] {
  const groups = new Map<string, Block>();
  for (const [row, set] of rows) {
    const columns = [...set].sort();
    const key = JSON.stringify(columns);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { rows: [row], columns });
  }
  return join(
    [...groups.values()].flatMap((group) => cut(group, limits)),
    limits,
  );
}

/** Cuts a full block into as few blocks within the limits as a guillotine finds. */
function cut(block: Block, limits: BlockLimits): Block[] {
  const { rows, columns } = block;
  if (rows.length === 0 || columns.length === 0) return [];
  const plan = cheapestCut(rows.length, columns.length, limits);
  const blocks: Block[] = [];
  for (let column = 0; column + plan.width <= columns.length; column += plan.width) {
    for (let row = 0; row < rows.length; row += plan.height) {
      blocks.push({
        rows: rows.slice(row, row + plan.height),
        columns: columns.slice(column, column + plan.width),
      });
    }
  }
  const rest = columns.slice(columns.length - (columns.length % plan.width));
  return [...blocks, ...cut({ rows, columns: rest }, limits)];
}

/** The width of full-height strips that needs the fewest calls, the remaining columns counted by their best width. */
function cheapestCut(
  rows: number,
  columns: number,
  limits: BlockLimits,
): { width: number; height: number; calls: number } {
  let best: { width: number; height: number; calls: number } | undefined;
  for (const width of widths(columns, limits)) {
    const height = Math.min(limits.maxRows, Math.floor(limits.maxProduct / width));
    const strips = Math.floor(columns / width);
    const left = columns % width;
    const calls =
      strips * Math.ceil(rows / height) + (left === 0 ? 0 : cheapestCut(rows, left, limits).calls);
    if (!best || calls < best.calls) best = { width, height, calls };
  }
  return best ?? { width: 1, height: 1, calls: rows * columns };
}

/** Widths worth trying: every one where there are few, else the equal divisions of the columns. */
function widths(columns: number, limits: BlockLimits): number[] {
  const widest = Math.min(columns, limits.maxProduct, limits.maxColumns);
  if (widest <= 12) return Array.from({ length: widest }, (_, index) => widest - index);
  const found = new Set<number>();
  for (let parts = 1; parts <= columns && found.size < 12; parts += 1) {
    const width = Math.ceil(columns / parts);
    if (width <= widest) found.add(width);
  }
  found.add(widest);
  return [...found];
}

/** Joins blocks, largest first, each into the block where it adds the least surplus, as long as the limits hold. */
function join(blocks: Block[], limits: BlockLimits): Block[] {
  interface Bin {
    rows: Set<string>;
    columns: Set<string>;
  }
  const bins: Bin[] = [];
  const size = (block: Block): number => block.rows.length * block.columns.length;
  for (const block of [...blocks].sort((a, b) => size(b) - size(a))) {
    let best: Bin | undefined;
    let least = Infinity;
    for (const bin of bins) {
      if (bin.rows.size * bin.columns.size === limits.maxProduct) continue;
      const height = united(bin.rows, block.rows);
      const width = united(bin.columns, block.columns);
      if (height > limits.maxRows || width > limits.maxColumns || height * width > limits.maxProduct)
        continue;
      const growth = height * width - bin.rows.size * bin.columns.size;
      if (growth < least) {
        least = growth;
        best = bin;
      }
    }
    if (best) {
      for (const row of block.rows) best.rows.add(row);
      for (const column of block.columns) best.columns.add(column);
    } else {
      bins.push({ rows: new Set(block.rows), columns: new Set(block.columns) });
    }
  }
  return bins.map((bin) => ({ rows: [...bin.rows], columns: [...bin.columns] }));
}

function united(set: ReadonlySet<string>, values: readonly string[]): number {
  let size = set.size;
  for (const value of values) if (!set.has(value)) size += 1;
  return size;
}
