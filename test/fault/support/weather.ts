/** What goes wrong in a run of random faults, and when: all of it follows from the seed. */
import type { RedisServer } from '../../support/redis.js';
import { clearFaults, control, setFaults } from '../../support/simulator-control.js';

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULTS: readonly object[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, retryAfter: '1' },
  { kind: 'status', status: 429, retryAfter: '0' },
  { kind: 'code', code: 99500 },
  { kind: 'hang' },
  { kind: 'hang', at: 'body' },
  { kind: 'reset' },
  { kind: 'reset', at: 'body' },
  { kind: 'cut', bytes: 100 },
  { kind: 'drip', bytes: 200, every: 20 },
  { kind: 'garbage', form: 'json' },
  { kind: 'garbage', form: 'html' },
  { kind: 'garbage', form: 'http' },
  { kind: 'length', difference: -20 },
  { kind: 'bomb', bytes: 10_000_000 },
  { kind: 'token', state: 'expired' },
  { kind: 'token', state: 'revoked' },
];
const SERVICES = ['asset', 'asset-tree', 'model', 'alert', 'tsdb-data', 'tsdb-policy', 'app-portal', 'token'];

/** Faults of EnOS, by its simulators, and of Redis. */
export class Weather {
  private redisStopped = false;

  constructor(
    private readonly random: () => number,
    private readonly simulatorUrls: readonly string[],
    private readonly redis: RedisServer,
  ) {}

  /** One change of what goes wrong. */
  async next(): Promise<void> {
    const dice = this.random();
    if (dice < 0.15) {
      await this.calm();
      return;
    }
    if (dice < 0.3) {
      if (dice < 0.2 && !this.redisStopped) {
        await this.redis.kill('SIGKILL');
        await this.redis.restart();
        return;
      }
      await this.redis.kill(this.redisStopped ? 'SIGCONT' : 'SIGSTOP');
      this.redisStopped = !this.redisStopped;
      return;
    }
    for (const url of this.simulatorUrls) {
      if (dice > 0.9)
        await control(url, 'PUT', 'tokens', { state: this.random() < 0.5 ? 'expired' : 'revoked' });
      const rules = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => this.drawRule());
      await setFaults(url, ...rules);
    }
  }

  private drawRule(): object {
    const pickOf = <T>(list: readonly T[]): T => list[Math.floor(this.random() * list.length)] as T;
    const everywhere = this.random() < 0.3;
    return {
      match: everywhere ? {} : { service: pickOf(SERVICES) },
      rate: 0.1 + this.random() * 0.9,
      ...(this.random() < 0.3 ? { delay: { distribution: 'exponential', mean: 100 } } : {}),
      fault: pickOf(FAULTS),
    };
  }

  /** Takes every fault away. */
  async calm(): Promise<void> {
    for (const url of this.simulatorUrls) await clearFaults(url);
    if (this.redisStopped) await this.redis.kill('SIGCONT');
    this.redisStopped = false;
  }
}
