import { MemoryCache } from '../../src/cache/memory-cache.js';
import { EnosError, type EnosErrorKind } from '../../src/enos/errors.js';
import { invalidate } from '../../src/loading/tags.js';
import type { LoadContext } from '../../src/loading/load-context.js';
import { SourceLog } from '../../src/loading/request/sources.js';
import { gatedEnos, type GatedEnos } from '../support/gated-enos.js';
import { recordedLoading } from '../support/recorded-loading.js';
import { load as loadThings, orgId } from '../support/things.js';

const STALE_FOR = 60_000;

let enos: GatedEnos;
let clock: number;
let request: (more?: Partial<LoadContext>) => LoadContext & { sources: SourceLog };

beforeEach(() => {
  clock = 1_000_000;
  enos = gatedEnos();
  const cache = new MemoryCache({ maxBytes: 1_000_000, now: () => clock, wall: () => clock, ttlJitter: 0 });
  const loading = recordedLoading(enos, {
    orgId,
    now: () => clock,
    settings: { stale: { for: STALE_FOR, after: 20 } },
  });
  request = (more = {}) => ({
    ...loading.request(),
    cache,
    sources: new SourceLog(cache.readToken()),
    ...more,
  });
});

function load(context: LoadContext, ...ids: string[]): Promise<unknown[]> {
  return loadThings(context, ids, 10_000);
}
function failure(
  kind: EnosErrorKind,
  more: { code?: number; httpStatus?: number; service?: string } = {},
): EnosError {
  return new EnosError({ kind, service: 'asset', operation: 'getAsset', message: 'no', ...more });
}
/** Loads `a` as `"old"` and lets so much of its lifetime of 10 s pass. */
async function leave(age: number): Promise<void> {
  const first = load(request(), 'a');
  (await enos.called(0)).answer({ data: { a: 'old' } });
  await first;
  clock += age;
}
/** The same beyond its end. */
const leaveStale = (past = 1_000): Promise<void> => leave(10_000 + past);

