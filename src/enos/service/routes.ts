/** Operations as one client calls them: by which host and bulkhead, prepared how. Worked out when each is first called. */
import { usesToken } from '../request/credentials.js';
import { EnosError } from '../errors.js';
import { OPERATIONS } from '../generated/operations.js';
import type { Bulkheads, Bulkhead } from './bulkhead.js';
import type { Operation, OperationId } from '../operation.js';
import { refuse, RequestPlan } from '../request/request.js';

/** An operation as this client calls it. */
export interface Route {
  operation: Operation;
  plan: RequestPlan;
  bulkhead: Bulkhead;
  usesToken: boolean;
}

/** Hosts by channel; null where none is set. */
export type Hosts = Readonly<Record<Operation['channel'], URL | null>>;

/** The routes of one client. */
export class Routes {
  readonly #known = new Map<string, Route>();

  constructor(
    private readonly hosts: Hosts,
    private readonly bulkheads: Bulkheads,
  ) {}

  /** Throws `EnosError` of kind `argument` for an operation that there is not, or whose host is not set. */
  of(id: string): Route {
    return this.#known.get(id) ?? this.#make(id);
  }

  #make(id: string): Route {
    const operation = Object.hasOwn(OPERATIONS, id) ? OPERATIONS[id as OperationId] : null;
    if (!operation) throw unknownOperation(id);
    const base = this.hosts[operation.channel];
    if (!base) throw refuse(operation, `No host is set for the channel ${operation.channel}`);
    const plan = new RequestPlan(operation, base);
    const bulkhead = this.bulkheads.of(base, operation.path);
    const route = { operation, plan, bulkhead, usesToken: usesToken(operation) };
    this.#known.set(id, route);
    return route;
  }
}

function unknownOperation(id: string): EnosError {
  return new EnosError({
    kind: 'argument',
    service: '',
    operation: id,
    message: 'There is no such operation',
  });
}
