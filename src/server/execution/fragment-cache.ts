/** The fragment cache as the settings have it, and its metrics. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { KeptParts } from './kept-parts.js';
import type { AnswerOptions } from '../options.js';

/** Makes the store; undefined where nothing is to be kept. Its metrics are registered once per registry. */
export function createFragmentCache(
  options: AnswerOptions | undefined,
  registry: Registry,
): KeptParts | undefined {
  const { maxPartBytes = 0, isCurrent = () => true } = options ?? {};
  if (maxPartBytes === 0) return undefined;
  const kept = new KeptParts({ maxBytes: maxPartBytes, isCurrent });
  new Counter({
    name: 'graphql_answer_parts_total',
    help: 'Objects of answers that were taken from text kept before (used), and those whose text was kept (kept).',
    labelNames: ['outcome'] as const,
    registers: [registry],
    collect() {
      const { used, kept: stored } = kept.stats();
      this.reset();
      this.inc({ outcome: 'used' }, used);
      this.inc({ outcome: 'kept' }, stored);
    },
  });
  new Gauge({
    name: 'graphql_answer_part_bytes',
    help: 'Approximate bytes of the objects of answers that are kept as text.',
    registers: [registry],
    collect() {
      this.set(kept.stats().bytes);
    },
  });
  return kept;
}