describe('a value past its lifetime', () => {
  it.each([
    ['a time-out', failure('timeout')],
    ['no connection', failure('unavailable')],
    ['HTTP 503', failure('http', { httpStatus: 503 })],
    ['an internal error of EnOS', failure('refused', { code: 99500, httpStatus: 200 })],
    ['of the TSDB', failure('refused', { service: 'tsdb-data', code: 80500 })],
    ['of stream processing', failure('refused', { service: 'stream-processing', code: 61115 })],
    ['of the token service', failure('refused', { service: 'token', code: 1005 })],
    ['a time-out within EnOS', failure('refused', { service: 'app-portal', code: 31504 })],
    ['too many attempts for now', failure('refused', { service: 'app-portal', code: 31429 })],
    ['what is no answer', failure('invalid-response')],
  ])('is served where EnOS fails, and said to be: %s', async (_name, error) => {
    await leaveStale();
    const context = request();
    const again = load(context, 'a');
    (await enos.called(1)).refuse(error);
    expect(await again).toEqual(['old']);
    expect(context.sources.sum()).toMatchObject({ stale: true, oldest: 1_000_000 });
    expect(context.sources.sum().freshUntil).toBeLessThan(clock);
    expect(context.sources.summary()).toMatchObject({ stale: true, parts: 1, staleParts: ['getAsset a'] });
  });

  it.each([
    ['not permitted', failure('refused', { code: 99403, httpStatus: 200 })],
    ['not there', failure('refused', { code: 99404, httpStatus: 200 })],
    ['not there, in the words of the portal', failure('refused', { service: 'app-portal', code: 31404 })],
    ['signed out', failure('refused', { service: 'app-portal', code: 31401 })],
    ['as many as there may be', failure('refused', { code: 17946 })],
    ['a code that no contract knows', failure('refused', { code: 71234 })],
    ['not understood', failure('refused', { code: 99400, httpStatus: 200 })],
    ['refused credentials', failure('credentials')],
  ])('is not served where EnOS refuses: %s', async (_name, error) => {
    await leaveStale();
    const again = load(request(), 'a');
    (await enos.called(1)).refuse(error);
    await expect(again).rejects.toBe(error);
  });

  it('is served no longer than the settings allow', async () => {
    await leaveStale(STALE_FOR + 1);
    const again = load(request(), 'a');
    (await enos.called(1)).refuse(failure('timeout'));
    await expect(again).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('is served after a short wait where EnOS is slow, and replaced behind the answer', async () => {
    await leaveStale();
    const slow = load(request(), 'a');
    const call = await enos.called(1);
    expect(await slow).toEqual(['old']);
    expect(call.options?.signal?.aborted).toBe(false);
    call.answer({ data: { a: 'new' } });
    await new Promise((resolve) => setImmediate(resolve));
    const context = request();
    expect(await load(context, 'a')).toEqual(['new']);
    expect(context.sources.sum().stale).toBe(false);
    expect(enos.calls).toHaveLength(2);
  });

  it('does not keep those from waiting who need something that there is no value of', async () => {
    await leaveStale();
    const both = load(request(), 'a', 'b');
    const call = await enos.called(1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    call.answer({ data: { a: 'new', b: 1 } });
    expect(await both).toEqual(['new', 1]);
  });

  it('spares EnOS: a refresh that failed is not tried again at once, and later it is', async () => {
    await leaveStale();
    const first = load(request(), 'a');
    (await enos.called(1)).refuse(failure('unavailable'));
    await first;
    clock += 400;
    expect(await Promise.all([load(request(), 'a'), load(request(), 'a')])).toEqual([['old'], ['old']]);
    expect(enos.calls).toHaveLength(2);
    clock += 1_000;
    const later = load(request(), 'a');
    (await enos.called(2)).answer({ data: { a: 'new' } });
    expect(await later).toEqual(['new']);
  });

  it('is not served to a request that insists on fresher ones: it gets the failure itself', async () => {
    await leaveStale(5_000);
    for (const [maxStale, index] of [
      [0, 1],
      [4_999, 2],
    ] as const) {
      const insisting = load(request({ maxStale }), 'a');
      (await enos.called(index)).refuse(failure('timeout'));
      await expect(insisting).rejects.toMatchObject({ kind: 'timeout' });
    }
    expect(await load(request({ maxStale: 5_001 }), 'a')).toEqual(['old']);
  });

  it('is gone with what it was made of', async () => {
    await leaveStale();
    const context = request();
    await invalidate(context.cache, [{ kind: 'entity', type: 'Asset', orgId, id: 'a' }]);
    const again = load(context, 'a');
    (await enos.called(1)).refuse(failure('timeout'));
    await expect(again).rejects.toMatchObject({ kind: 'timeout' });
  });
});

/** Long enough for what runs behind an answer, if it runs at all. */
const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('early refresh', () => {
  it('fetches anew behind the answer what is in the last tenth of its lifetime, once for all who find it', async () => {
    await leave(9_000);
    expect(await Promise.all([load(request(), 'a'), load(request(), 'a')])).toEqual([['old'], ['old']]);
    (await enos.called(1)).answer({ data: { a: 'new' } });
    await turns();
    expect(await load(request(), 'a')).toEqual(['new']);
    expect(enos.calls).toHaveLength(2);
  });

  it('leaves alone what has longer to live', async () => {
    await leave(8_990);
    expect(await load(request(), 'a')).toEqual(['old']);
    await turns();
    expect(enos.calls).toHaveLength(1);
  });

  it('fetches everything that is near its end with the first that is due, by one call', async () => {
    await leave(900);
    const second = load(request(), 'b');
    (await enos.called(1)).answer({ data: { b: 'old' } });
    await second;
    // `a` is in the last tenth of its lifetime, `b` in the last fifth.
    clock += 8_200;
    expect(await load(request(), 'a', 'b')).toEqual(['old', 'old']);
    (await enos.called(2)).answer({ data: { a: 'new', b: 'new' } });
    await turns();
    expect(await load(request(), 'a', 'b')).toEqual(['new', 'new']);
    expect(enos.calls).toHaveLength(3);
  });

  it('tries again only after a pause where EnOS failed, and then serves the value as stale', async () => {
    await leave(9_000);
    await load(request(), 'a');
    (await enos.called(1)).refuse(failure('unavailable'));
    await turns();
    for (let time = 0; time < 3; time += 1) expect(await load(request(), 'a')).toEqual(['old']);
    await turns();
    expect(enos.calls).toHaveLength(2);
    // The pause takes a second at most.
    clock += 999;
    expect(await load(request(), 'a')).toEqual(['old']);
    clock += 1;
    const context = request();
    const late = load(context, 'a');
    (await enos.called(2)).refuse(failure('unavailable'));
    expect(await late).toEqual(['old']);
    expect(context.sources.sum().stale).toBe(true);
  });

  it('gives a value from before to those who come after its end while it is being renewed in vain', async () => {
    await leave(9_999);
    await load(request(), 'a');
    const call = await enos.called(1);
    clock += 1;
    const context = request();
    const late = load(context, 'a');
    call.refuse(failure('timeout'));
    expect(await late).toEqual(['old']);
    expect(context.sources.sum().stale).toBe(true);
    expect(enos.calls).toHaveLength(2);
  });

  it('forgets at once what EnOS refuses to give again', async () => {
    await leave(9_000);
    await load(request(), 'a');
    (await enos.called(1)).refuse(failure('refused', { code: 99403, httpStatus: 200 }));
    await turns();
    const again = load(request(), 'a');
    (await enos.called(2)).refuse(failure('unavailable'));
    await expect(again).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

it('is not served again once EnOS has refused it', async () => {
  await leaveStale();
  const refused = load(request(), 'a');
  (await enos.called(1)).refuse(failure('refused', { code: 99403, httpStatus: 200 }));
  await expect(refused).rejects.toMatchObject({ code: 99403 });
  const down = load(request(), 'a');
  (await enos.called(2)).refuse(failure('unavailable'));
  await expect(down).rejects.toMatchObject({ kind: 'unavailable' });
});

it('outlives a refusal that only says "not now"', async () => {
  await leaveStale();
  for (const error of [failure('refused', { service: 'app-portal', code: 31429 }), failure('unavailable')]) {
    const again = load(request(), 'a');
    (await enos.called(enos.calls.length)).refuse(error);
    expect(await again).toEqual(['old']);
    // Beyond the longest time that a refresh which failed is not tried again.
    clock += 30_001;
  }
});

describe('a read that renews', () => {
  it('waits for new values of what is near its end, and takes the rest as it is', async () => {
    await leave(5_000);
    const second = load(request(), 'b');
    (await enos.called(1)).answer({ data: { b: 'younger' } });
    await second;
    clock += 3_500;
    const renewed = load(request({ renews: true }), 'a', 'b');
    (await enos.called(2)).answer({ data: { a: 'new' } });
    expect(await renewed).toEqual(['new', 'younger']);
    expect(enos.calls[2]?.args.query).toMatchObject({ assetId: 'a' });
    expect(await load(request(), 'a')).toEqual(['new']);
  });

  it('is given the old value, marked as stale, where EnOS cannot answer', async () => {
    await leave(9_500);
    const context = request({ renews: true });
    const renewed = load(context, 'a');
    (await enos.called(1)).refuse(failure('unavailable'));
    expect(await renewed).toEqual(['old']);
    expect(context.sources.sum().stale).toBe(true);
  });
});
