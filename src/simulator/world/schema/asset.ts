/**
 * How a world file writes assets, ranges of alike assets, and trees.
 */
import { z } from 'zod';
import { idSchema, slugSchema, tagsSchema, textSchema, timezoneSchema } from './common.js';

/** Where assets stand. Assets with the same `key` share their weather. */
export const placeSchema = z.strictObject({
  key: z.string().min(1),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  timezone: timezoneSchema,
  /** What the generated series swing around. */
  climate: z
    .strictObject({
      /** Metres above the sea. */
      altitude: z.number().default(50),
      /** Mean wind speed at hub height, m/s. */
      wind: z.number().positive().default(7),
      /** Mean of the year, degrees Celsius. */
      temperature: z.number().default(12),
      /** Mean cloud cover, 0 to 1. */
      cloud: z.number().min(0).max(1).default(0.45),
    })
    .prefault({}),
});

const assetFields = {
  model: z.string(),
  name: textSchema,
  description: z.string().nullable().default(null),
  /** Only where it differs from the place's. */
  timezone: timezoneSchema.optional(),
  logical: z.boolean().default(false),
  valid: z.boolean().default(true),
  readable: z.boolean().default(true),
  attributes: z.record(z.string(), z.unknown()).default({}),
  tags: tagsSchema,
  created: z.iso.datetime({ offset: true }).default('2021-05-04T06:00:00Z'),
};

const assetSchema = z.strictObject({ slug: slugSchema, id: idSchema.optional(), ...assetFields });

/**
 * Alike assets, numbered from 1. `{n}` in the slug, the texts and the attributes stands for the number, padded with
 * zeros to the width of the last one; an attribute `{ cycle: [a, b] }` takes its values in turn, and
 * `{ from: 100, step: 1 }` counts.
 */
const rangeSchema = z.strictObject({
  range: slugSchema,
  slug: slugSchema.refine((slug) => slug.includes('{n}'), 'expected {n} in the slug of a range'),
  count: z.number().int().min(1).max(10_000),
  /** Ids of the first ones; the rest follow from their slugs. */
  ids: z.array(idSchema).default([]),
  /** Position: rows of `columns` assets, `spacing` metres apart, written to attributes latitude and longitude. */
  grid: z.strictObject({ columns: z.number().int().min(1), spacing: z.number().positive() }).optional(),
  ...assetFields,
});

/** assets/*.yaml */
export const assetFileSchema = z.strictObject({
  place: placeSchema,
  assets: z.array(assetSchema).default([]),
  ranges: z.array(rangeSchema).default([]),
});

/** A node: a slug (of an asset, or of a range for all its assets), or an object with children. */
export type NodeSpec = string | { asset: string; children: NodeSpec[] };
const nodeSchema: z.ZodType<NodeSpec> = z.lazy(() =>
  z.union([slugSchema, z.strictObject({ asset: slugSchema, children: z.array(nodeSchema) })], {
    error: 'expected the slug of an asset or range, or an object with "asset" and "children"',
  }),
);

/** trees.yaml */
export const treeFileSchema = z.strictObject({
  trees: z.array(
    z.strictObject({
      slug: slugSchema,
      id: idSchema.optional(),
      name: textSchema,
      tags: tagsSchema,
      root: z.strictObject({ asset: slugSchema, children: z.array(nodeSchema).default([]) }),
    }),
  ),
});

export type Place = z.infer<typeof placeSchema>;
export type AssetSpec = z.infer<typeof assetSchema>;
export type RangeSpec = z.infer<typeof rangeSchema>;
export type AssetFile = z.infer<typeof assetFileSchema>;
export type TreeSpec = z.infer<typeof treeFileSchema>['trees'][number];
