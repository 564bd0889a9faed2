/** Descriptions of arguments that many fields take. */
export const ORG_ID = {
  nullable: true,
  description: "Organization asked about; the caller's own where absent.",
} as const;

export const FILTER = { nullable: true, description: 'Conditions, all of which must hold.' } as const;

export const STATE = {
  defaultValue: 'ACTIVE',
  description: 'Open alerts, or past ones (of the last three months unless the filter says otherwise).',
} as const;
