/** Operations as one client calls them: by which host and lane, prepared how. Worked out when each is first called. */
import { usesToken } from '../request/credentials.js';
import { EnosError } from '../errors.js';
import { OPERATIONS } from '../generated/operations.js';
import type { Lanes } from './bulkheads.js';
import type { Operation, OperationId } from '../operation.js';
import { refuse, RequestPlan } from '../request/request.js';
import type { ServiceLane } from './bulkhead.js';

/** An operation as this client calls it. */
export interface Route {
  operation: Operation;
  plan: RequestPlan;
  lane: ServiceLane;
  usesToken: boolean;
}

/** Hosts by channel; null where none is set. */
export type Hosts = Readonly<Record<Operation['channel'], URL | null>>;

/** The routes of one client. */
export class Routes {
  readonly #known = new Map<string, Route>();

  constructor(
    private readonly hosts: Hosts,
    private readonly lanes: Lanes,
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
    const lane = this.lanes.of(base, operation.path);
    const route = { operation, plan, lane, usesToken: usesToken(operation) };
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
