/** Which refusals of EnOS take an asset out of what a user may see, and which leave it unknown what he may see. */
import { EnosError } from '../../../src/enos/errors.js';
import type { Loaders } from '../../../src/loading/loaders.js';
import { GrantedAssets } from '../../../src/loading/guard/granted-assets.js';
import { createPortalLoaders } from '../../../src/loading/portal/create.js';
import type { AssetRecord } from '../../../src/loading/entities/asset.js';
import { gatedEnos } from '../../support/gated-enos.js';
import { recordedLoading } from '../../support/recorded-loading.js';

const orgId = 'o1';
const refusal = (service: string, code: number) =>
  new EnosError({ kind: 'refused', service, operation: 'x', code, message: 'no' });

/** What a user sees to whom two assets are granted, where the tree refuses to tell the place of the second one. */
async function seenWhen(error: EnosError): Promise<string[]> {
  const trees = {
    path: async ({ assetId }: { assetId: string }) => {
      if (assetId === 'site') return [{ assetId: 'site' } as AssetRecord];
      throw error;
    },
    descendants: async () => ({ items: [{ assetId: 'turbine' }], totalCount: 1 }),
  };
  const loaders = { trees, portal: { grantedAssets: async () => ['site', 'other'] } } as unknown as Loaders;
  const granted = new GrantedAssets({ treeId: 't1', lifetime: 1_000, now: Date.now });
  return [...(await granted.forRequest('u1', loaders, () => undefined)(orgId))];
}

test.each([
  ['asset-tree', 17404],
  ['asset-tree', 99404],
  ['asset-tree', 99403],
  ['asset-tree', 80401],
])('a granted asset that the tree does not show covers nothing below it: %s %i', async (service, code) => {
  expect(await seenWhen(refusal(service, code))).toEqual(['site', 'other', 'turbine']);
});

test.each([
  ['asset-tree', 99500],
  ['asset-tree', 17762],
  ['asset-tree', 71234],
])('what is no answer about the asset fails the read, and is not kept: %s %i', async (service, code) => {
  await expect(seenWhen(refusal(service, code))).rejects.toMatchObject({ code });
});

test.each([31404, 99404])(
  '%i of the portal: nothing is granted to a user whom it does not know',
  async (code) => {
    const enos = gatedEnos();
    const portal = createPortalLoaders(recordedLoading(enos, { orgId, now: Date.now }).request());
    const granted = portal.grantedAssets({ orgId, userId: 'u1' });
    (await enos.called(0)).refuse(refusal('app-portal', code));
    expect(await granted).toEqual([]);
  },
);

test.each([31403, 31429, 71234])('%i of the portal: it is not known what is granted', async (code) => {
  const enos = gatedEnos();
  const portal = createPortalLoaders(recordedLoading(enos, { orgId, now: Date.now }).request());
  const granted = portal.grantedAssets({ orgId, userId: 'u1' });
  (await enos.called(0)).refuse(refusal('app-portal', code));
  await expect(granted).rejects.toMatchObject({ code });
});
