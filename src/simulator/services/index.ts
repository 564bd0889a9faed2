/** Every operation that the simulator serves. */
import type { ServiceHandlers } from '../operation.js';
import { activeHandlers } from './alert/active.js';
import { alertServiceHandlers } from './alert/alerts.js';
import { definitionHandlers } from './alert/definitions.js';
import { historyHandlers } from './alert/history.js';
import { ruleHandlers } from './alert/rules.js';
import { portalHandlers } from './app-portal/index.js';
import { assetHandlers } from './asset.js';
import { nodeHandlers } from './asset-tree/nodes.js';
import { pathHandlers } from './asset-tree/paths.js';
import { treeHandlers } from './asset-tree/trees.js';
import { connectionHandlers } from './connection/index.js';
import { modelHandlers } from './model.js';
import { tsdbDataHandlers } from './tsdb-data.js';
import { tsdbPolicyHandlers } from './tsdb-policy.js';

/** Handlers by operation id. */
export const allHandlers: ServiceHandlers = {
  ...assetHandlers,
  ...modelHandlers,
  ...treeHandlers,
  ...nodeHandlers,
  ...pathHandlers,
  ...definitionHandlers,
  ...ruleHandlers,
  ...activeHandlers,
  ...historyHandlers,
  ...alertServiceHandlers,
  ...tsdbDataHandlers,
  ...tsdbPolicyHandlers,
  ...portalHandlers,
  ...connectionHandlers,
};
