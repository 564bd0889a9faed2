/** What a quirk is, and the small tools that quirks are made of. */
import type { OutgoingHttpHeaders } from 'node:http';
import { LosslessNumber } from 'lossless-json';

/** A JSON object. */
export type Json = Record<string, unknown>;

/** Numbers from 0 to 1. */
export type Random = () => number;

/** A reply on its way, with the request that it answers. Numbers are `LosslessNumber`. */
export interface Reply {
  readonly operationId: string;
  readonly query: URLSearchParams;
  readonly request: Json;
  /** Changed in place, or replaced. */
  envelope: Json;
}

/** One way in which another implementation may answer differently. */
export interface Quirk {
  name: string;
  /** The operations whose replies it can change; any, where absent. */
  operations?: readonly string[];
  /** Changes a reply in place. */
  rewrite?(reply: Reply, random: Random): void;
  /** Known from notes or practice, but not accepted by the schemas of the contract. */
  beyondSchema?: true;
  /** The edition whose operations it concerns, where the other does not call them. */
  edition?: '2.3';
  /** Answers wait 0 to 50 ms, so that they overtake each other. */
  slow?: true;
  /** Bodies without content-length, in many pieces. */
  chunked?: true;
  headers?: OutgoingHttpHeaders;
  /** Refuses every call in this way until the token service was asked. */
  endedToken?: { status: number; body: Json };
  /** The answer that the quirk must lead to, from the plain one, where it is not the same. */
  expected?(plain: unknown): unknown;
  /** What of both answers is compared, where order or a part of them is open. */
  comparable?(answer: unknown): unknown;
}

/** A quirk of some operations' replies; only of successful ones. */
export function quirkOf(
  name: string,
  operations: readonly string[],
  rewrite: (reply: Reply, random: Random) => void,
  more: Partial<Quirk> = {},
): Quirk {
  return {
    name,
    operations,
    ...(operations.every((operation) => operation === 'searchAlerts') ? { edition: '2.3' } : {}),
    rewrite: (reply, random) => {
      if (isSuccess(reply.envelope)) rewrite(reply, random);
    },
    ...more,
  };
}

/** Whether an envelope tells success. */
export function isSuccess(envelope: Json): boolean {
  return String(envelope['code'] ?? envelope['status']) === '0';
}

/** Whether a value is a JSON object and not a number, list or null. */
export function isObject(value: unknown): value is Json {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)
  );
}

/** The rows of a reply: of data, whether plain or wrapped in items. */
export function rowsOf({ envelope }: Reply): Json[] {
  const data = envelope['data'];
  const rows = isObject(data) && Array.isArray(data['items']) ? data['items'] : data;
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}

/** The JSON text of a reply, as `stringify` of lossless-json makes it, which takes several times as long. */
export function textOf(value: unknown): string {
  if (value instanceof LosslessNumber) return value.value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${textOf(item ?? null)}`;
    return `[${text}]`;
  }
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${textOf(item)}`;
  }
  return `{${text}}`;
}

/** Calls `visit` on every object of a value, the deepest first. */
export function eachObject(value: unknown, visit: (object: Json) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) eachObject(item, visit);
  } else if (isObject(value)) {
    for (const item of Object.values(value)) eachObject(item, visit);
    visit(value);
  }
}

/** A copy with every object replaced by what `change` makes of its copy. */
export function mapObjects(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isObject(value)) return value;
  return change(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapObjects(item, change)])),
  );
}

/** Puts a list into a random order, in place. */
export function shuffle(list: unknown, random: Random): void {
  if (!Array.isArray(list)) return;
  const items = list as unknown[];
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
}

/** A copy in which lists have no order: for answers whose order EnOS leaves open. */
export function withoutOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutOrder(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Compares nothing but that there is an answer: for quirks that change what EnOS tells. */
export const ANY_ANSWER: Partial<Quirk> = { comparable: (answer) => answer !== null };
