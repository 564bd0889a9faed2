/**
 * Application Portal, users: profile, organizations, roles, permission points.
 */
import { ServiceError } from '../../operation.js';
import type { OperationHandler } from '../../operation.js';
import type { WorldUser } from '../../world/world.js';
import { organizationsOf } from './authentication.js';
import {
  memberOf,
  membersOf,
  noSuch,
  portalOf,
  portalPage,
  portalTime,
  signedIn,
  workingSession,
} from './session.js';

const getUserInformation: OperationHandler = (request, context) => ({
  data: profile(workingSession(request, context).user),
});

const getOrganizationList: OperationHandler = (request, context) => ({
  data: { organizations: organizationsOf(context, signedIn(request, context).user) },
});

const getOrganizationUserList: OperationHandler = ({ body }, context) => {
  const { pagination, rows } = portalPage(membersOf(context, String(body.orgId)), body.pagination);
  const users = rows.map(({ userId, name, email, phone, phoneArea }) => ({
    userId,
    name,
    email,
    phone,
    phoneArea,
  }));
  return { data: { users, pagination } };
};

const getUserRoles: OperationHandler = ({ orgId, query }, context) => ({
  data: { roles: rolesOf(portalOf(context).roles, memberOf(context, orgId, query.userId ?? '').roleIds) },
});

const getUsersRoleList: OperationHandler = ({ body }, context) => {
  const { organizationId, userIds } = body as { organizationId: string; userIds: string[] };
  const members = new Map(membersOf(context, organizationId).map((user) => [user.userId, user]));
  const held = userIds.map((userId) => ({ userId, roleIds: members.get(userId)?.roleIds ?? [] }));
  const used = new Set(held.flatMap(({ roleIds }) => roleIds));
  return {
    data: { usersUserRoles: held, userRoles: rolesOf(portalOf(context).roles, [...used]) },
  };
};

const getOrganizationRoles: OperationHandler = ({ orgId }, context) => {
  const { organizations, roles } = portalOf(context);
  if (!organizations.has(orgId)) throw noSuch('organization');
  return { data: { roles: rolesOf(roles, [...roles.keys()]) } };
};

const getUserPermissions: OperationHandler = ({ orgId, query }, context) => {
  const { permissions } = memberOf(context, orgId, query.userId ?? '');
  const known = portalOf(context).permissions;
  return {
    data: {
      permissions: permissions.map((identifier) => ({
        id: known.get(identifier)?.id ?? '',
        name: known.get(identifier)?.name ?? '',
      })),
    },
  };
};

const getAppMenuAndPermission: OperationHandler = (request, context) => {
  const { user } = workingSession(request, context);
  if (request.query.accessKey !== context.accessKey)
    throw new ServiceError(31404, 'Can not find this application.');
  const known = portalOf(context).permissions;
  const permissions = user.permissions.map((identifier) => ({
    id: known.get(identifier)?.id ?? '',
    identifier,
    name: known.get(identifier)?.name ?? '',
  }));
  return { data: { permissions, menus: [] } };
};

function rolesOf(names: ReadonlyMap<string, string>, ids: readonly string[]): { id: string; name: string }[] {
  return ids.map((id) => ({ id, name: names.get(id) ?? id }));
}

function profile(user: WorldUser): Record<string, unknown> {
  const { userId, name, description, nickName, phoneArea, phone, email, company, department, position } =
    user;
  return {
    id: userId,
    name,
    domain: '',
    description,
    nickName,
    phoneArea,
    phone,
    email,
    createdTime: portalTime(user.createTime),
    type: 0,
    ...(company === undefined ? {} : { company }),
    ...(department === undefined ? {} : { department }),
    ...(position === undefined ? {} : { position }),
  };
}

/** Handlers of the user operations, by name within the service. */
export const userHandlers = {
  getUserInformation,
  getUserInformationV22: getUserInformation,
  getOrganizationList,
  getOrganizationUserList,
  getOrganizationUserListV22: getOrganizationUserList,
  getUserRoles,
  getUsersRoleList,
  getOrganizationRoles,
  getUserPermissions,
  getAppMenuAndPermission,
  getAppMenuAndPermissionV22: getAppMenuAndPermission,
};
