/** Connections to EnOS: one pool per service, so that a service that hangs cannot take the connections of the others. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Pool } from 'undici';

/** How connections are made. */
export interface PoolOptions {
  /** Milliseconds until a connection, TLS included, must stand. */
  connectTimeout: number;
  connectionsPerService: number;
  /** PEM file of certificates to trust besides the public ones. */
  caFile?: string;
}

/** Idle connections are kept so long, in milliseconds, unless the server announces another time. */
const KEEP_ALIVE = 15_000;

/** Pools by host and service; made on first use. */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #options: Pool.Options;

  constructor({ connectTimeout, connectionsPerService, caFile }: PoolOptions) {
    const ca = caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
    this.#options = {
      connections: connectionsPerService,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE,
      connect: { timeout: connectTimeout, ...ca },
    };
  }

  /** The pool for a service, which is the first segment of an operation's path. */
  of(base: URL, path: string): Pool {
    const key = JSON.stringify([base.origin, path.split('/')[1]]);
    let pool = this.#pools.get(key);
    if (!pool) this.#pools.set(key, (pool = new Pool(base.origin, this.#options)));
    return pool;
  }

  /** Lets the exchanges under way end, then closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].filter((pool) => !pool.closed).map((pool) => pool.close()));
  }
}
