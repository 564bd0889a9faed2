/** Metric Management: metrics.yaml. */
import { z } from 'zod';
import type { WorldPart } from '../world/part.js';
import { WorldError } from '../world/yaml.js';

const metricSchema = z.strictObject({
  id: z.string().regex(/^\w+$/, 'expected letters, digits and _'),
  /** Each asset of a model and of its heirs has the metric, made of a point. */
  from: z.array(z.strictObject({ model: z.string(), point: z.string() })).min(1),
  logic: z.enum(['avg', 'sum', 'max', 'min', 'first', 'last', 'count']),
  /** How long each value stands for; `month` is of the current one, whatever times are asked for. */
  per: z.enum(['hour', 'day', 'month']),
  /** From the point's unit to the metric's. */
  scale: z.number().default(1),
  digits: z.number().int().min(0).max(9).default(3),
});
const schema = z.strictObject({ metrics: z.array(metricSchema) });

/** A metric of the assets of some models. */
export type Metric = z.infer<typeof metricSchema>;

/** Metrics by id. */
export const metrics: WorldPart<z.infer<typeof schema>, Map<string, Metric>> = {
  file: 'metrics.yaml',
  schema,
  build: (content, { file, models }) => {
    const byId = new Map<string, Metric>();
    for (const metric of content?.metrics ?? []) {
      if (byId.has(metric.id)) throw new WorldError(file, `metric ${metric.id} is there twice`);
      for (const { model, point } of metric.from) {
        if (!Object.hasOwn(models.get(model)?.measurepoints ?? {}, point))
          throw new WorldError(file, `metric ${metric.id}: there is no point ${point} of a model ${model}`);
      }
      byId.set(metric.id, metric);
    }
    return byId;
  },
};
