/** What is counted of the REST side: exchanges, repetitions, queues and breakers, by operation or by service. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { enosChannel } from '../../enos/channels.js';
import type { AttemptEnded, BreakerChanged, RetryDecided } from '../../enos/channels.js';
import type { BreakerState } from '../../resilience/circuit-breaker.js';
import type { EnosClient, ObservableEnosClient, ServiceState } from '../../enos/client.js';
import { CountedHistogram } from '../../server/metrics/counted-histogram.js';
import type { LabelledSeries } from '../../server/metrics/counted-histogram.js';

/** What the breakers are in numbers: the higher, the worse. */
const BREAKER_VALUES: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };

/**
 * Registers the metrics of the client, once per registry, and begins to count. Labels are operations and services of the
 * contract, and words of ours. Returns how to stop.
 */
export function measureEnos(
  client: EnosClient & Partial<ObservableEnosClient>,
  registry: Registry,
): () => void {
  const registers = [registry];
  const known = new Map<string, ExchangeCounts>();
  new Counter({
    name: 'enos_calls_total',
    help: 'HTTP exchanges with EnOS, by operation and outcome.',
    labelNames: ['operation', 'outcome'] as const,
    registers,
    collect() {
      this.reset();
      for (const [operation, { byOutcome }] of known)
        for (const [outcome, count] of byOutcome) this.inc({ operation, outcome }, count);
    },
  });
  const duration = new CountedHistogram<'operation'>(registry, {
    name: 'enos_call_duration_seconds',
    help: 'Duration of HTTP exchanges with EnOS, by operation.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const countsOf = (operation: string): ExchangeCounts => {
    let counts = known.get(operation);
    if (!counts) {
      counts = { byOutcome: new Map(), duration: duration.series({ operation }) };
      known.set(operation, counts);
    }
    return counts;
  };
  const retries = new Counter({
    name: 'enos_retries_total',
    help: 'Failed exchanges that could be repeated: retried, or why not (budget, deadline), by service.',
    labelNames: ['service', 'decision'] as const,
    registers,
  });
  const breakerChanges = new Counter({
    name: 'enos_breaker_changes_total',
    help: 'Changes of the breaker of a service, by the state that it went to.',
    labelNames: ['service', 'to'] as const,
    registers,
  });
  new Gauge({
    name: 'enos_credentials_accepted',
    help: 'Whether EnOS took the credentials of this application the last time: 1 or 0; absent before the first time.',
    registers,
    collect() {
      const accepted = client.credentialsAccepted();
      if (accepted === null) this.reset();
      else this.set(accepted ? 1 : 0);
    },
  });
  stateGauges(client, registry);
  return listen({
    attempt: ({ attempt: { operation, outcome, durationMs } }) => {
      const counts = countsOf(operation);
      counts.byOutcome.set(outcome, (counts.byOutcome.get(outcome) ?? 0) + 1);
      counts.duration.observe(durationMs / 1_000);
    },
    retry: ({ call, decision }) => retries.inc({ service: call.service, decision }),
    breaker: ({ service, to }) => breakerChanges.inc({ service, to }),
  });
}

/** What is counted of the exchanges of one operation: each looks up its operation once, where labels would be hashed twice. */
interface ExchangeCounts {
  readonly byOutcome: Map<string, number>;
  readonly duration: LabelledSeries;
}

function stateGauges(client: Partial<ObservableEnosClient>, registry: Registry): void {
  const gauge = (name: string, help: string, valueOf: (state: ServiceState) => number): Gauge<'service'> =>
    new Gauge({
      name,
      help,
      labelNames: ['service'] as const,
      registers: [registry],
      collect() {
        for (const state of client.state?.().services ?? [])
          this.set({ service: state.service }, valueOf(state));
      },
    });
  gauge('enos_in_flight', 'Exchanges with EnOS under way, by service.', (state) => state.inFlight);
  gauge('enos_queue_length', 'Calls that wait for a place, by service.', (state) => state.queued);
  gauge(
    'enos_retry_budget',
    'Repetitions that the budget allows now, by service.',
    (state) => state.retryBudget,
  );
  gauge(
    'enos_breaker_state',
    'State of the breaker of a service: 0 closed, 1 half-open, 2 open.',
    (state) => BREAKER_VALUES[state.breaker],
  );
}

interface Listeners {
  attempt: (message: AttemptEnded) => void;
  retry: (message: RetryDecided) => void;
  breaker: (message: BreakerChanged) => void;
}

function listen({ attempt, retry, breaker }: Listeners): () => void {
  enosChannel('enos-graphql:attempt').subscribe(attempt);
  enosChannel('enos-graphql:retry').subscribe(retry);
  enosChannel('enos-graphql:breaker').subscribe(breaker);
  return () => {
    enosChannel('enos-graphql:attempt').unsubscribe(attempt);
    enosChannel('enos-graphql:retry').unsubscribe(retry);
    enosChannel('enos-graphql:breaker').unsubscribe(breaker);
  };
}
