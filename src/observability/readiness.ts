/**
 * The parts of GET /health/ready. Not ready is a replica that can do none of its work: EnOS does not let it in. What makes
 * it slower, or fails some operations and would fail them in every replica, is told but takes no replica out: out of order
 * everywhere at once would leave no replica to answer from the cache.
 */
import { performance } from 'node:perf_hooks';
import type { Cache } from '../cache/cache.js';
import type { EnosClient, ObservableEnosClient } from '../enos/client.js';
import { EnosError } from '../enos/errors.js';

/** State of one part; `detail` is a word or two for the operator, without address and secret. */
export interface ReadinessPart {
  ready: boolean;
  detail: string;
}

/** What is asked. */
export interface ReadinessParts {
  enos: EnosClient & Pick<ObservableEnosClient, 'state'>;
  cache: Cache;
  /** Whether the EnOS that was started with the server is alive; absent with an EnOS elsewhere. */
  localEnosAlive?: () => boolean;
  settings: { enos: { orgId: string } };
}

/** How long a check may take to get a token, or to find a call that is taken. */
const CONNECT_CHECK_MS = 1_500;
/** Shortest time between two checks that make calls: asking for the state must not be a way to load EnOS. */
const TRIAL_INTERVAL_MS = 5_000;

/** Makes the question. Each answer takes as long as EnOS needs to give a token, where there is none. */
export function createReadiness({
  enos,
  cache,
  localEnosAlive,
  settings,
}: ReadinessParts): () => Promise<Record<string, ReadinessPart>> {
  let before = performance.eventLoopUtilization();
  const tryCalls = seldom(() => tryOut(enos, settings.enos.orgId));
  return async () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return {
      enos:
        localEnosAlive?.() === false
          ? { ready: false, detail: 'the simulator has ended' }
          : await enosPart(enos, tryCalls),
      breakers: { ready: true, detail: breakersOf(enos) },
      cache: { ready: true, detail: cache.healthy() ? 'working' : 'out of order, going on without' },
      eventLoop: { ready: true, detail: `${Math.round(utilization * 100)} % busy since the last check` },
    };
  };
}

async function enosPart(enos: EnosClient, tryCalls: () => Promise<void>): Promise<ReadinessPart> {
  const accepted = { ready: true, detail: 'credentials accepted' };
  if (enos.credentialsAccepted() === true) return accepted;
  try {
    await enos.connect({ deadline: Date.now() + CONNECT_CHECK_MS });
  } catch (error) {
    return { ready: false, detail: whyNoToken(error) };
  }
  // A token is given, and calls were refused with it: only a call that is taken shows that they no longer are, and while
  // this replica is not ready no request makes one.
  if (enos.credentialsAccepted() === false) await tryCalls();
  return enos.credentialsAccepted() === false ? { ready: false, detail: 'credentials refused' } : accepted;
}

/**
 * Makes cheap calls, to one service after the other until the client has seen one taken: an application that lacks some APIs
 * is not refused as a whole.
 */
async function tryOut(enos: EnosClient, orgId: string): Promise<void> {
  const deadline = Date.now() + CONNECT_CHECK_MS;
  const query = { orgId };
  const pagination = { pageNo: 1, pageSize: 1 };
  const trials = [
    () => enos.call('asset-tree.searchAssetTree', { query, body: { pagination } }, { deadline }),
    () => enos.call('model.searchThingModel', { query, body: { pagination } }, { deadline }),
    () => enos.call('alert.searchActiveAlerts', { query, body: { pagination } }, { deadline }),
  ];
  for (const trial of trials) {
    // The client itself notes the outcome.
    await trial().catch(() => undefined);
    if (enos.credentialsAccepted() !== false) return;
  }
}

/** Runs it once at a time, and not again before the interval is over. */
function seldom(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next = 0;
  return () => {
    if (running) return running;
    if (performance.now() < next) return Promise.resolve();
    running = run().finally(() => {
      running = undefined;
      next = performance.now() + TRIAL_INTERVAL_MS;
    });
    return running;
  };
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
