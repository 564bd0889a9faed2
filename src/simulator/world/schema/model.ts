/**
 * How a world file writes thing models: each lists its own features only, keyed by their ids.
 */
import { z } from 'zod';
import { tagsSchema, textSchema, unitSchema } from './common.js';

export const dataTypeSchema = z.enum([
  'ARRAY', 'BOOL', 'DATE', 'DOUBLE', 'ENUM', 'FILE', 'FLOAT', 'INT', 'STRING', 'STRUCT', 'TIMESTAMP',
]); // prettier-ignore

const enumSchema = z.object({
  values: z.record(z.string(), textSchema),
  type: z.enum(['INT', 'STRING']).default('INT'),
  default: z.union([z.number(), z.string()]).optional(),
});

const boolSchema = z.object({ true: z.string(), false: z.string(), default: z.boolean().optional() });

const memberSchema = z.strictObject({
  name: textSchema,
  type: dataTypeSchema.exclude(['STRUCT']),
  unit: z.string().optional(),
  required: z.boolean().default(false),
});

const featureFields = {
  name: textSchema,
  desc: z.string().nullable().default(null),
  tags: tagsSchema,
  /** URN of the industry-standard element. */
  standard: z.string().optional(),
};

const valueFields = {
  type: dataTypeSchema,
  unit: unitSchema,
  enum: enumSchema.optional(),
  bool: boolSchema.optional(),
  maxLength: z.number().int().min(1).max(4000).optional(),
  members: z.record(z.string(), memberSchema).optional(),
  itemType: z.enum(['INT', 'FLOAT', 'DOUBLE', 'STRING']).optional(),
};

/** The definition that a data type calls for must be there, and no other. */
function definitionFits(value: ValueSpec, context: z.RefinementCtx): void {
  const wanted = DEFINITIONS[value.type];
  for (const key of ['enum', 'bool', 'maxLength', 'members', 'itemType'] as const) {
    if (key === wanted && value[key] === undefined) {
      context.addIssue({ code: 'custom', path: [key], message: `expected for type ${value.type}` });
    }
    if (key !== wanted && value[key] !== undefined) {
      context.addIssue({ code: 'custom', path: [key], message: `does not belong to type ${value.type}` });
    }
  }
}

const DEFINITIONS: Readonly<Partial<Record<z.infer<typeof dataTypeSchema>, string>>> = {
  ENUM: 'enum',
  BOOL: 'bool',
  STRING: 'maxLength',
  STRUCT: 'members',
  ARRAY: 'itemType',
};

/** Type, unit and definition of a value. */
export type ValueSpec = z.infer<z.ZodObject<typeof valueFields>>;

const attributeSchema = z
  .strictObject({
    ...featureFields,
    ...valueFields,
    required: z.boolean().default(false),
    default: z.unknown().optional(),
  })
  .superRefine(definitionFits);

export const storageKinds = ['AI_RAW', 'AI_NORMALIZED', 'DI', 'PI', 'GENERIC', 'LAST_CHANGED'] as const;

const measurepointSchema = z
  .strictObject({
    ...featureFields,
    ...valueFields,
    signal: z.enum(['AI', 'DI', 'PI', 'Generic']),
    quality: z.boolean().default(false),
    /** Kinds of storage; without it those usual for the signal, an empty list for a point under no policy. */
    storage: z.array(z.enum(storageKinds)).optional(),
  })
  .superRefine(definitionFits);

const datapointSchema = z.strictObject({ ...featureFields, ...valueFields }).superRefine(definitionFits);

const serviceSchema = z.strictObject({
  ...featureFields,
  call: z.enum(['SYNC', 'ASYNC']).default('ASYNC'),
  input: z.record(z.string(), datapointSchema).default({}),
  output: z.record(z.string(), datapointSchema).default({}),
});

const eventSchema = z.strictObject({
  ...featureFields,
  severity: z.enum(['INFO', 'WARN', 'ERROR']).default('INFO'),
  output: z.record(z.string(), datapointSchema).default({}),
});

const identifier = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'expected letters, digits and - _ .');

const modelSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected letters, digits and - _ .'),
  parent: z.string().optional(),
  /** Organization that shares the model; the world's own without it. */
  orgId: z.string().optional(),
  name: textSchema,
  desc: z.string().nullable().default(null),
  category: z.string().nullable().default(null),
  tags: tagsSchema,
  attributes: z.record(identifier, attributeSchema).default({}),
  measurepoints: z.record(identifier, measurepointSchema).default({}),
  services: z.record(identifier, serviceSchema).default({}),
  events: z.record(identifier, eventSchema).default({}),
});

/** models/*.yaml */
export const modelFileSchema = z.strictObject({ models: z.array(modelSchema) });

export type ModelSpec = z.infer<typeof modelSchema>;
export type AttributeSpec = z.infer<typeof attributeSchema>;
export type MeasurepointSpec = z.infer<typeof measurepointSchema>;
export type DatapointSpec = z.infer<typeof datapointSchema>;
export type ServiceSpec = z.infer<typeof serviceSchema>;
export type EventSpec = z.infer<typeof eventSchema>;
