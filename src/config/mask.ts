/** Values of settings as they may be shown: anything that may be secret is masked. */
import type { Definition } from './definition.js';

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
