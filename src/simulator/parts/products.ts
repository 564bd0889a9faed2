/** Products of a world: products.yaml. */
import { z } from 'zod';
import { idOfSlug, uuidOfSlug } from '../world/ids.js';
import type { WorldPart } from '../world/part.js';
import { idSchema, slugSchema, tagsSchema, textSchema } from '../world/schema/common.js';
import type { I18nText } from '../world/world.js';
import { WorldError } from '../world/yaml.js';

const productSchema = z.strictObject({
  slug: slugSchema,
  /** The key where it is to be known; else it follows from the slug. */
  key: idSchema.optional(),
  name: textSchema,
  desc: z.string().max(512).default(''),
  model: z.string(),
  type: z.enum(['Device', 'Gateway']).default('Device'),
  format: z.enum(['Json', 'Custom']).default('Json'),
  tags: tagsSchema,
  dynamicActivation: z.boolean().default(false),
  certificates: z.boolean().default(false),
  validDays: z.strictObject({ default: z.number().int(), max: z.number().int() }).optional(),
  created: z.iso.datetime({ offset: true }).default('2023-10-31T08:00:00Z'),
});
const schema = z.strictObject({ products: z.array(productSchema) });

/** A kind of device. */
export interface Product {
  key: string;
  secret: string;
  name: I18nText;
  desc: string;
  modelId: string;
  type: 'Device' | 'Gateway';
  format: 'Json' | 'Custom';
  tags: Record<string, string>;
  dynamicActivation: boolean;
  /** Whether devices authenticate with certificates. */
  certificates: boolean;
  /** Days that a certificate lives; null where nothing is set. */
  defaultValidDay: number | null;
  maxValidDay: number | null;
  /** Unix milliseconds. */
  createTime: number;
  updateTime: number;
}

/** Products by key, and keys by the slugs of the file. */
export interface Products {
  byKey: Map<string, Product>;
  bySlug: ReadonlyMap<string, string>;
}

/** The part. */
export const products: WorldPart<z.infer<typeof schema>, Products> = {
  file: 'products.yaml',
  schema,
  build: (content, { file, models }) => {
    const byKey = new Map<string, Product>();
    const bySlug = new Map<string, string>();
    for (const spec of content?.products ?? []) {
      const { slug, model, key = idOfSlug('product', slug) } = spec;
      if (!models.has(model)) throw new WorldError(file, `product ${slug}: there is no model ${model}`);
      if (byKey.has(key)) throw new WorldError(file, `product ${slug}: ${key} is taken`);
      const createTime = Date.parse(spec.created);
      bySlug.set(slug, key);
      byKey.set(key, {
        key,
        secret: uuidOfSlug(`product-secret:${slug}`).slice(0, 11),
        name: spec.name,
        desc: spec.desc,
        modelId: model,
        type: spec.type,
        format: spec.format,
        tags: spec.tags,
        dynamicActivation: spec.dynamicActivation,
        certificates: spec.certificates,
        defaultValidDay: spec.validDays?.default ?? null,
        maxValidDay: spec.validDays?.max ?? null,
        createTime,
        updateTime: createTime,
      });
    }
    return { byKey, bySlug };
  },
};
