/** Good covers of ragged cells, quickly. */
import {
  areaOf,
  fits,
  isBetter,
  isPerfect,
  type Block,
  type BlockLimits,
  type Cells,
  cutFull,
} from './cells.js';

/** Blocks up to which a cover is improved block by block; with more, one call less is no longer worth the search. */
const MAX_IMPROVED = 64;

/**
 * The better of two ways to cover the cells row by row; ends with one that has no more than `least` blocks and no surplus.
 * Call it with the cells transposed too.
 */
export function greedyCover(cells: Cells, limits: BlockLimits, least: number): Block[] {
  const strips = equalRows(cells).flatMap((group) => cutFull(group, limits));
  const joined = join(strips, limits);
  if (isPerfect(joined, cells, least)) return joined;
  const improved = dissolve(joined, cells, limits);
  if (isPerfect(improved, cells, least)) return improved;
  const whole = dissolve(wholeBlock(cells, limits), cells, limits);
  return isBetter(whole, improved) ? whole : improved;
}

/** Rows that want the same columns, as one block each. */
function equalRows({ rows }: Cells): Block[] {
  const groups = new Map<string, { rows: number[]; columns: readonly number[] }>();
  rows.forEach((columns, row) => {
    const name = columns.join();
    const group = groups.get(name);
    if (group) group.rows.push(row);
    else groups.set(name, { rows: [row], columns });
  });
  return [...groups.values()];
}

/** Joins pieces, largest first, each into the block where it adds the least surplus, as long as the limits hold. */
function join(pieces: readonly Block[], limits: BlockLimits): Block[] {
  const bins: { rows: Set<number>; columns: Set<number> }[] = [];
  const bySize = [...pieces].sort(
    (a, b) => b.rows.length * b.columns.length - a.rows.length * a.columns.length,
  );
  for (const piece of bySize) {
    let best: (typeof bins)[number] | undefined;
    let least = Infinity;
    for (const bin of bins) {
      const area = bin.rows.size * bin.columns.size;
      if (area === limits.product) continue;
      const height = united(bin.rows, piece.rows);
      const width = united(bin.columns, piece.columns);
      if (fits(height, width, limits) && height * width - area < least) {
        least = height * width - area;
        best = bin;
      }
    }
    if (best) {
      for (const row of piece.rows) best.rows.add(row);
      for (const column of piece.columns) best.columns.add(column);
    } else {
      bins.push({ rows: new Set(piece.rows), columns: new Set(piece.columns) });
    }
  }
  return bins.map((bin) => ({ rows: [...bin.rows], columns: [...bin.columns] }));
}

/** Takes everything for wanted, then leaves out what is not: best where little is missing. */
function wholeBlock(cells: Cells, limits: BlockLimits): Block[] {
  const rows = cells.rows.map((_, row) => row);
  const columns = Array.from({ length: cells.width }, (_, column) => column);
  return shrink(cutFull({ rows, columns }, limits), cells);
}

/**
 * Takes blocks apart, smallest first, wherever the others have room for what they hold, then leaves out rows and columns
 * that are not needed.
 */
function dissolve(cover: readonly Block[], cells: Cells, limits: BlockLimits): Block[] {
  let blocks = shrink(cover, cells);
  if (blocks.length > MAX_IMPROVED) return blocks;
  for (let gone = true; gone;) {
    gone = false;
    const bySize = [...blocks].sort((a, b) => areaOf([a]) - areaOf([b]));
    for (const block of bySize) {
      const others = spread(
        block,
        bySize.filter((one) => one !== block),
        cells,
        limits,
      );
      if (others) {
        blocks = shrink(others, cells);
        gone = true;
        break;
      }
    }
  }
  return blocks;
}

/** The other blocks, grown so that they hold what a block held; null where they cannot. */
function spread(block: Block, others: readonly Block[], cells: Cells, limits: BlockLimits): Block[] | null {
  const grown = others.map(({ rows, columns }) => ({ rows: new Set(rows), columns: new Set(columns) }));
  const inBlock = new Set(block.columns);
  for (const row of block.rows) {
    const left = (cells.rows[row] ?? []).filter(
      (column) => inBlock.has(column) && !grown.some((one) => one.rows.has(row) && one.columns.has(column)),
    );
    while (left.length > 0) {
      // All that is left of the row, or else as much of it as some block has room for.
      const place = bestPlace(row, left, grown, limits);
      if (!place) return null;
      place.into.rows.add(row);
      for (const column of place.columns) place.into.columns.add(column);
      for (const column of place.columns) left.splice(left.indexOf(column), 1);
    }
  }
  return grown.map((one) => ({ rows: [...one.rows], columns: [...one.columns] }));
}

interface Growing {
  rows: Set<number>;
  columns: Set<number>;
}

function bestPlace(
  row: number,
  wanted: readonly number[],
  blocks: readonly Growing[],
  limits: BlockLimits,
): { into: Growing; columns: number[] } | null {
  let best: { into: Growing; columns: number[]; growth: number } | null = null;
  for (const into of blocks) {
    const height = into.rows.size + (into.rows.has(row) ? 0 : 1);
    let width = into.columns.size;
    if (!fits(height, width, limits)) continue;
    const columns: number[] = [];
    for (const column of wanted) {
      const wider = into.columns.has(column) ? width : width + 1;
      if (!fits(height, wider, limits)) continue;
      width = wider;
      columns.push(column);
    }
    const growth = height * width - into.rows.size * into.columns.size;
    if (columns.length === 0) continue;
    if (
      !best ||
      columns.length > best.columns.length ||
      (columns.length === best.columns.length && growth < best.growth)
    ) {
      best = { into, columns, growth };
    }
  }
  return best;
}

/** Each wanted cell counts for the first block that holds it; rows and columns without such a cell are left out. */
function shrink(blocks: readonly Block[], cells: Cells): Block[] {
  const covered = new Set<number>();
  const kept: Block[] = [];
  for (const block of blocks) {
    const inBlock = new Set(block.columns);
    const rows = new Set<number>();
    const columns = new Set<number>();
    for (const row of block.rows) {
      for (const column of cells.rows[row] ?? []) {
        const cell = row * cells.width + column;
        if (!inBlock.has(column) || covered.has(cell)) continue;
        covered.add(cell);
        rows.add(row);
        columns.add(column);
      }
    }
    if (rows.size > 0) kept.push({ rows: [...rows], columns: [...columns] });
  }
  return kept;
}

function united(set: ReadonlySet<number>, values: readonly number[]): number {
  let size = set.size;
  for (const value of values) if (!set.has(value)) size += 1;
  return size;
}
