/** Values by asset and point. Two look-ups by ids that are there cost less than one by a text made of both. */

/** A map of pairs that is only read. */
export interface ReadonlyPairMap<Value> {
  get(assetId: string, pointId: string): Value | undefined;
  has(assetId: string, pointId: string): boolean;
  forEach(tell: (value: Value, assetId: string, pointId: string) => void): void;
}

/** Values by asset and point. */
export class PairMap<Value> implements ReadonlyPairMap<Value> {
  private readonly rows = new Map<string, Map<string, Value>>();
  /** The asset that was asked about last, which mostly is that of the next question. */
  private asset: string | undefined;
  private row: Map<string, Value> | undefined;

  get(assetId: string, pointId: string): Value | undefined {
    return this.rowOf(assetId)?.get(pointId);
  }

  has(assetId: string, pointId: string): boolean {
    return this.rowOf(assetId)?.has(pointId) === true;
  }

  set(assetId: string, pointId: string, value: Value): void {
    let row = this.rowOf(assetId);
    if (row === undefined) this.rows.set(assetId, (row = this.row = new Map<string, Value>()));
    row.set(pointId, value);
  }

  /** Takes over every pair of another map. */
  add(others: ReadonlyPairMap<Value>): void {
    others.forEach((value, assetId, pointId) => this.set(assetId, pointId, value));
  }

  forEach(tell: (value: Value, assetId: string, pointId: string) => void): void {
    for (const [assetId, row] of this.rows) {
      for (const [pointId, value] of row) tell(value, assetId, pointId);
    }
  }

  private rowOf(assetId: string): Map<string, Value> | undefined {
    if (assetId !== this.asset) {
      this.asset = assetId;
      this.row = this.rows.get(assetId);
    }
    return this.row;
  }
}
