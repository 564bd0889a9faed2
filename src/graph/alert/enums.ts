/** Enumerations of alerts. */
import { registerEnumType } from '../decorators.js';

/** Whether an alert is open. */
export const AlertState = { ACTIVE: 'ACTIVE', HISTORY: 'HISTORY' } as const;
export type AlertState = (typeof AlertState)[keyof typeof AlertState];

registerEnumType(AlertState, {
  name: 'AlertState',
  description: 'Whether an alert is open.',
  valuesConfig: {
    ACTIVE: { description: 'Open: the anomaly lasts.' },
    HISTORY: { description: 'Past: recovered, or closed.' },
  },
});

/** Fields by which open alerts are counted; values are the names that EnOS gives them. */
export const AlertGrouping = {
  ASSET: 'assetId',
  MODEL: 'modelId',
  MEASUREPOINT: 'measurepointId',
  SEVERITY: 'severityId',
  TYPE: 'typeId',
  SUB_TYPE: 'subTypeId',
  CONTENT: 'contentId',
} as const;
export type AlertGrouping = (typeof AlertGrouping)[keyof typeof AlertGrouping];

registerEnumType(AlertGrouping, {
  name: 'AlertGrouping',
  description: 'By what open alerts are counted.',
  valuesConfig: {
    ASSET: { description: 'By asset.' },
    MODEL: { description: 'By thing model.' },
    MEASUREPOINT: { description: 'By measurement point.' },
    SEVERITY: { description: 'By severity.' },
    TYPE: { description: 'By type at the top.' },
    SUB_TYPE: { description: 'By type below the top.' },
    CONTENT: { description: 'By content.' },
  },
});

/** How an alert came about, or ended; in the order of the numbers that EnOS sends. */
export const AlertOrigin = {
  RECOVERED_BY_RULE: 0,
  TRIGGERED_BY_RULE: 1,
  RECOVERED_OVER_API: 2,
  INSERTED_OVER_API: 3,
  DISCRETE: 4,
  OUT_OF_ORDER: 5,
} as const;

registerEnumType(AlertOrigin, {
  name: 'AlertOrigin',
  description: 'How an alert came about, or ended (eventType of EnOS).',
  valuesConfig: {
    RECOVERED_BY_RULE: { description: 'Past: the rule no longer holds.' },
    TRIGGERED_BY_RULE: { description: 'Open: a rule fired.' },
    RECOVERED_OVER_API: { description: 'Past: recovered over the API.' },
    INSERTED_OVER_API: { description: 'Open: inserted over the API.' },
    DISCRETE: { description: 'Past: an alert without duration.' },
    OUT_OF_ORDER: { description: 'Past: arrived out of order.' },
  },
});
