/** The settings of mutations. A part of the table in definitions.ts. */
import { count, group, switched, words } from './definition.js';

const writes = group('Mutations');

/** The table. Its order is that of the documentation. */
export const WRITE_DEFINITIONS = {
  MUTATIONS: writes(
    switched,
    undefined,
    'Whether mutations are served. Absent: on where every caller is identified, or with the simulator on a loopback address; else off.',
  ),
  MUTATIONS_DANGEROUS: writes(
    switched,
    'off',
    'Whether those mutations are served as well that destroy data or concern secrets; the schema marks them.',
  ),
  RATE_LIMIT_WRITES: writes(
    count(0, 1_000_000),
    '120',
    'Mutations that one caller may perform in a minute, over all replicas that share a Redis. 0: any number.',
  ),
  AUDIT_LOG: writes(
    words,
    undefined,
    'File of the audit log: one line of JSON per mutation. Absent: the lines stand in the log of the server, with `channel: audit`.',
  ),
} as const;
