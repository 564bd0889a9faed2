/** The best cover of a small set, by search: fewest blocks, then least surplus. */
import { mostCells } from './bound.js';
import { areaOf, fits, transposed, type Block, type BlockLimits, type Cells } from './cells.js';

/** Bits of a number that hold rows or columns. */
const MOST_LINES = 30;

/** Whether a set is small enough to be searched. */
export function isSearchable(cells: Cells, mostSearched: number): boolean {
  return cells.rows.length <= MOST_LINES && cells.width <= MOST_LINES && cells.count <= mostSearched;
}

/**
 * The best cover, given one to beat. Takes an uncovered cell, the one with the fewest places first, and tries every
 * block that could grow to hold it, and a new one. What cannot beat the best is cut off by the cells that still need
 * room; states that differ by equal rows or columns only are tried once. Ends with the best so far after `steps`.
 */
export function exactCover(
  cells: Cells,
  limits: BlockLimits,
  known: readonly Block[],
  steps: number,
): { blocks: readonly Block[]; proven: boolean } {
  const search = new Search(cells, limits, known, steps);
  search.visit([], []);
  return { blocks: search.best, proven: !search.exhausted };
}

class Search {
  best: readonly Block[];
  exhausted = false;
  private bestArea: number;
  private readonly wanted: readonly { row: number; column: number }[];
  private readonly most: number;
  private readonly rowClasses: readonly (readonly number[])[];
  private readonly columnClasses: readonly (readonly number[])[];
  private readonly seen = new Set<string>();

  constructor(
    cells: Cells,
    private readonly limits: BlockLimits,
    known: readonly Block[],
    private steps: number,
  ) {
    this.best = known;
    this.bestArea = areaOf(known);
    this.wanted = cells.rows.flatMap((columns, row) => columns.map((column) => ({ row, column })));
    this.most = mostCells(cells, limits);
    this.rowClasses = classesOf(cells);
    this.columnClasses = classesOf(transposed(cells));
  }

  /** `rows[i]` and `columns[i]` are the bits of block i. */
  visit(rows: number[], columns: number[]): void {
    if (this.steps <= 0) {
      this.exhausted = true;
      return;
    }
    this.steps -= 1;
    let area = 0;
    let room = 0;
    for (let index = 0; index < rows.length; index += 1) {
      const size = ones(rows[index] ?? 0) * ones(columns[index] ?? 0);
      area += size;
      room += Math.min(this.most, this.limits.product) - Math.min(size, this.most);
    }
    const next = this.nextCell(rows, columns);
    if (next === null) {
      if (rows.length < this.best.length || (rows.length === this.best.length && area < this.bestArea)) {
        this.best = rows.map((bits, index) => ({
          rows: linesOf(bits),
          columns: linesOf(columns[index] ?? 0),
        }));
        this.bestArea = area;
      }
      return;
    }
    // Room of open blocks is counted in cells of any kind: more than they can really hold.
    const blocks = rows.length + Math.ceil(Math.max(0, next.open - Math.max(0, room)) / this.most);
    if (blocks > this.best.length) return;
    if (blocks === this.best.length && area + next.open >= this.bestArea) return;
    const state = this.nameOf(rows, columns);
    if (this.seen.has(state)) return;
    this.seen.add(state);
    for (const index of next.places) this.grow(rows, columns, index, next.row, next.column);
    if (rows.length < this.best.length) {
      rows.push(1 << next.row);
      columns.push(1 << next.column);
      this.visit(rows, columns);
      rows.pop();
      columns.pop();
    }
  }

  private grow(rows: number[], columns: number[], index: number, row: number, column: number): void {
    const [oldRows = 0, oldColumns = 0] = [rows[index], columns[index]];
    rows[index] = oldRows | (1 << row);
    columns[index] = oldColumns | (1 << column);
    this.visit(rows, columns);
    rows[index] = oldRows;
    columns[index] = oldColumns;
  }

  /** The uncovered cell with the fewest places, how many are uncovered, and the blocks it fits into. */
  private nextCell(
    rows: readonly number[],
    columns: readonly number[],
  ): { row: number; column: number; open: number; places: number[] } | null {
    let open = 0;
    let chosen: { row: number; column: number; places: number[] } | null = null;
    for (const { row, column } of this.wanted) {
      let covered = false;
      const places: number[] = [];
      for (let index = 0; index < rows.length && !covered; index += 1) {
        const grownRows = (rows[index] ?? 0) | (1 << row);
        const grownColumns = (columns[index] ?? 0) | (1 << column);
        if (grownRows === rows[index] && grownColumns === columns[index]) covered = true;
        else if (fits(ones(grownRows), ones(grownColumns), this.limits)) places.push(index);
      }
      if (covered) continue;
      open += 1;
      if (chosen === null || places.length < chosen.places.length) chosen = { row, column, places };
    }
    return chosen === null ? null : { ...chosen, open };
  }

  /** The same for states that differ only by the names of equal rows and of equal columns. */
  private nameOf(rows: readonly number[], columns: readonly number[]): string {
    return `${signatures(this.rowClasses, rows)}|${signatures(this.columnClasses, columns)}`;
  }
}

/** Lines with equal cells together. */
function classesOf({ rows }: Cells): number[][] {
  const classes = new Map<string, number[]>();
  rows.forEach((columns, row) => {
    const name = columns.join();
    const members = classes.get(name);
    if (members) members.push(row);
    else classes.set(name, [row]);
  });
  return [...classes.values()];
}

function signatures(classes: readonly (readonly number[])[], blocks: readonly number[]): string {
  return classes
    .map((lines) =>
      lines
        .map((line) => blocks.map((bits) => (bits >> line) & 1).join(''))
        .sort()
        .join(),
    )
    .join(';');
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

function linesOf(bits: number): number[] {
  return Array.from({ length: MOST_LINES }, (_, line) => line).filter((line) => (bits >> line) & 1);
}
