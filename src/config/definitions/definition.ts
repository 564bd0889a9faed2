/** What a setting is: how it is written, shown and documented. The settings themselves stand in definitions.ts. */
import type { z } from 'zod';
import { duration, durationText, sizeText, integer, onOff, plain, size } from './values.js';

/** One setting. `fallback` is written as in the environment; without one the setting is absent by default. */
export interface Definition<T, Fallback extends string | undefined = string | undefined> {
  schema: z.ZodType<T, string>;
  fallback: Fallback;
  /** One or two sentences, with the unit where there is one. */
  meaning: string;
  /** Heading in the documentation. */
  group: Group;
  /** How a value is printed; not called for secrets. */
  show: (value: T) => string;
  /** `hidden`: never printed. `url`: printed without its credentials. */
  secret?: 'hidden' | 'url';
  /** What it is when absent and NODE_ENV is `production`, where that differs. */
  inProduction?: string;
}

/** Headings of the documentation, in order. */
export const GROUPS = [
  'Server',
  'Identity',
  'EnOS',
  'Simulator',
  'Cache',
  'Lifetimes',
  'Deadlines',
  'Limits',
  'Limits per caller',
  'Overload',
  'Operations known in advance',
  'Mutations',
  'What is open',
  'What is seen',
] as const;
/** One of them. */
export type Group = (typeof GROUPS)[number];

/** A kind of value: how it is written, and how it is shown. */
export interface Kind<T> {
  schema: z.ZodType<T, string>;
  show: (value: T) => string;
  secret?: 'hidden' | 'url';
}

/** Makes definitions below a heading. */
export const group =
  (name: Group) =>
  <T, const F extends string | undefined>(kind: Kind<T>, fallback: F, meaning: string): Definition<T, F> => ({
    ...kind,
    fallback,
    meaning,
    group: name,
  });

export const words: Kind<string> = { schema: plain(), show: String };
export const password: Kind<string> = { schema: plain(), show: () => '', secret: 'hidden' };
export const switched: Kind<boolean> = { schema: onOff(), show: (value) => (value ? 'on' : 'off') };
export const bytes: Kind<number> = { schema: size(), show: sizeText };
export const bytesOrNone: Kind<number> = { schema: size(0), show: sizeText };
export const count = (min: number, max: number): Kind<number> => ({
  schema: integer(min, max),
  show: String,
});
export const time = (min: number): Kind<number> => ({ schema: duration(min), show: durationText });

/**
 * An address without what may be secret in it: user and password, and every option after "?". An address with an "@" in
 * any other place has a character left unescaped, and any part of it may be a piece of the password: only its scheme stays.
 */
export function maskUrl(url: string): string {
  const scheme = schemeOf(url);
  const match = /^([^@/?#]*@)?([^@/?#]*(?:\/[^@?#]*)?)(\?[^@#]*)?$/.exec(url.slice(scheme.length));
  if (!match) return `${scheme}***`;
  const [, credentials, address = '', options] = match;
  return `${scheme}${credentials === undefined ? '' : '***@'}${address}${options === undefined ? '' : '?***'}`;
}

/** Characters of a value that an error shows. */
const LONGEST = 100;

/**
 * A value that was refused, for the error that says so. Of a setting that is secret nothing is shown, of one whose address
 * may hold a password the scheme alone, since where the parts of an address that cannot be read begin is not known.
 */
export function shownAsGiven({ secret }: Pick<Definition<unknown>, 'secret'>, value: string): string {
  if (secret === 'hidden') return '***';
  if (secret === 'url') return `${schemeOf(value)}***`;
  return shownInError(value);
}

/** The same for a setting that is no secret. An address may have been given a password all the same. */
export function shownInError(value: string): string {
  const harmless = /@|:\/\//.test(value) ? maskUrl(value) : value;
  return JSON.stringify(harmless.length > LONGEST ? `${harmless.slice(0, LONGEST)}...` : harmless);
}

function schemeOf(url: string): string {
  return /^[a-z+]{1,30}:\/\//i.exec(url)?.[0] ?? '';
}
