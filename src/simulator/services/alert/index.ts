/**
 * Alert services: event-service and alert-service over the same records.
 */
import type { ServiceHandlers } from '../../operation.js';
import { activeHandlers } from './active.js';
import { alertChangeHandlers } from './alert-changes.js';
import { alertServiceHandlers } from './alerts.js';
import { definitionHandlers } from './definitions/index.js';
import { eventChangeHandlers } from './event-changes.js';
import { historyHandlers } from './history.js';

/** Handlers by operation id of alert.yaml. */
export const alertHandlers: ServiceHandlers = {
  ...definitionHandlers,
  ...activeHandlers,
  ...historyHandlers,
  ...eventChangeHandlers,
  ...alertServiceHandlers,
  ...alertChangeHandlers,
};
