/** Rules of the kinds of fields that many entities have. */
import { coverWindow } from '../../loading/page-window.js';
import { DEFAULT_PAGE_SIZE } from '../lists/limits.js';
import { exactly, type Amount, type Load } from './types.js';

/** A field in its place. */
export interface FieldUse {
  /** Number of objects that the field is read of. */
  parents: Amount;
  /** The same, or of the assets or alerts that they belong to, where they are points. */
  owners: Amount;
  args: Readonly<Record<string, unknown>>;
  /** Names of the fields that are selected below it, fragments followed. */
  selected: ReadonlySet<string>;
}

/** Loads of a field: those of one list go out together, each list after the one before. */
export type Rule = (use: FieldUse) => readonly (readonly Load[])[];

const LARGEST_PAGE = 1000;

/** One key of each object. */
export const one =
  (loader: Load['loader']): Rule =>
  ({ parents }) => [[{ loader, keys: parents }]];

/** One thing by the id in an argument, whatever it is asked of. */
export const byArgument =
  (loader: Load['loader'], argument: string): Rule =>
  ({ args, parents }) => {
    const ids = [args[argument]].flat().map(String);
    const org = JSON.stringify(args['orgId'] ?? null);
    return parents.most === 0
      ? []
      : [[{ loader, keys: exactly(new Set(ids).size), ids: ids.map((id) => `${org} ${id}`) }]];
  };

/** A connection: the pages of its window for each object, and a total first where the last items are wanted. */
export const list =
  (loader: Load['loader'], maxPageSize = LARGEST_PAGE): Rule =>
  ({ args, parents, selected }) => {
    const wantsItems = selected.has('nodes') || selected.has('edges');
    if (!wantsItems && !['totalCount', 'pageInfo', 'freshness'].some((name) => selected.has(name))) return [];
    const group = textOf(args);
    const load: Load = { loader, keys: parents, group, pages: wantsItems ? pagesOf(args, maxPageSize) : 1 };
    const fromEnd = typeof args['last'] === 'number' && args['before'] == null;
    return fromEnd && wantsItems ? [[{ ...load, pages: 1 }], [load]] : [[load]];
  };

/** A connection of each object: alike but for their object they share a search. */
export const listOfOwners =
  (loader: Load['loader']): Rule =>
  ({ args, parents, selected }) =>
    ['nodes', 'edges', 'totalCount', 'pageInfo', 'freshness'].some((name) => selected.has(name))
      ? [[{ loader, keys: parents, group: textOf(args) }]]
      : [];

/** Many objects mostly refer to few things: at least one, at most as many as there are. */
export const shared =
  (loader: Load['loader']): Rule =>
  ({ owners }) => [[few(loader, owners)]];

/** Keys of which many may be the same. */
export function few(loader: Load['loader'], { least, most }: Amount): Load {
  return { loader, keys: { least: Math.min(1, least), most }, shared: true };
}

/** Pages of the window that the arguments ask for. */
function pagesOf(args: Readonly<Record<string, unknown>>, maxPageSize: number): number {
  const number = (name: string): number | undefined =>
    typeof args[name] === 'number' ? args[name] : undefined;
  const limit = number('first') ?? number('last') ?? DEFAULT_PAGE_SIZE;
  return coverWindow({ offset: number('offset') ?? 0, limit: Math.max(0, limit) }, { maxPageSize }).pages
    .length;
}

/** Arguments as text: a large integer of a filter by its digits. */
export function textOf(args: unknown): string {
  return JSON.stringify(args, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** What an object holds already costs nothing. */
export const free: Rule = () => [];
