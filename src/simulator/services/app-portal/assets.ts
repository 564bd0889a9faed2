/**
 * Application Portal, assets: which assets which user may access.
 */
import type { OperationHandler, SimulatorContext } from '../../operation.js';
import { assetsOf, memberOf, membersOf, noSuch, portalPage, portalText, workingSession } from './session.js';

const checkAssetPermission: OperationHandler = (request, context) => {
  const { user, orgId } = workingSession(request, context);
  const permitted = new Set(assetsOf(context, user, orgId));
  return { data: (request.body.assetIds as string[]).every((id) => permitted.has(id)) };
};

/** The later edition says what kind of resource an asset is. */
function assetsByOrganization(describe: (id: string, context: SimulatorContext) => object): OperationHandler {
  return ({ body }, context) => {
    const orgId = String(body.orgId);
    const ids = assetsOf(context, memberOf(context, orgId, String(body.userId)), orgId);
    const { pagination, rows } = portalPage(ids, body.pagination);
    return { data: { pagination, assets: rows.map((id) => describe(id, context)) } };
  };
}

const getUsersAssetList: OperationHandler = ({ body }, context) => {
  const { organizationId, userIds } = body as { organizationId: string; userIds: string[] };
  const members = new Map(membersOf(context, organizationId).map((user) => [user.userId, user]));
  const usersUserAssets = userIds.map((userId) => {
    const user = members.get(userId);
    return { userId, userAssetIds: user === undefined ? [] : assetsOf(context, user, organizationId) };
  });
  const used = new Set(usersUserAssets.flatMap(({ userAssetIds }) => userAssetIds));
  return { data: { usersUserAssets, userAssets: [...used].map((id) => typedAsset(id, context)) } };
};

const getUsersWithAssetAccess: OperationHandler = ({ body }, context) => {
  const { orgId, assetId } = body as { orgId: string; assetId: string };
  const members = membersOf(context, orgId);
  if (!context.world.assets.has(assetId)) throw noSuch('asset');
  return {
    data: members
      .filter((user) => assetsOf(context, user, orgId).includes(assetId))
      .map(({ userId, name }) => ({ id: userId, name })),
  };
};

function plainAsset(id: string, { world }: SimulatorContext): Record<string, unknown> {
  return { id, name: portalText(world.assets.get(id)?.name ?? { defaultValue: id, i18nValue: {} }) };
}

function typedAsset(id: string, context: SimulatorContext): Record<string, unknown> {
  const typeName = { default: 'Physical Resource', en_US: 'Physical Resource' };
  return { ...plainAsset(id, context), type: 'auth_unit', typeName };
}

/** Handlers of the asset operations, by name within the service. */
export const portalAssetHandlers = {
  checkAssetPermission,
  checkAssetPermissionV22: checkAssetPermission,
  getAssetsByOrganization: assetsByOrganization(plainAsset),
  getAssetsByOrganizationV22: assetsByOrganization(typedAsset),
  getUsersAssetList,
  getUsersWithAssetAccess,
  getUsersWithAssetAccessV22: getUsersWithAssetAccess,
};
