/** Until when the calls of a read may last: as long as somebody waits for them, less what the answer takes. */
import { createBatchLoader } from '../../src/loading/read/batch-loader.js';
import type { LoadContext } from '../../src/loading/load-context.js';
import { createNodePath } from '../../src/loading/trees/path.js';
import { gatedEnos, type GatedEnos, type OpenCall } from '../support/gated-enos.js';
import { recordedLoading, type RecordedLoading } from '../support/recorded-loading.js';

const orgId = 'o1';
const NOW = 1_000_000;
let enos: GatedEnos;
let loading: RecordedLoading;

beforeEach(() => {
  enos = gatedEnos();
  loading = recordedLoading(enos, { orgId, now: () => NOW });
});

const within = (milliseconds: number, more: Partial<LoadContext> = {}): LoadContext => ({
  ...loading.request(),
  deadline: NOW + milliseconds,
  ...more,
});

function loadIn(context: LoadContext): Promise<unknown> {
  const loader = createBatchLoader<{ orgId: string }, unknown>({
    context,
    kind: 'thing',
    operation: 'asset.getAsset',
    keyOf: () => [],
    lifetime: 0,
    fetch: async (keys, call) => {
      const { data } = await call('asset.getAsset', { query: { orgId, assetId: 'a' } });
      return new Map(keys.map((key) => [key, data]));
    },
  });
  return Promise.resolve(loader.load({ orgId }));
}

/** Milliseconds that the call has, as it stands. */
const left = (call: OpenCall | undefined): number => {
  const deadline = call?.options?.deadline;
  return (typeof deadline === 'function' ? deadline() : (deadline ?? Infinity)) - NOW;
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each([
  ['a hundred milliseconds', 15_000, 14_900],
  ['a tenth of the rest, where that is less', 200, 180],
])('a call leaves %s for the answer', async (_, given, expected) => {
  const asked = loadIn(within(given));
  const call = await enos.called(0);
  expect(left(call)).toBe(expected);
  call.answer({ data: 1 });
  await asked;
});

test('a request without a deadline gives its calls none', async () => {
  const asked = loadIn(loading.request());
  const call = await enos.called(0);
  expect(left(call)).toBe(Infinity);
  call.answer({ data: 1 });
  await asked;
});

test('a call under way has the longest time of those who wait, and loses it with them', async () => {
  const gone = new AbortController();
  const hurried = loadIn(within(2_000));
  const call = await enos.called(0);
  const patient = loadIn(within(60_000, { signal: gone.signal }));
  const asPatient = loadIn(within(60_000));
  await turn();
  expect(left(call)).toBe(59_900);
  gone.abort();
  await expect(patient).rejects.toMatchObject({ kind: 'cancelled' });
  expect(left(call)).toBe(59_900);
  call.answer({ data: 1 });
  expect(await Promise.all([hurried, asPatient])).toEqual([1, 1]);
  expect(enos.calls).toHaveLength(1);
});

test('when the one with most time has gone, the time of the others is left', async () => {
  const gone = new AbortController();
  const hurried = loadIn(within(2_000));
  const call = await enos.called(0);
  const patient = loadIn(within(60_000, { signal: gone.signal }));
  await turn();
  gone.abort();
  await expect(patient).rejects.toMatchObject({ kind: 'cancelled' });
  expect(left(call)).toBe(1_900);
  call.answer({ data: 1 });
  expect(await hurried).toBe(1);
});

test('a look-up inside a read has the time of that read, and follows it', async () => {
  const node = { orgId, treeId: 't', assetId: 'root' };
  const asked = createNodePath(within(2_000))(node);
  (await enos.called(0)).answer({ data: { assets: {}, assetPaths: [] } });
  const inner = await enos.called(1);
  expect(inner.operation).not.toBe('asset-tree.searchAssetPath');
  expect(left(inner)).toBe(1_900);
  // Whoever joins the outer read has the inner one's answer to wait for, too.
  const later = createNodePath(within(60_000))(node);
  await turn();
  expect(left(inner)).toBe(59_900);
  for (const call of enos.calls.slice(1)) call.refuse(new Error('not there'));
  await expect(asked).rejects.toThrow();
  await expect(later).rejects.toThrow();
});
