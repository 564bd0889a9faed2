/**
 * Settings of the simulator when it runs as a process of its own.
 */
import { DEFAULT_WRITE_LAG } from './world/live-world.js';

/** What is used where the environment says nothing; the keys are documented, and open nothing but a simulator. */
export const DEFAULTS = {
  port: 4100,
  host: '127.0.0.1',
  accessKey: 'demo-access-key',
  secretKey: 'demo-secret-key',
  orgId: 'o15724268424841',
  tokenLifetime: 7200,
  sessionLifetime: 7200,
  writeLag: DEFAULT_WRITE_LAG,
} as const;

/** Settings that the process hands to `startSimulator` and `loadWorld`. */
export interface SimulatorSettings {
  port: number;
  host: string;
  credentials: { accessKey: string; secretKey: string };
  orgId: string;
  /** Folder of the world; null for the bundled one. */
  worldFolder: string | null;
  control: boolean;
  /** Seconds that an access token lives. */
  tokenLifetime: number;
  /** Seconds that a user's session lives. */
  sessionLifetime: number;
  /** Milliseconds after which searches show a write. */
  writeLag: number;
  /** From which everything random follows; null chooses one. */
  seed: number | null;
  /** Unix milliseconds at which the clock stands still; null for the machine's clock. */
  clock: number | null;
  /** File of rules in force from the start. */
  faultsFile: string | null;
}

/** Reads HOST, ENOS_* and SIMULATOR_*; throws with the variable's name if one is not valid. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): SimulatorSettings {
  const text = (name: string): string | null => environment[name]?.trim() || null;
  return {
    port: readInteger('SIMULATOR_PORT', ownPort(text('SIMULATOR_PORT')), DEFAULTS.port, 0, 65_535),
    host: text('HOST') ?? DEFAULTS.host,
    credentials: {
      accessKey: text('ENOS_ACCESS_KEY') ?? DEFAULTS.accessKey,
      secretKey: text('ENOS_SECRET_KEY') ?? DEFAULTS.secretKey,
    },
    orgId: text('ENOS_ORG_ID') ?? DEFAULTS.orgId,
    worldFolder: text('ENOS_WORLD'),
    control: text('SIMULATOR_CONTROL') === '1',
    tokenLifetime: readInteger(
      'SIMULATOR_TOKEN_TTL',
      text('SIMULATOR_TOKEN_TTL'),
      DEFAULTS.tokenLifetime,
      1,
      31_536_000,
    ),
    sessionLifetime: readInteger(
      'SIMULATOR_SESSION_TTL',
      text('SIMULATOR_SESSION_TTL'),
      DEFAULTS.sessionLifetime,
      1,
      31_536_000,
    ),
    writeLag: readInteger(
      'SIMULATOR_WRITE_LAG',
      text('SIMULATOR_WRITE_LAG'),
      DEFAULTS.writeLag,
      0,
      3_600_000,
    ),
    seed:
      text('SIMULATOR_SEED') === null
        ? null
        : readInteger('SIMULATOR_SEED', text('SIMULATOR_SEED'), 0, 0, Number.MAX_SAFE_INTEGER),
    clock: readInstant('SIMULATOR_CLOCK', text('SIMULATOR_CLOCK')),
    faultsFile: text('SIMULATOR_FAULTS'),
  };
}

function readInstant(name: string, text: string | null): number | null {
  if (text === null) return null;
  const time = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new Error(`${name} must be an instant such as 2026-01-15T12:00:00Z, not ${text}`);
}

/** Kubernetes gives pods in the namespace of a service `simulator` a variable of this name (tcp://10.0.0.1:4100), which is no setting. */
function ownPort(value: string | null): string | null {
  return value?.startsWith('tcp://') ? null : value;
}

function readInteger(name: string, text: string | null, fallback: number, low: number, high: number): number {
  if (text === null) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Error(`${name} must be a whole number from ${low} to ${high}, not ${text}`);
}
