/**
 * Application Portal Service. Its operations are found by `app-portal.<name>`: names such as `logIn` belong to other
 * services too.
 */
import type { ServiceHandlers } from '../../operation.js';
import { portalAssetHandlers } from './assets.js';
import { authenticationHandlers } from './authentication.js';
import { userHandlers } from './users.js';

/** Handlers of the Application Portal Service. */
export const portalHandlers: ServiceHandlers = Object.fromEntries(
  Object.entries({ ...authenticationHandlers, ...userHandlers, ...portalAssetHandlers }).map(
    ([name, handler]) => [`app-portal.${name}`, handler],
  ),
);
