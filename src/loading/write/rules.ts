/** What may be written, and who is told. */

/** Rules of one request. */
export interface WriteRules {
  /** Whether there are mutations at all. */
  enabled: boolean;
  /** Whether the dangerous ones are among them. */
  dangerous: boolean;
  /** Counts writes of the caller. Throws or rejects where he has written too much. */
  admit(count: number): Promise<void> | void;
  /** Told of each write once it is over. */
  audit(entry: AuditEntry): void;
}

/** One line of the audit log: who did what to which thing. No values. */
export interface AuditEntry {
  mutation: string;
  operation: string;
  orgId: string;
  /** Type of the thing; null where there is none. */
  type: string | null;
  /** Its key or keys, the first hundred. */
  keys: readonly string[];
  /** `done`, `partly`, `refused`, or `unknown` where EnOS did not answer. */
  outcome: 'done' | 'partly' | 'refused' | 'unknown';
  /** Code of EnOS, where it refused. */
  code: number | null;
  /** EnOS's ids of the calls. */
  requestIds: readonly string[];
}
