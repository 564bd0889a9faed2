/**
 * Variables that look like settings and are none. A misspelt name must not leave a setting at its default: AUTH_MODE=jwt
 * would start a server without authentication. Variables that platforms set on their own are not mistaken for misspellings.
 */
import leven from 'leven';

type Environment = Readonly<Record<string, string | undefined>>;

/** What begins so is ours: a name that is no setting is a slip, however far from any. */
export const OWN_PREFIXES = [
  ...['AUTH_', 'ENOS_', 'SIMULATOR_', 'CACHE_', 'ANSWERS_', 'DOCUMENTS_', 'CORS_'],
  ...['RIGHTS_', 'ASSET_RIGHTS_', 'RATE_LIMIT_', 'METRICS_', 'SHUTDOWN_'],
];
/** Set by systemd for units with a CacheDirectory. */
const OF_PLATFORMS = new Set(['CACHE_DIRECTORY']);
/** What Kubernetes (and Docker's links) tell of a service whose name begins as ours do: enos-graphql, redis, simulator ... */
const SERVICE_LINK = /_(?:SERVICE_HOST|PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
/** The port of a service, or one of several by its name. */
const SERVICE_PORT = '_SERVICE_PORT';
const PORT_NAME = /^(?:_[A-Z0-9_]+)?$/;
const LINK_ADDRESS = /^(?:tcp|udp|sctp):\/\//;

/** Letters that may be wrong in names of at least so many letters. Short names are too near to words of others. */
const SLIPS = [
  { length: 8, most: 2 },
  { length: 6, most: 1 },
];

/** A variable that looks like a setting. */
export interface UnknownVariable {
  name: string;
  /** The setting whose name is nearest. */
  nearest: string;
}

/**
 * The variables with a value that begin as settings do, or differ from the name of one by a slip. `names` are those of all
 * settings, `ignored` those that are known to be something else.
 */
export function unknownVariables(
  env: Environment,
  names: readonly string[],
  ignored: readonly string[],
): UnknownVariable[] {
  const known = new Set([...names, ...ignored, ...OF_PLATFORMS]);
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (value.trim() === '' || known.has(name) || isServiceLink(name, value)) return [];
    const upper = name.toUpperCase();
    // Systems that do not tell the cases apart give one variable one name, which need not be ours.
    if (known.has(upper) && env[upper] === value && process.platform === 'win32') return [];
    const nearest = nearestOf(upper, names);
    const isOurs = OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
    return nearest !== undefined && (isOurs || isSlip(upper, nearest)) ? [{ name, nearest }] : [];
  });
}

/** Whether Kubernetes set a variable, which may have the very name of a setting: SIMULATOR_PORT=tcp://10.0.0.1:4100. */
export function isServiceLink(name: string, value: string): boolean {
  return (
    SERVICE_LINK.test(name) ||
    isServicePort(name) ||
    (name.endsWith('_PORT') && LINK_ADDRESS.test(value.trim()))
  );
}

function isServicePort(name: string): boolean {
  const at = name.indexOf(SERVICE_PORT);
  return at >= 0 && PORT_NAME.test(name.slice(at + SERVICE_PORT.length));
}

function nearestOf(name: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of names) {
    const distance = leven(name, candidate, { maxDistance: least });
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

function isSlip(name: string, nearest: string): boolean {
  const { most = 0 } = SLIPS.find(({ length }) => nearest.length >= length) ?? {};
  return leven(name, nearest) <= most;
}
