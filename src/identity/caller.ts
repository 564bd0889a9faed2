/** Who asks, as everything behind the door may know them. */
import { createHash } from 'node:crypto';
import type { Right } from '../loading/guard/rights.js';

/** USER: a person. API_KEY: a program with a key of its own. SERVICE: callers are not told apart. */
export type CallerKind = 'USER' | 'API_KEY' | 'SERVICE';

/** A caller who was let in. */
export interface IdentifiedCaller {
  /** Opaque and stable; logs and limits may use it. */
  readonly id: string;
  /** Equal only where everything that an answer may say about the caller is equal, their rights included. */
  readonly partition: string;
  readonly kind: CallerKind;
  /** Id of the user: that of the Application Portal, or of the claim that holds it. */
  readonly userId: string | null;
  readonly userName: string | null;
  /** Default of every `orgId` argument. */
  readonly orgId: string;
  readonly orgName: string | null;
  /** Organizations that they may ask about; null: all that the application may read. */
  readonly organizations: ReadonlySet<string> | null;
  readonly roles: readonly string[];
  readonly rights: ReadonlySet<Right>;
  /** Unix milliseconds; null where the credential does not say. */
  readonly expiresAt: number | null;
  /**
   * Their token, for operations of EnOS that act for a user; absent where EnOS does not know them. A function, so that
   * nothing that prints or stores a caller can print or store it.
   */
  readonly userToken?: () => string;
}

/** Makes a caller of what is known of them. */
export function callerOf(facts: Omit<IdentifiedCaller, 'partition'>): IdentifiedCaller {
  const { id, kind, userId, userName, orgId, orgName, organizations, roles, rights, expiresAt } = facts;
  const sorted = (words: Iterable<string>): string[] => [...words].sort();
  const text = JSON.stringify([
    id,
    kind,
    userId,
    userName,
    orgId,
    orgName,
    organizations && sorted(organizations),
    sorted(roles),
    sorted(rights),
    expiresAt,
  ]);
  return { ...facts, partition: createHash('sha256').update(text).digest('base64url') };
}
