/**
 * One log line per request: id, route, status, duration, and of its operation the name, type, hash, cost, calls to EnOS
 * and error codes. Never the query, its variables, a header or an address with its query string.
 */
import type { Logger } from 'pino';
import type { RequestState } from '../request-state.js';

/** Requests to these are many and tell nothing: they are logged at debug level. */
const QUIET = new Set(['health-live', 'health-ready', 'metrics', 'graphiql']);
/** Loggers that are kept, each with what the lines of one operation and caller have in common. */
const MAX_LOGGERS = 500;
/** Longest name of an operation or a caller that one is kept for: names may be as long as a request. */
const MAX_NAME = 200;

/** Writes the line. Called once the answer is sent, or the caller has gone. */
export type RequestLog = (state: RequestState, route: string) => void;

/** What many lines have in common. */
interface Subject {
  method: string | undefined;
  route: string;
  caller: string | undefined;
  operationName: string | undefined;
  operationType: string | undefined;
  operationHash: string | undefined;
}

/** The logger of such lines. */
interface Kept {
  subject: Subject;
  logger: Logger;
}

/** Makes the rule. */
export function requestLog(logger: Logger): RequestLog {
  const loggerOf = loggersBySubject(logger);
  return (state, route) => {
    const { res } = state;
    const completed = res.writableFinished;
    const level = completed && res.statusCode >= 500 ? 'error' : QUIET.has(route) ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    loggerOf(state, route)[level](
      {
        requestId: state.requestId,
        traceId: state.traceId,
        status: completed ? res.statusCode : undefined,
        durationMs: Math.round((performance.now() - state.startedAt) * 10) / 10,
        cost: state.cost,
        calls: state.operationType === undefined ? undefined : state.calls,
        errorCodes: state.errorCodeList,
      },
      completed ? 'request' : 'request abandoned by the caller',
    );
  };
}

/** Loggers that have written down already what lines have in common; that is most of what a line costs. */
function loggersBySubject(logger: Logger): (state: RequestState, route: string) => Logger {
  const byCaller = new Map<string | undefined, Map<string, Kept>>();
  let count = 0;
  return ({ req: { method }, caller, operationName, operationType, operationHash }, route) => {
    const subject = { method, route, caller: caller?.id, operationName, operationType, operationHash };
    if (Math.max(operationName?.length ?? 0, subject.caller?.length ?? 0) > MAX_NAME)
      return logger.child(subject);
    // What is no operation has no hash; by its route it is told from others well enough.
    const key = operationHash ?? route;
    let own = byCaller.get(subject.caller);
    const known = own?.get(key);
    if (known !== undefined && isSame(known.subject, subject)) return known.logger;
    if (known === undefined && (count += 1) > MAX_LOGGERS) {
      byCaller.clear();
      own = undefined;
      count = 1;
    }
    if (own === undefined) byCaller.set(subject.caller, (own = new Map<string, Kept>()));
    const made = logger.child(subject);
    own.set(key, { subject, logger: made });
    return made;
  };
}

function isSame(a: Subject, b: Subject): boolean {
  return (
    a.caller === b.caller &&
    a.method === b.method &&
    a.route === b.route &&
    a.operationName === b.operationName &&
    a.operationType === b.operationType &&
    a.operationHash === b.operationHash
  );
}

/** The route that a path, without its query, leads to. Case and a slash at the end do not matter. */
export function routeLabel(path: string): string {
  if (path === '/graphql') return 'graphql';
  const plain = path.toLowerCase().replace(/(?<=.)\/$/, '');
  if (plain === '/graphql') return 'graphql';
  if (plain.startsWith('/graphiql/')) return 'graphiql';
  if (plain === '/health/live') return 'health-live';
  if (plain === '/health/ready') return 'health-ready';
  return plain === '/metrics' ? 'metrics' : 'other';
}

/** The path of a request's address, without its query. */
export function pathOf(url: string | undefined = '/'): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
