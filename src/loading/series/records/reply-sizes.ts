/**
 * How many records a reply may bring. The client gives up a reply beyond its cap, and what had come of it is lost; so calls
 * are planned by bytes: by what a record must take at first, by what it took as soon as a reply has come.
 */
import { MAX_RESPONSE_BYTES } from '../../../enos/client-options.js';
import type { PairPage } from '../pairs/items.js';
import type { ReadonlyPairMap } from '../pairs/pair-map.js';
import type { Rectangle } from '../packing/rectangles.js';

/** Part of the cap that is planned with: values differ in length. */
const SHARE = 0.9;
/** Bytes of a record without ids and value: `assetId`, `timestamp`, `localtime`, `quality`, and punctuation. */
const FRAME = 93;
/** Bytes of a value of which none has come yet: a double in decimal is seldom longer. */
const USUAL_VALUE = 20;
/** Records of a reply that tell what one takes; in fewer, the envelope weighs too much. */
const ENOUGH = 50;
/** What a record is taken for, times what was believed before, where even the first reply was too large. */
const CAUTION = 16;

/** Sizes of the replies of one read. */
export class ReplySizes {
  private planned: number;
  /** Real bytes for each byte that `FRAME`, ids and values make. */
  private scale = 1;
  private isKnown = false;
  /** Bytes of the largest reply that has come, in the same measure as those that are planned. */
  private proven = 0;
  /** Mean bytes of the values of each point. */
  private readonly values = new Map<string, number>();
  /** Counts the replies that were too large, so that calls sent together count as one. */
  private failures = 0;

  constructor(maxBytes: number = MAX_RESPONSE_BYTES) {
    this.planned = SHARE * maxBytes;
  }

  /** Bytes that a reply may be planned for. */
  get target(): number {
    return this.planned;
  }

  /** Records of each pair that one reply can hold, at least 1. */
  pageSize(rectangle: Rectangle): number {
    return Math.max(1, Math.floor(this.planned / this.bytesOf(rectangle)));
  }

  /** Bytes of one record of each pair. */
  bytesOf({ assets, points }: Rectangle): number {
    const ofAssets = assets.reduce((sum, id) => sum + id.length, 0);
    const ofPoints = points.reduce((sum, id) => sum + id.length + (this.values.get(id) ?? USUAL_VALUE), 0);
    return (
      this.scale *
      (assets.length * points.length * FRAME + points.length * ofAssets + assets.length * ofPoints)
    );
  }

  /** Surplus records that are always accepted to save a call. */
  get spare(): number {
    return (0.02 * this.planned) / (this.scale * (FRAME + USUAL_VALUE));
  }

  /** What a failure to come goes by: those of calls that were planned together are one. */
  get state(): number {
    return this.failures;
  }

  /** Learns from a reply; `bytes` where its size is known. */
  learn(pages: ReadonlyPairMap<PairPage>, bytes: number | undefined): void {
    this.learnValues(pages);
    let records = 0;
    let expected = 0;
    pages.forEach(({ came }, assetId, pointId) => {
      records += came;
      expected += came * this.bytesOf({ assets: [assetId], points: [pointId] });
    });
    if (records === 0) return;
    const size = bytes ?? expected / this.scale;
    this.proven = Math.min(this.planned, Math.max(this.proven, size));
    const scale = bytes === undefined ? 1 : (this.scale * bytes) / expected;
    if (records < ENOUGH && bytes !== undefined) {
      if (!this.isKnown) this.scale = scale;
      return;
    }
    this.scale = this.isKnown ? Math.max(this.scale, scale) : scale;
    this.isKnown = true;
  }

  /** Learns that a reply which was expected to have so many bytes was too large; its call was planned at `state`. */
  tooLarge(state: number, bytes: number): void {
    if (state !== this.failures) return;
    this.failures += 1;
    // Before anything has come, nothing is known of values: a small reply tells more than several attempts.
    if (this.isKnown) this.planned = Math.max(this.proven, Math.min(this.planned, bytes) / 2);
    else this.scale *= CAUTION;
  }

  private learnValues(pages: ReadonlyPairMap<PairPage>): void {
    const found = new Map<string, { bytes: number; count: number }>();
    pages.forEach(({ samples }, _asset, pointId) => {
      let sum = found.get(pointId);
      if (sum === undefined) found.set(pointId, (sum = { bytes: 0, count: 0 }));
      const step = Math.max(1, Math.floor(samples.length / 4));
      for (let index = 0; index < samples.length; index += step) {
        sum.bytes += bytesOfValue(samples[index]?.value);
        sum.count += 1;
      }
    });
    for (const [pointId, { bytes, count }] of found) {
      if (count > 0) this.values.set(pointId, Math.max(this.values.get(pointId) ?? 0, bytes / count));
    }
  }
}

function bytesOfValue(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  const text = JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
  return Buffer.byteLength(text);
}
