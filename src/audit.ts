/** The audit log: one line per mutation, on a channel that can be kept apart. A part of the composition root. */
import { pino, type Logger } from 'pino';
import type { AuditEntry } from './loading/write/rules.js';

/** Who wrote, by which request. */
export interface AuditSource {
  caller: string;
  /** `USER`, `API_KEY` or `SERVICE`. */
  kind: string;
  requestId: string;
}

/** Writes the lines. */
export interface AuditLog {
  write(source: AuditSource, entry: AuditEntry): void;
}

/** Opens the log: a file of its own, or a channel of the log of the server. Throws where the file cannot be opened. */
export function openAuditLog(file: string | undefined, logger: Logger): AuditLog {
  let lines =
    file === undefined
      ? undefined
      : // Each line is on record before the answer leaves.
        pino({ base: null }, pino.destination({ dest: file, sync: true, append: true, mkdir: true }));
  return {
    write: ({ caller, kind, requestId }, { requestIds, ...entry }) => {
      // Whatever the level of the server's log, mutations are on record.
      lines ??= logger.child({ channel: 'audit' }, { level: 'info' });
      lines.info({ caller, callerKind: kind, requestId, ...entry, enosRequestIds: requestIds }, 'mutation');
    },
  };
}
