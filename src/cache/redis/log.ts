/** Where the cache reports outages. Details are plain values, without credentials. */
export type CacheLogger = (
  level: 'info' | 'warn',
  message: string,
  details: Readonly<Record<string, string | number>>,
) => void;

const REFUSAL_LOG_INTERVAL = 60_000;
const MAX_REASON_LENGTH = 200;

/** Reports each outage of Redis once at its start and once at its end, and what Redis refuses once a minute. */
export class RedisLog {
  private downSince: number | undefined;
  private readonly lastRefusal = new Map<string, number>();

  /**
   * @param logger where to report; absent: nowhere
   * @param target description of the Redis, for the details
   * @param secrets texts that must not appear in a log, in any message (old servers echo a refused AUTH)
   */
  constructor(
    private readonly logger: CacheLogger | undefined,
    private readonly target: string,
    private readonly secrets: readonly string[],
  ) {}

  /** Redis cannot be used. */
  down(error: Error): void {
    if (this.downSince !== undefined) return;
    this.downSince = performance.now();
    this.write('warn', 'Redis does not answer: going on without the cache', { reason: this.reason(error) });
  }

  /** Redis can be used. */
  up(): void {
    if (this.downSince === undefined) return;
    const downMs = Math.round(performance.now() - this.downSince);
    this.downSince = undefined;
    this.write('info', 'Redis answers again', { downMs });
  }

  /** Redis, or one process of several, answered with an error or could not be reached; the rest may go on. */
  refused(error: Error): void {
    const reason = this.reason(error);
    const kind = /^[A-Z]{2,20}\b/.exec(reason)?.[0] ?? 'other';
    const last = this.lastRefusal.get(kind);
    const now = performance.now();
    if (last !== undefined && now - last < REFUSAL_LOG_INTERVAL) return;
    this.lastRefusal.set(kind, now);
    this.write('warn', 'Redis refused a request of the cache', { reason });
  }

  private write(level: 'info' | 'warn', message: string, details: Record<string, string | number>): void {
    this.logger?.(level, message, { redis: this.target, ...details });
  }

  /** The message alone: ioredis hangs the command with its arguments, AUTH included, on the error object. */
  private reason(error: Error): string {
    // Several addresses of one host that all fail make an AggregateError, whose message is empty.
    const code = (error as NodeJS.ErrnoException).code;
    const text = error.message === '' ? (code ?? error.name) : error.message;
    return this.secrets
      .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
      .slice(0, MAX_REASON_LENGTH);
  }
}
