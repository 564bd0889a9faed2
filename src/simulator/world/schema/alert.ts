/**
 * How a world file writes alert definitions and alert records.
 */
import { z } from 'zod';
import { durationSchema, momentSchema, slugSchema, tagsSchema, textSchema } from './common.js';

const severitySchema = z.strictObject({ id: z.string(), text: textSchema, tags: tagsSchema });

const typeSchema = z.strictObject({
  id: z.string(),
  parent: z.string().nullable().default(null),
  text: textSchema,
  tags: tagsSchema,
});

const contentSchema = z.strictObject({
  id: z.string(),
  text: textSchema,
  model: z.string(),
  type: z.string(),
  subType: z.string().nullable().default(null),
  tags: tagsSchema,
});

const ruleSchema = z
  .strictObject({
    id: z.string(),
    text: textSchema,
    model: z.string(),
    point: z.string().nullable().default(null),
    deviceStatus: z.string().nullable().default(null),
    condition: z.string().nullable().default(null),
    severity: z.string(),
    content: z.string(),
    enabled: z.boolean().default(true),
    root: z.boolean().default(false),
    /** Slugs of tree and asset; the whole organization without it. */
    scope: z.array(z.strictObject({ tree: slugSchema, asset: slugSchema })).default([]),
    /** Seconds. */
    delay: z.number().int().min(0).max(10_800).default(0),
    tags: tagsSchema,
  })
  .refine((rule) => (rule.point === null) !== (rule.deviceStatus === null), {
    error: 'expected either point or deviceStatus',
  });

/**
 * An alert record. With `rule`, the point, severity, content and types come from the rule unless given. The fields
 * ending in Id (`assetId`, `severityId` ...) take any text, also one that names nothing in this world.
 */
const alertSchema = z
  .strictObject({
    slug: slugSchema,
    asset: slugSchema.optional(),
    assetId: z.string().optional(),
    rule: z.string().optional(),
    ruleId: z.string().optional(),
    point: z.string().optional(),
    deviceStatus: z.string().optional(),
    severityId: z.string().optional(),
    typeId: z.string().optional(),
    subTypeId: z.string().optional(),
    contentId: z.string().optional(),
    value: z.union([z.string(), z.number()]).transform(String),
    occurred: momentSchema,
    recovered: momentSchema.optional(),
    /** Recovered this long after it occurred; for repeated alerts. */
    lasted: durationSchema.optional(),
    reason: z.string().optional(),
    overApi: z.boolean().default(false),
    tags: tagsSchema,
    /** Slugs of the tree and of the root alert that mask it. */
    maskedBy: z.array(z.strictObject({ tree: slugSchema, alert: slugSchema })).optional(),
    inhibited: z.boolean().default(false),
    /** More of the same, each `every` earlier than the one before, over the assets of the range in turn. */
    repeat: z.strictObject({ count: z.number().int().min(1), every: durationSchema }).optional(),
  })
  .refine((alert) => (alert.asset === undefined) !== (alert.assetId === undefined), {
    error: 'expected either asset (a slug) or assetId (any id)',
  })
  .refine((alert) => alert.rule !== undefined || alert.point !== undefined || alert.deviceStatus !== undefined, {
    error: 'expected rule, point or deviceStatus',
  })
  .refine((alert) => alert.recovered === undefined || alert.lasted === undefined, {
    error: 'expected recovered or lasted, not both',
  });

/** alerts.yaml */
export const alertFileSchema = z.strictObject({
  severities: z.array(severitySchema).default([]),
  types: z.array(typeSchema).default([]),
  contents: z.array(contentSchema).default([]),
  rules: z.array(ruleSchema).default([]),
  alerts: z.array(alertSchema).default([]),
});

export type AlertFile = z.infer<typeof alertFileSchema>;
export type AlertSpec = z.infer<typeof alertSchema>;
export type RuleSpec = z.infer<typeof ruleSchema>;
