/** Cuts a full block, in which every row wants every column, into as few pieces within the limits as can be found. */
import { fits, type Block, type BlockLimits } from './cells.js';

/** A piece by its place. */
interface Piece {
  row: number;
  column: number;
  height: number;
  width: number;
}

/** Up to this size every way of cutting is tried, the pinwheel of five parts among them. */
const THOROUGH = 12;
/** Cuts inside cuts that are tried for larger blocks. */
const MAX_DEPTH = 2;
/** Widths or heights of strips that are tried, one by one below, then the equal divisions. */
const STRIPS = 64;

/** Pieces of a block. At most twice the block's cells divided by the limit, rounded up strip by strip. */
export function cutFull(block: Block, limits: BlockLimits): Block[] {
  const { rows, columns } = block;
  return new Cutter(limits).cut(rows.length, columns.length).map(({ row, column, height, width }) => ({
    rows: rows.slice(row, row + height),
    columns: columns.slice(column, column + width),
  }));
}

class Cutter {
  private readonly known = new Map<number, Piece[]>();
  /** The known pieces came from a search of this much depth. */
  private readonly depths = new Map<number, number>();

  constructor(private readonly limits: BlockLimits) {}

  cut(height: number, width: number, depth = MAX_DEPTH): Piece[] {
    if (height === 0 || width === 0) return [];
    if (fits(height, width, this.limits)) return [{ row: 0, column: 0, height, width }];
    const name = height * 1_000_003 + width;
    const known = this.known.get(name);
    if (known && (this.depths.get(name) ?? 0) >= depth) return known;
    const pieces = this.search(height, width, depth);
    this.known.set(name, pieces);
    this.depths.set(name, depth);
    return pieces;
  }

  private search(height: number, width: number, depth: number): Piece[] {
    const least = Math.ceil((height * width) / this.limits.product);
    let best = this.strips(height, width);
    const consider = (pieces: () => Piece[]): void => {
      if (best.length <= least) return;
      const found = pieces();
      if (found.length < best.length) best = found;
    };
    consider(() => turn(turnedCutter(this.limits).strips(width, height)));
    if (height <= THOROUGH && width <= THOROUGH) this.everyCut(height, width, consider);
    else if (depth > 0) this.unevenCuts(height, width, depth, consider);
    return best;
  }

  /** Strips of full height, each cut into pieces of equal height: the widths that need the fewest pieces in all. */
  private strips(height: number, width: number): Piece[] {
    const widths = stripWidths(width, this.limits);
    const calls = (strip: number): number => Math.ceil(height / this.heightOf(strip));
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
      const tall = this.heightOf(strip);
      for (let row = 0; row < height; row += tall) {
        pieces.push({ row, column: left, height: Math.min(tall, height - row), width: strip });
      }
    }
    return pieces;
  }

  private heightOf(width: number): number {
    return Math.max(1, Math.min(this.limits.rows, Math.floor(this.limits.product / width)));
  }

  private everyCut(height: number, width: number, consider: (pieces: () => Piece[]) => void): void {
    for (let row = 1; row <= height / 2; row += 1) {
      consider(() => [...this.cut(row, width), ...moved(this.cut(height - row, width), row, 0)]);
    }
    for (let column = 1; column <= width / 2; column += 1) {
      consider(() => [...this.cut(height, column), ...moved(this.cut(height, width - column), 0, column)]);
    }
    // Four parts around a fifth, which no straight cut makes.
    for (let left = 1; left < width - 1; left += 1) {
      for (let right = left + 1; right < width; right += 1) {
        for (let top = 1; top < height - 1; top += 1) {
          for (let bottom = top + 1; bottom < height; bottom += 1) {
            consider(() => [
              ...this.cut(top, right),
              ...moved(this.cut(bottom, width - right), 0, right),
              ...moved(this.cut(height - bottom, width - left), bottom, left),
              ...moved(this.cut(height - top, left), top, 0),
              ...moved(this.cut(bottom - top, right - left), top, left),
            ]);
          }
        }
      }
    }
  }

  /** Sets the rest that strips would leave apart, so that it is cut its own way. */
  private unevenCuts(
    height: number,
    width: number,
    depth: number,
    consider: (pieces: () => Piece[]) => void,
  ): void {
    const tried = new Set<number>();
    for (const strip of stripWidths(width, this.limits)) {
      const rest = height % this.heightOf(strip);
      if (rest === 0 || tried.has(rest)) continue;
      tried.add(rest);
      consider(() => [
        ...this.cut(height - rest, width, depth - 1),
        ...moved(this.cut(rest, width, depth - 1), height - rest, 0),
      ]);
    }
    tried.clear();
    const lying = turnedCutter(this.limits);
    for (const strip of stripWidths(height, lying.limits)) {
      const rest = width % lying.heightOf(strip);
      if (rest === 0 || tried.has(rest)) continue;
      tried.add(rest);
      consider(() => [
        ...this.cut(height, width - rest, depth - 1),
        ...moved(this.cut(height, rest, depth - 1), 0, width - rest),
      ]);
    }
  }
}

function turnedCutter({ product, rows, columns }: BlockLimits): Cutter {
  return new Cutter({ product, rows: columns, columns: rows });
}

function turn(pieces: readonly Piece[]): Piece[] {
  return pieces.map(({ row, column, height, width }) => ({
    row: column,
    column: row,
    height: width,
    width: height,
  }));
}

function moved(pieces: readonly Piece[], down: number, right: number): Piece[] {
  return pieces.map((piece) => ({ ...piece, row: piece.row + down, column: piece.column + right }));
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
