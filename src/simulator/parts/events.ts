/** What devices left: events that they raised and logs of what they did, events.yaml. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WorldPart } from '../world/part.js';
import { durationSchema, momentSchema, momentToTime, slugSchema } from '../world/schema/common.js';
import { WorldError } from '../world/yaml.js';
import { devices } from './devices.js';

const happening = {
  /** Of each of these assets in turn. */
  assets: z.array(slugSchema).min(1),
  at: momentSchema,
  /** More of the same, each `every` earlier than the one before. */
  repeat: z.strictObject({ count: z.number().int().min(1), every: durationSchema }).optional(),
};
const schema = z.strictObject({
  events: z
    .array(
      z.strictObject({
        ...happening,
        event: z.string(),
        output: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
  logs: z
    .array(
      z.strictObject({
        ...happening,
        content: z.string(),
        code: z.number().int().default(200),
        reason: z.string().nullable().default(null),
      }),
    )
    .default([]),
});

/** An event that an asset raised by its thing model. */
export interface DeviceEvent {
  eventId: string;
  assetId: string;
  /** Identifier in the thing model. */
  key: string;
  output: Readonly<Record<string, unknown>>;
  /** Unix milliseconds. */
  time: number;
}

/** An entry of a device's log. */
export interface DeviceLog {
  assetId: string;
  /** Unix milliseconds. */
  time: number;
  code: number;
  content: string;
  reason: string | null;
}

/** Events by id, and logs by ids that no reply shows. */
export interface Happenings {
  events: Map<string, DeviceEvent>;
  logs: Map<string, DeviceLog>;
}

/** The part. */
export const happenings: WorldPart<z.infer<typeof schema>, Happenings> = {
  file: 'events.yaml',
  schema,
  build: (content, { file, idsOf, assets, models, now, stateOf }) => {
    // Gateways may be named.
    stateOf(devices);
    const events = new Map<string, DeviceEvent>();
    const logs = new Map<string, DeviceLog>();
    for (const spec of content?.events ?? []) {
      for (const { assetId, time } of times(spec, idsIn)) {
        const model = models.get(assets.get(assetId)?.modelId ?? '');
        if (model?.events[spec.event] === undefined)
          throw new WorldError(file, `${model?.modelId ?? assetId} has no event ${spec.event}`);
        const day = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
        const eventId =
          day +
          createHash('sha256')
            .update(`event:${spec.event}:${assetId}:${events.size}`)
            .digest('hex')
            .slice(0, 32);
        events.set(eventId, { eventId, assetId, key: spec.event, output: spec.output, time });
      }
    }
    for (const spec of content?.logs ?? []) {
      const { code, content: text, reason } = spec;
      for (const { assetId, time } of times(spec, idsIn))
        logs.set(`loaded-${logs.size}`, { assetId, time, code, content: text, reason });
    }
    return { events, logs };

    function idsIn(slug: string): readonly string[] {
      const ids = idsOf(slug);
      if (ids === undefined) throw new WorldError(file, `no asset or range ${slug}`);
      return ids;
    }

    function* times(
      { assets: slugs, at, repeat }: Pick<z.infer<typeof schema>['logs'][number], 'assets' | 'at' | 'repeat'>,
      find: (slug: string) => readonly string[],
    ): Iterable<{ assetId: string; time: number }> {
      const ids = slugs.flatMap(find);
      const first = momentToTime(at, now);
      for (let i = 0; i < (repeat?.count ?? 1); i++)
        yield { assetId: ids[i % ids.length] ?? '', time: first - i * (repeat?.every ?? 0) };
    }
  },
};
