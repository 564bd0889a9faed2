/** The log as people read it on a terminal: the address first, a line for each request, failures as a sentence. */
import { styleText } from 'node:util';

/** A line of the log, as pino makes it. */
type Line = Readonly<Record<string, unknown>> & { level: number; time: number; msg?: string };

const WARN = 40;
const ERROR = 50;
const DEBUG = 20;
/** What is told in other words, or on request. */
const UNTOLD = new Set(['level', 'time', 'msg', 'settings', 'err', 'url', 'graphql']);
/** Of a request: what the line says in its own order, and what tells a person nothing. */
const OF_REQUEST = new Set([
  ...UNTOLD,
  ...[
    'method',
    'route',
    'status',
    'durationMs',
    'operationName',
    'operationType',
    'errorCodes',
    'calls',
    'caller',
  ],
  ...['requestId', 'traceId', 'operationHash', 'cost'],
]);
/** Paths by the labels of routes (server/http/route-label.ts), where they differ from one request to another by nothing. */
const PATHS = new Map<unknown, string>([
  ['graphql', '/graphql'],
  ['graphiql', '/graphiql'],
  ['health-live', '/health/live'],
  ['health-ready', '/health/ready'],
  ['metrics', '/metrics'],
]);
/** The caller where callers are not identified, which tells nothing. */
const ANYBODY = 'anybody';
const LONGEST_VALUE = 200;

/**
 * Turns lines of pino into lines for people. What comes before the address is known waits for it, so that the address stands
 * first; a warning does not wait.
 * @param verbose whether failures are told with their stacks
 */
export function terminalLines(verbose: boolean): (json: string) => string {
  let waiting: string[] | undefined = [];
  return (json) => {
    const line = JSON.parse(json) as Line;
    const text = told(line, verbose);
    if (waiting === undefined) return text;
    if (typeof line['graphql'] !== 'string' && line.level < WARN) {
      waiting.push(text);
      return '';
    }
    const held = waiting.join('');
    waiting = undefined;
    return line.level < WARN ? text + held : held + text;
  };
}

function told(line: Line, verbose: boolean): string {
  const { msg = '' } = line;
  if (line['settings'] !== undefined) return '';
  if (typeof line['graphql'] === 'string')
    return `\nenos-graphql listens on ${styleText('bold', line['graphql'])}\n\n`;
  if (typeof line['route'] === 'string') return `${timeOf(line)} ${requestText(line)}\n`;
  const { err } = line as { err?: { message?: unknown; stack?: unknown } };
  const reason = err === undefined ? '' : `: ${oneLine(err.message)}`;
  const at = typeof line['url'] === 'string' ? ` at ${line['url']}` : '';
  const stack = verbose && typeof err?.stack === 'string' ? `\n${printable(err.stack)}` : '';
  return `${timeOf(line)} ${kindOf(line)}${oneLine(msg)}${at}${reason}${rest(line, UNTOLD)}${stack}\n`;
}

/** `POST /graphql  query Site  200  12.3 ms  5 calls`, with the codes of errors at the end. */
function requestText(line: Line): string {
  const { method, route, status, durationMs, operationName, operationType, errorCodes, calls, caller } = line;
  const operation = [operationType, operationName]
    .filter((part) => part !== undefined)
    .map(oneLine)
    .join(' ');
  const parts = [
    `${oneLine(method)} ${PATHS.get(route) ?? oneLine(route)}`,
    operation,
    status === undefined ? 'left by the caller' : oneLine(status),
    `${oneLine(durationMs)} ms`,
    typeof calls === 'number' ? `${calls} ${calls === 1 ? 'call' : 'calls'} to EnOS` : '',
    caller === undefined || caller === ANYBODY ? '' : `by ${oneLine(caller)}`,
    Array.isArray(errorCodes) ? errorCodes.map(oneLine).join(', ') : '',
  ];
  const text = parts.filter((part) => part !== '').join('  ') + rest(line, OF_REQUEST);
  return line.level >= ERROR ? styleText('red', text) : text;
}

function kindOf({ level }: Line): string {
  if (level >= ERROR) return `${styleText('red', 'error')} `;
  return level >= WARN ? `${styleText('yellow', 'warning')} ` : level <= DEBUG ? 'debug ' : '';
}

/** What else a line holds: `(name: value, ...)`. */
function rest(line: Line, known: ReadonlySet<string>): string {
  const parts = Object.entries(line)
    .filter(([name, value]) => !known.has(name) && value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${oneLine(value)}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function timeOf({ time }: Line): string {
  return styleText('dim', new Date(time).toTimeString().slice(0, 8));
}

function oneLine(value: unknown): string {
  const text = printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replaceAll(
    '\n',
    ' ',
  );
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

/** Without control characters: texts of callers and of EnOS must not be able to control the terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
}
