/** Which lists are asked for. */
import type { FilterOf } from './filter.js';

/** One order of a list. */
export interface Order {
  /** Name among the orders of the description. */
  by: string;
  descending: boolean;
}

/** Which list is wanted. */
export interface ListQuery {
  filter: FilterOf;
  orders: readonly Order[];
  /** Selected members of the projection that are wanted; absent: all. */
  parts?: ReadonlySet<string>;
}

/** The thing that a list belongs to: a member of the filter, and the id that it must hold. */
export interface Owner {
  member: string;
  id: string;
}
