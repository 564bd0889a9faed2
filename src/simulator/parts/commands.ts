/** Commands given to a world's devices: commands.yaml. They run their course from when they were given. */
import { z } from 'zod';
import type { WorldPart } from '../world/part.js';
import { momentSchema, momentToTime, slugSchema } from '../world/schema/common.js';
import type { I18nText } from '../world/world.js';
import { WorldError } from '../world/yaml.js';
import { devices } from './devices.js';

const schema = z.strictObject({
  commands: z.array(
    z
      .strictObject({
        asset: slugSchema,
        given: momentSchema,
        /** Sets this point to `value` ... */
        point: z.string().optional(),
        value: z.unknown().optional(),
        /** ... or invokes this service with `input`. */
        service: z.string().optional(),
        input: z.record(z.string(), z.unknown()).default({}),
        pendingTtl: z.number().int().min(1).max(172_800).default(600),
        timeout: z.number().int().min(1).max(60).default(30),
      })
      .refine(
        ({ point, service }) => (point === undefined) !== (service === undefined),
        'expected a point or a service',
      ),
  ),
});

/** How a command stands. */
export const STATE = {
  created: 1,
  cancelled: 2,
  expired: 3,
  sent: 4,
  succeeded: 5,
  failed: 6,
  unanswered: 7,
} as const;

/** A command, by what EnOS shows of it. */
export interface Command {
  /** 19 decimal digits. */
  commandId: string;
  assetId: string;
  /** Unix milliseconds. */
  createTime: number;
  /** 1 sets a point, 2 invokes a service. */
  type: 1 | 2;
  name: I18nText;
  /** Seconds to wait for the device. */
  timeout: number;
  /** Seconds that it may stay cached; 0 for one that is sent at once. */
  pendingTtl: number;
  state: (typeof STATE)[keyof typeof STATE];
  /** Identifier of the point or service. */
  identifier: string;
  input: unknown;
  output: Readonly<Record<string, unknown>> | null;
}

/** A command of the file. */
export interface PlannedCommand {
  assetId: string;
  /** Unix milliseconds. */
  given: number;
  kind: 'point' | 'service';
  identifier: string;
  input: unknown;
  pendingTtl: number;
  timeout: number;
}

/** Commands by id. */
export interface Commands {
  byId: Map<string, Command>;
  /** Those of the file, not given yet: that is done when the world begins to live. */
  readonly planned: readonly PlannedCommand[];
}

/** The part. */
export const commands: WorldPart<z.infer<typeof schema>, Commands> = {
  file: 'commands.yaml',
  schema,
  build: (content, { file, idsOf, now, stateOf }) => {
    // Gateways may be named.
    stateOf(devices);
    return {
      byId: new Map(),
      planned: (content?.commands ?? []).map((spec) => {
        const [assetId] = idsOf(spec.asset) ?? [];
        if (assetId === undefined) throw new WorldError(file, `no asset ${spec.asset}`);
        const { pendingTtl, timeout } = spec;
        return {
          assetId,
          given: momentToTime(spec.given, now),
          pendingTtl,
          timeout,
          ...(spec.point === undefined
            ? { kind: 'service', identifier: spec.service ?? '', input: spec.input }
            : { kind: 'point', identifier: spec.point, input: spec.value }),
        } as const;
      }),
    };
  },
};
