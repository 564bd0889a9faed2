/** What packing works on: which columns each row wants, and blocks of rows x columns. Numbers, since ids only cost time. */

/** Wanted cells. */
export interface Cells {
  /** Columns that each row wants, ascending; no row is empty. */
  readonly rows: readonly (readonly number[])[];
  /** Number of columns. */
  readonly width: number;
  /** Number of wanted cells. */
  readonly count: number;
}

/** Limits of one block. */
export interface BlockLimits {
  /** Largest rows x columns. */
  readonly product: number;
  readonly rows: number;
  readonly columns: number;
}

/** All rows times all columns: one call. */
export interface Block {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** The same cells with rows and columns exchanged. */
export function transposed({ rows, width, count }: Cells): Cells {
  const columns: number[][] = Array.from({ length: width }, () => []);
  rows.forEach((wanted, row) => {
    for (const column of wanted) columns[column]?.push(row);
  });
  return { rows: columns, width: rows.length, count };
}

/** The same limits with rows and columns exchanged. */
export function turned({ product, rows, columns }: BlockLimits): BlockLimits {
  return { product, rows: columns, columns: rows };
}

/** Cells of all blocks, surplus and repeats included. */
export function areaOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { rows, columns }) => sum + rows.length * columns.length, 0);
}

/** Whether a cover is better than another: fewer blocks, then less surplus. */
export function isBetter(first: readonly Block[], second: readonly Block[]): boolean {
  if (first.length !== second.length) return first.length < second.length;
  return areaOf(first) < areaOf(second);
}

/** Whether no cover can be better: as few blocks as must be, and nothing in them that is not wanted. */
export function isPerfect(blocks: readonly Block[], cells: Cells, least: number): boolean {
  return blocks.length <= least && areaOf(blocks) === cells.count;
}

/** Whether a block is within the limits. */
export function fits(rows: number, columns: number, limits: BlockLimits): boolean {
  return rows * columns <= limits.product && rows <= limits.rows && columns <= limits.columns;
}

/** Widths of strips that are tried, one by one below, then the equal divisions. */
const STRIPS = 64;

/** A piece by its place. */
interface Piece {
  row: number;
  column: number;
  height: number;
  width: number;
}

/** A full block, in which every row wants every column, cut into as few pieces within the limits as strips give. At most twice the block's cells divided by the limit, rounded up strip by strip. */
export function cutFull(block: Block, limits: BlockLimits): Block[] {
  const { rows, columns } = block;
  if (fits(rows.length, columns.length, limits)) return [block];
  const pieces = fewestPieces(rows.length, columns.length, limits);
  return pieces.map(({ row, column, height, width }) => ({
    rows: rows.slice(row, row + height),
    columns: columns.slice(column, column + width),
  }));
}

function fewestPieces(height: number, width: number, limits: BlockLimits): Piece[] {
  const upright = strips(height, width, limits);
  if (upright.length <= Math.ceil((height * width) / limits.product)) return upright;
  const lying = strips(width, height, turned(limits));
  return lying.length < upright.length ? lying.map(turn) : upright;
}

function turn({ row, column, height, width }: Piece): Piece {
  return { row: column, column: row, height: width, width: height };
}

/** Strips of full height, each cut into pieces of equal height: the widths that need the fewest pieces in all. */
function strips(height: number, width: number, limits: BlockLimits): Piece[] {
  const widths = stripWidths(width, limits);
  const calls = (strip: number): number => Math.ceil(height / heightOf(strip, limits));
  const need: number[] = [0];
  const choice: number[] = [0];
  for (let done = 1; done <= width; done += 1) {
    let least = Infinity;
    for (const strip of widths) {
      if (strip > done) continue;
      const needed = (need[done - strip] ?? Infinity) + calls(strip);
      if (needed < least) {
        least = needed;
        choice[done] = strip;
      }
    }
    need[done] = least;
  }
  const pieces: Piece[] = [];
  for (let left = width; left > 0;) {
    const strip = choice[left] ?? 1;
    left -= strip;
    const tall = heightOf(strip, limits);
    for (let row = 0; row < height; row += tall) {
      pieces.push({ row, column: left, height: Math.min(tall, height - row), width: strip });
    }
  }
  return pieces;
}

function heightOf(width: number, { product, rows }: BlockLimits): number {
  return Math.max(1, Math.min(rows, Math.floor(product / width)));
}

/** Widths of strips worth trying. One is always among them, so that every width can be made of strips. */
function stripWidths(columns: number, { product, columns: most }: BlockLimits): number[] {
  const widest = Math.max(1, Math.min(columns, product, most));
  const widths = new Set<number>();
  for (let width = 1; width <= Math.min(widest, STRIPS); width += 1) widths.add(width);
  for (let parts = 1; parts <= STRIPS; parts += 1) {
    const width = Math.ceil(columns / parts);
    if (width <= widest) widths.add(width);
  }
  widths.add(widest);
  // The widest first: among equals, fewer strips.
  return [...widths].sort((a, b) => b - a);
}
