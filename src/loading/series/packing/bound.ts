/** How many blocks any cover needs at least. */
import { transposed, type BlockLimits, type Cells } from './cells.js';

/** Beyond this many steps the most cells of one block are taken from the limit alone. */
const MAX_STEPS = 500_000;

/**
 * Cells divided by the most that one block can hold. A block of h rows and w columns holds no more than h x w cells, than
 * the h fullest rows have in w columns, and than the w fullest columns have in h rows.
 */
export function fewestBlocks(cells: Cells, limits: BlockLimits): number {
  return Math.ceil(cells.count / mostCells(cells, limits));
}

/** The most wanted cells that one block can hold, or a little more. */
export function mostCells(cells: Cells, limits: BlockLimits): number {
  const widest = Math.min(cells.width, limits.columns, limits.product);
  if (widest * (cells.rows.length + cells.width) > MAX_STEPS) return limits.product;
  const inRows = degrees(cells);
  const inColumns = degrees(transposed(cells));
  let most = 1;
  for (let width = 1; width <= widest; width += 1) {
    const height = Math.min(cells.rows.length, limits.rows, Math.floor(limits.product / width));
    const held = Math.min(height * width, cut(inRows, height, width), cut(inColumns, width, height));
    if (held > most) most = held;
  }
  return most;
}

function degrees({ rows }: Cells): number[] {
  return rows.map((columns) => columns.length).sort((a, b) => b - a);
}

function cut(sizes: readonly number[], count: number, most: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += Math.min(sizes[index] ?? 0, most);
  return sum;
}
