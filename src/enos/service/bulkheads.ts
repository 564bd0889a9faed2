/** The ways to all services of EnOS, and the connections behind them. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Pool } from 'undici';
import { ServiceLane } from './bulkhead.js';
import type { LaneOptions } from './bulkhead.js';

/** How connections are made, and how many. */
export interface LanesOptions extends LaneOptions {
  /** Milliseconds until a connection, TLS included, must stand. */
  connectTimeout: number;
  /** PEM file of certificates to trust besides the public ones. */
  caFile?: string;
  /** Told when a service's breaker opens or closes; not about failed probes in between. */
  onBreaker: (service: string, state: 'open' | 'closed') => void;
}

/** Idle connections are kept so long, in milliseconds, unless the server announces another time. */
const KEEP_ALIVE = 15_000;

/** Lanes by host and service; made on first use. */
export class Lanes {
  readonly #lanes = new Map<string, ServiceLane>();
  readonly #poolOptions: Pool.Options;

  constructor(private readonly options: LanesOptions) {
    const { caFile, connectTimeout, concurrency } = options;
    const ca = caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
    this.#poolOptions = {
      connections: concurrency,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE,
      connect: { timeout: connectTimeout, ...ca },
    };
  }

  /** The lane for a service, which is the first segment of an operation's path. */
  of(base: URL, path: string): ServiceLane {
    const service = path.split('/')[1] ?? '';
    const key = JSON.stringify([base.origin, service]);
    let lane = this.#lanes.get(key);
    if (!lane) {
      const pool = new Pool(base.origin, this.#poolOptions);
      lane = new ServiceLane(service, pool, this.options, this.options.onBreaker);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  /** All lanes so far. */
  all(): ServiceLane[] {
    return [...this.#lanes.values()];
  }

  /** Lets the exchanges under way end, then closes every connection. */
  async close(): Promise<void> {
    const pools = this.all().map(({ pool }) => pool);
    await Promise.all(pools.filter((pool) => !pool.closed).map((pool) => pool.close()));
  }
}
