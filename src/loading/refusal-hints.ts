import { LRUCache } from 'lru-cache';
import type { OperationId } from '../enos/operation.js';

/** Who was refused what: an asset, as an identity may read it by an operation. */
export interface RefusedAsset {
  /** `Identity.id`. */
  identity: string;
  operation: OperationId;
  orgId: string;
  assetId: string;
}

/** Bound of what is remembered, in characters of its keys. */
const MAX_CHARACTERS = 2 * 1024 * 1024;

/**
 * Assets that EnOS refused recently. One of them fails a call for many, so the next plan asks for it alone. A hint, never an
 * answer: EnOS is asked all the same. Kept per process and bounded; the least recently used are forgotten.
 */
export class RefusalHints {
  private readonly until = new LRUCache<string, number>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_until, key) => key.length,
  });
  private turns = 0;

  /** Whether nothing is remembered, which is the usual case. */
  get isEmpty(): boolean {
    return this.until.size === 0;
  }

  /** Remembers a refusal until then, in Unix milliseconds. */
  add(refused: RefusedAsset, until: number): void {
    this.until.set(keyOf(refused), until);
  }

  /** Whether it was refused recently. `now` in Unix milliseconds. */
  has(refused: RefusedAsset, now: number): boolean {
    const until = this.until.get(keyOf(refused));
    return until !== undefined && now < until;
  }

  /** Forgets a refusal: the asset was answered. */
  delete(refused: RefusedAsset): void {
    this.until.delete(keyOf(refused));
  }

  /** Counts up, so that a caller that tries only some of many assets tries others each time. */
  turn(): number {
    return (this.turns += 1);
  }
}

function keyOf({ identity, operation, orgId, assetId }: RefusedAsset): string {
  return JSON.stringify([identity, operation, orgId, assetId]);
}
