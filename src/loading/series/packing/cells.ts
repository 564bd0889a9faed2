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
