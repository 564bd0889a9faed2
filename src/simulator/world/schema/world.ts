/**
 * world.yaml (name, organization, CSV root), policies.yaml and series/*.yaml.
 */
import { z } from 'zod';
import { durationSchema, slugSchema, timezoneSchema, unitSchema } from './common.js';
import { storageKinds } from './model.js';

/** How much an organization may have: assets as EnOS documents, trees as it does not. */
export const DEFAULT_LIMITS = { assets: 200_000, trees: 1_000 };

/** world.yaml */
export const worldFileSchema = z.strictObject({
  name: z.string().min(1),
  orgId: z.string().regex(/^o\d+$/, 'expected the letter o and digits'),
  /** Where CSV files lie: the folder in the environment variable, else the default, relative to the package root. */
  csvRoot: z.strictObject({ environment: z.string(), default: z.string() }).optional(),
  limits: z
    .strictObject({
      assets: z.number().int().min(0).default(DEFAULT_LIMITS.assets),
      trees: z.number().int().min(0).default(DEFAULT_LIMITS.trees),
    })
    .default(DEFAULT_LIMITS),
});

const retention = z.enum(['1M', '3M', '6M', '1y', '2y', '3y', '5y', '10y', '15y', '20y']);

const swingingDoor = z.strictObject({ compdev: z.number(), compmax: z.number().int(), compmin: z.number().int() });
const deadBand = z.strictObject({ excdev: z.number(), excmax: z.number().int(), excmin: z.number().int() });

/** policies.yaml: one policy per kind of storage; its points are those whose `storage` names the kind. */
export const policyFileSchema = z.strictObject({
  policies: z.array(
    z.strictObject({
      id: z.string().optional(),
      name: z.string(),
      storage: z.enum(storageKinds),
      retention,
      compression: z
        .array(
          z.strictObject({
            model: z.string(),
            point: z.string(),
            sdt: swingingDoor.nullable().default(null),
            db: deadBand.nullable().default(null),
          }),
        )
        .default([]),
    }),
  ),
  unformatted: z.strictObject({
    id: z.string().optional(),
    retention,
    updated: z.iso.datetime({ offset: true }),
  }),
});

const csvSchema = z.strictObject({
  file: z.string(),
  separator: z.string().min(1).default(','),
  asset: slugSchema,
  time: z.strictObject({
    /** Index of the column, from 0. */
    column: z.number().int().min(0).default(0),
    /** As luxon writes formats, e.g. `M/d/yyyy H:mm`. */
    format: z.string(),
    zone: timezoneSchema,
  }),
  /** Column header to point: its id, or the id with the unit of the column and a factor to the point's unit. */
  columns: z.record(
    z.string(),
    z.union([
      z.string().transform((point) => ({ point, unit: undefined, scale: 1 })),
      z.strictObject({ point: z.string(), unit: unitSchema.optional(), scale: z.number().default(1) }),
    ]),
  ),
});

const generatedSchema = z.strictObject({
  physics: z.string(),
  /** Every asset of the model and of its heirs ... */
  model: z.string().optional(),
  /** ... or of these slugs or ranges. */
  assets: z.array(slugSchema).optional(),
  /** Constants of the physics, as numbers or as the name of the attribute that holds the number. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  /** Point id to the output of the physics that it records. */
  points: z.record(
    z.string(),
    z.strictObject({
      output: z.string(),
      every: durationSchema.optional(),
      scale: z.number().default(1),
      digits: z.number().int().min(0).max(9).default(3),
      /** Records reach this far into the future: a forecast. */
      ahead: durationSchema.optional(),
    }),
  ),
});

/** series/*.yaml */
export const seriesFileSchema = z.strictObject({
  csv: z.array(csvSchema).default([]),
  generated: z.array(generatedSchema).default([]),
});

export type WorldFile = z.infer<typeof worldFileSchema>;
export type PolicyFile = z.infer<typeof policyFileSchema>;
export type CsvSpec = z.infer<typeof csvSchema>;
export type GeneratedSpec = z.infer<typeof generatedSchema>;
export type SeriesFile = z.infer<typeof seriesFileSchema>;
