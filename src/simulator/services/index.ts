/** Every operation that the simulator serves. */
import type { ServiceHandlers } from '../operation.js';
import { alertHandlers } from './alert/index.js';
import { portalHandlers } from './app-portal/index.js';
import { assetHandlers } from './asset/index.js';
import { assetTreeHandlers } from './asset-tree/index.js';
import { connectionHandlers } from './connection/index.js';
import { modelHandlers } from './model/index.js';
import { tsdbDataHandlers } from './tsdb/index.js';
import { tsdbPolicyHandlers } from './tsdb-policy/index.js';

/** Handlers by operation id. */
export const allHandlers: ServiceHandlers = {
  ...assetHandlers,
  ...modelHandlers,
  ...assetTreeHandlers,
  ...alertHandlers,
  ...tsdbDataHandlers,
  ...tsdbPolicyHandlers,
  ...portalHandlers,
  ...connectionHandlers,
};
