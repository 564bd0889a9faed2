/**
 * Application Portal, authentication: sign in and out, choose an organization, introspect, refresh.
 */
import type { OperationHandler, SimulatorContext } from '../../operation.js';
import type { WorldUser } from '../../world/world.js';
import { badParameter, noSuch, notSignedIn, portalOf, signedIn, tokenOf, workingSession } from './session.js';

const logIn: OperationHandler = ({ body }, context) => {
  const session = context.sessions.signIn(String(body.account), String(body.password));
  if (session === null) throw badParameter('The user name or password is wrong');
  const { accessToken, user } = session;
  return {
    data: {
      accessToken,
      organizations: organizationsOf(context, user),
      user: { id: user.userId, name: user.name },
    },
  };
};

const logInV22: OperationHandler = (request, context) => {
  const { data } = logIn(request, context);
  return { data: { ...(data as object), mfaType: 'NONE' } };
};

const logOut: OperationHandler = (request, context) => {
  signedIn(request, context);
  return { data: context.sessions.signOut(tokenOf(request)) };
};

const getTokenInformation: OperationHandler = (request, context) => {
  const { user, orgId, orgName } = workingSession(request, context);
  return { data: { userId: user.userId, userName: user.name, currentOrgId: orgId, currentOrgName: orgName } };
};

const chooseOrganization: OperationHandler = (request, context) => {
  const session = signedIn(request, context);
  const orgId = String(request.body.orgId);
  if (!session.user.organizationIds.includes(orgId)) throw noSuch('organization');
  const tokens = context.sessions.choose(tokenOf(request), session, orgId);
  return {
    data: {
      userId: session.user.userId,
      userName: session.user.name,
      currentOrgId: orgId,
      currentOrgName: portalOf(context).organizations.get(orgId) ?? '',
      ...tokens,
    },
  };
};

function refreshed(names: { id: string; name: string }): OperationHandler {
  return ({ query }, context) => {
    const renewed = context.sessions.refresh(query.refreshToken ?? '');
    if (renewed === null) throw notSignedIn();
    const { user, orgId, ...tokens } = renewed;
    return {
      data: {
        userId: user.userId,
        userName: user.name,
        [names.id]: orgId,
        [names.name]: portalOf(context).organizations.get(orgId) ?? '',
        ...tokens,
      },
    };
  };
}

const revokeRefreshToken: OperationHandler = (request, context) => {
  context.sessions.revokeAll(signedIn(request, context).user.userId);
  return { data: null };
};

/** Organizations of a user with their names. */
export function organizationsOf(context: SimulatorContext, user: WorldUser): { id: string; name: string }[] {
  const { organizations } = portalOf(context);
  return user.organizationIds.map((id) => ({ id, name: organizations.get(id) ?? id }));
}

/** Handlers of the authentication operations, by name within the service. */
export const authenticationHandlers = {
  logIn,
  logInV22,
  logOut,
  getTokenInformation,
  getTokenInformationV22: getTokenInformation,
  chooseOrganization,
  chooseOrganizationV22: chooseOrganization,
  refreshAccessToken: refreshed({ id: 'currentOrgId', name: 'currentOrgName' }),
  refreshAccessTokenV22: refreshed({ id: 'workingOrganizationId', name: 'workingOrganizationName' }),
  revokeRefreshToken,
  revokeRefreshTokenV22: revokeRefreshToken,
};
