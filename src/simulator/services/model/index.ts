/**
 * Model Service.
 */
import type { ServiceHandlers } from '../../operation.js';
import { modelReadHandlers } from './read.js';
import { modelUpdateHandlers } from './update.js';

/** Handlers by operation id of model.yaml. */
export const modelHandlers: ServiceHandlers = { ...modelReadHandlers, ...modelUpdateHandlers };
