/** What is known of assets that EnOS does not let a request read. */
import type { EnosError } from '../../../enos/errors.js';
import type { OperationId } from '../../../enos/operation.js';
import type { LoadContext } from '../../load-context.js';
import type { RefusedAsset } from '../../runtime.js';

/**
 * Further calls of one request that refusals may cause: for a dozen refused assets scattered among hundreds, and for those of
 * a large site one by one.
 */
const MAX_FURTHER_CALLS = 160;

/**
 * Assets that EnOS refused in this request, and hints of earlier ones. One of them fails a whole call, so it is not put into
 * another one: what it was refused with is its answer everywhere in this request. Refusals of earlier requests
 * only influence the plan.
 */
export class Denials {
  private readonly errors = new Map<string, EnosError>();
  private furtherCalls = 0;

  constructor(private readonly context: Pick<LoadContext, 'identity' | 'runtime' | 'settings' | 'now'>) {}

  /** What an asset was refused with in this request. */
  find(orgId: string, assetId: string): EnosError | undefined {
    if (this.errors.size === 0) return undefined;
    return this.errors.get(JSON.stringify([orgId, assetId]));
  }

  /**
   * An asset was refused; `alone` where it was the only one of its call. Where it was not, an older hint does not live
   * longer for it.
   */
  add(operation: OperationId, orgId: string, assetId: string, error: EnosError, alone: boolean): void {
    this.errors.set(JSON.stringify([orgId, assetId]), error);
    const { runtime, settings, now } = this.context;
    const refused = this.refused(operation, orgId, assetId);
    const lifetime = settings.lifetimes.notFound;
    if (lifetime <= 0 || (!alone && runtime.refusals.has(refused, now()))) return;
    runtime.refusals.add(refused, now() + lifetime);
  }

  /** Whether an operation refused the asset recently. */
  isSuspect(operation: OperationId, orgId: string, assetId: string): boolean {
    const { runtime, now } = this.context;
    if (runtime.refusals.isEmpty) return false;
    return runtime.refusals.has(this.refused(operation, orgId, assetId), now());
  }

  /** Forgets a refusal: the asset was answered after all. */
  clear(operation: OperationId, orgId: string, assetId: string): void {
    const { refusals } = this.context.runtime;
    if (!refusals.isEmpty) refusals.delete(this.refused(operation, orgId, assetId));
  }

  /** Takes that many of the calls that refusals may cause; false, taking none, where fewer are left. */
  spend(calls: number): boolean {
    if (calls > this.callsLeft) return false;
    this.furtherCalls += calls;
    return true;
  }

  /** How many of those calls are left. */
  get callsLeft(): number {
    return MAX_FURTHER_CALLS - this.furtherCalls;
  }

  /** Takes up to that many of them; returns how many it took. */
  spendUpTo(calls: number): number {
    const taken = Math.min(calls, this.callsLeft);
    this.furtherCalls += taken;
    return taken;
  }

  /** Up to `count` of the assets, evenly spread, different ones at each call. */
  sample(assets: readonly string[], count: number): string[] {
    if (assets.length <= count) return [...assets];
    const start = this.context.runtime.refusals.turn();
    const step = assets.length / count;
    return Array.from({ length: count }, (_, index) => {
      return assets[(start + Math.floor(index * step)) % assets.length]!;
    });
  }

  private refused(operation: OperationId, orgId: string, assetId: string): RefusedAsset {
    return { identity: this.context.identity.id, operation, orgId, assetId };
  }
}
