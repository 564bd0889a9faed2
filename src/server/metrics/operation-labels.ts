/**
 * Names of operations as labels of metrics. Callers choose them, so that they must not become labels just like that: a
 * time series lives on in Prometheus long after its last sample, and random names would make one each. A name earns its
 * label by being asked for again and again, there is a fixed number of labels, and none is ever taken back: the series of
 * one process are bounded not only at each moment but over its whole life.
 */
import { LRUCache } from 'lru-cache';

/** Label of operations whose name has not earned one. */
export const OTHER_OPERATION = 'OTHER';
/** Label of operations to which the document gives no name. */
export const UNNAMED_OPERATION = 'UNNAMED';

/** Requests that earn a name its label. */
const EARNED_AFTER = 10;
/** Names that are counted and have no label yet; the least recently asked leave first. */
const CANDIDATES = 1_000;
const LONGEST_NAME = 100;

/** What decides about labels. */
export interface OperationLabelOptions {
  /** Labels that may be earned. */
  max: number;
  /** Names that have their label from the start, besides those that are earned. */
  known?: Iterable<string>;
}

/** The labels of one process. */
export class OperationLabels {
  private readonly labels: Set<string>;
  private readonly candidates = new LRUCache<string, number>({ max: CANDIDATES });
  private left: number;

  constructor({ max, known = [] }: OperationLabelOptions) {
    this.labels = new Set(known);
    this.left = max;
  }

  /** The label for one request with an operation of that name. */
  of(name: string | undefined): string {
    if (name === undefined) return UNNAMED_OPERATION;
    if (this.labels.has(name)) return name;
    if (this.left <= 0 || name.length > LONGEST_NAME) return OTHER_OPERATION;
    const asked = (this.candidates.get(name) ?? 0) + 1;
    if (asked < EARNED_AFTER) {
      this.candidates.set(name, asked);
      return OTHER_OPERATION;
    }
    this.candidates.delete(name);
    this.labels.add(name);
    this.left -= 1;
    return name;
  }
}
