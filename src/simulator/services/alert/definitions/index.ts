/**
 * event-service, definitions: severities, types, contents and rules.
 */
import type { ServiceHandlers } from '../../../operation.js';
import { contentChangeHandlers } from './content-changes.js';
import { ruleChangeHandlers } from './rule-changes.js';
import { ruleHandlers } from './rules.js';
import { definitionSearchHandlers } from './search.js';
import { severityChangeHandlers } from './severity-changes.js';
import { typeChangeHandlers } from './type-changes.js';

/** Handlers of definitions. */
export const definitionHandlers: ServiceHandlers = {
  ...definitionSearchHandlers,
  ...severityChangeHandlers,
  ...typeChangeHandlers,
  ...contentChangeHandlers,
  ...ruleHandlers,
  ...ruleChangeHandlers,
};
