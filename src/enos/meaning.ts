/** What the codes of EnOS mean, and what follows from it for the client. The table is generated from code-meanings.yaml. */
import { CODE_MEANINGS, MEANINGS_ANYWHERE } from './generated/code-meanings.js';
import type { Meaning } from './generated/code-meanings.js';

export type { Meaning };

/**
 * What a code of a service means; undefined for one that neither its contract lists nor any service may send.
 * @param service contract name, e.g. `asset-tree`
 */
export function meaningOf(service: string, code: number | null): Meaning | undefined {
  return code === null ? undefined : (CODE_MEANINGS[service]?.[code] ?? MEANINGS_ANYWHERE[code]);
}

/** Faults inside EnOS, locks and quotas over time. */
const TRANSIENT: ReadonlySet<Meaning> = new Set(['outage', 'timeout', 'locked', 'busy', 'timestamp-used']);
const ABOUT_RIGHTS: ReadonlySet<Meaning> = new Set([
  'denied',
  'asset-denied',
  'signed-out',
  'signed-in-elsewhere',
  'no-organization',
]);

/** Whether the same call may succeed later, so that the code says nothing of what was asked for. */
export function isTransient(meaning: Meaning | undefined): boolean {
  return meaning !== undefined && TRANSIENT.has(meaning);
}

/** "Denied" in the words of the services: an answer about rights, which no other token of the application changes. */
export function isAboutRights(meaning: Meaning | undefined): boolean {
  return meaning !== undefined && ABOUT_RIGHTS.has(meaning);
}
