/**
 * The parts of GET /health/ready. Not ready is a replica that can do none of its work: EnOS does not let it in. What makes
 * it slower, or fails some operations and would fail them in every replica, is told but takes no replica out: out of order
 * everywhere at once would be nobody left to answer from the cache.
 */
import { performance } from 'node:perf_hooks';
import type { Cache } from '../cache/cache.js';
import type { EnosClient, ObservableEnosClient } from '../enos/client.js';
import { EnosError } from '../enos/errors.js';

/** State of one part; `detail` is a word or two for the operator, without address and secret. */
export interface Part {
  ready: boolean;
  detail: string;
}

/** What is asked. */
export interface ReadinessParts {
  enos: EnosClient & Pick<ObservableEnosClient, 'state'>;
  cache: Cache;
  /** Whether the EnOS that was started with the server is alive; absent with an EnOS elsewhere. */
  localEnosAlive?: () => boolean;
}

/** How long a check may take to get a token. */
const CONNECT_CHECK_MS = 1_500;

/** Makes the question. Each answer takes as long as EnOS needs to give a token, where there is none. */
export function createReadiness({
  enos,
  cache,
  localEnosAlive,
}: ReadinessParts): () => Promise<Record<string, Part>> {
  let before = performance.eventLoopUtilization();
  return async () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return {
      enos:
        localEnosAlive?.() === false
          ? { ready: false, detail: 'the simulator has ended' }
          : await enosPart(enos),
      breakers: { ready: true, detail: breakersOf(enos) },
      cache: { ready: true, detail: cache.healthy() ? 'working' : 'out of order, going on without' },
      eventLoop: { ready: true, detail: `${Math.round(utilization * 100)} % busy since the last check` },
    };
  };
}

async function enosPart(enos: EnosClient): Promise<Part> {
  const accepted = { ready: true, detail: 'credentials accepted' };
  if (enos.credentialsAccepted() === true) return accepted;
  try {
    await enos.connect({ deadline: Date.now() + CONNECT_CHECK_MS });
    return accepted;
  } catch (error) {
    return { ready: false, detail: whyNoToken(error) };
  }
}

function whyNoToken(error: unknown): string {
  if (!(error instanceof EnosError)) return 'no answer';
  const { kind, httpStatus } = error;
  if (kind === 'credentials' || httpStatus === 401 || httpStatus === 403) return 'credentials refused';
  return kind === 'timeout' || kind === 'unavailable' ? 'no answer' : 'gives no token';
}

function breakersOf(enos: Pick<ObservableEnosClient, 'state'>): string {
  const out = enos.state().services.filter(({ breaker }) => breaker !== 'closed');
  if (out.length === 0) return 'all closed';
  return out.map(({ service, breaker }) => `${service} ${breaker}`).join(', ');
}
