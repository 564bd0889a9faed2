/** Firmware of a world's products, and the jobs that bring it to devices: firmware.yaml. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WorldPart } from '../world/part.js';
import { momentSchema, momentToTime, slugSchema, tagsSchema, textSchema } from '../world/schema/common.js';
import type { I18nText } from '../world/world.js';
import { WorldError } from '../world/yaml.js';
import { fileUri } from './files.js';
import { products } from './products.js';

const hexId = z.string().regex(/^[0-9a-f]{24}$/, 'expected 24 hex digits');
const schema = z.strictObject({
  firmware: z
    .array(
      z.strictObject({
        slug: slugSchema,
        id: hexId.optional(),
        product: slugSchema.optional(),
        name: textSchema,
        version: z.string(),
        desc: z.string().nullable().default(null),
        /** Bytes of the file, which are made up. */
        size: z.number().int().min(0).max(10_000_000).default(4096),
        verification: z.boolean().default(false),
        verified: z.boolean().default(false),
        tags: tagsSchema,
        created: momentSchema,
      }),
    )
    .default([]),
  jobs: z
    .array(
      z.strictObject({
        slug: slugSchema,
        id: hexId.optional(),
        firmware: slugSchema,
        name: textSchema,
        type: z.enum(['upgrade', 'verify']).default('upgrade'),
        /** As requests write it. */
        scope: z.record(z.string(), z.unknown()),
        timeout: z.number().int().min(300).max(172_800).default(7200),
        concurrency: z.number().int().min(1).default(300),
        created: momentSchema,
        /** Absent: it was never started. */
        started: momentSchema.optional(),
      }),
    )
    .default([]),
});

/** A firmware with its file. */
export interface Firmware {
  firmwareId: string;
  /** Null for one of no product. */
  productKey: string | null;
  name: I18nText;
  version: string;
  desc: string | null;
  signMethod: 'md5' | 'sha256';
  sign: string;
  fileUri: string;
  filename: string;
  bytes: Buffer;
  enableVerification: boolean;
  isVerified: boolean;
  tags: Record<string, string>;
  maxAllowedForVerification: number | null;
  minSuccessForVerified: number | null;
  /** Unix milliseconds. */
  createTime: number;
}

/** Which devices a job concerns, as requests write it. */
export interface UpgradeScope {
  type: string;
  versionNumbers?: string[] | null;
  deviceKeys?: string[] | null;
  attributes?: Record<string, unknown[]> | null;
  tags?: Record<string, string[]> | null;
  assetTrees?: { treeId: string; includedNotes?: unknown; includedNodes?: unknown }[] | null;
}

/** A job. */
export interface Job {
  jobId: string;
  firmwareId: string;
  name: I18nText | null;
  type: 'upgrade' | 'verify';
  enableUpgradeRequest: boolean | null;
  upgradePolicy: string | null;
  scope: UpgradeScope;
  /** Seconds. */
  upgradeTimeout: number;
  retry: { enableRetry: boolean; retryInterval: number; retryCount: number } | null;
  schedule: {
    isRepeatDaily?: boolean;
    startTimestamp?: number;
    endTimestamp?: number;
    timezoneOffsetInMinutes?: number;
  } | null;
  maximumConcurrency: number | null;
  status: 'started' | 'stopped';
  /** Unix milliseconds. */
  createTime: number;
}

/** The upgrade of one device by one job. */
export interface Task {
  taskId: string;
  jobId: string;
  assetId: string;
  fromVersion: string | null;
  toVersion: string;
  progress: number | null;
  desc: string | null;
  status: 'init' | 'published' | 'upgrading' | 'succeeded' | 'failed';
  /** Unix milliseconds. */
  updateTime: number;
  /** How often it was begun, and how often by itself. */
  attempt: number;
  retries: number;
}

/** Firmware, jobs and tasks by their ids. */
export interface FirmwareState {
  firmware: Map<string, Firmware>;
  jobs: Map<string, Job>;
  tasks: Map<string, Task>;
  /** Jobs of the file that are started when the world begins to live. */
  readonly planned: readonly { jobId: string; started: number }[];
}

/** The part. */
export const firmware: WorldPart<z.infer<typeof schema>, FirmwareState> = {
  file: 'firmware.yaml',
  schema,
  build: (content, { file, now, stateOf }) => {
    const bySlug = new Map<string, Firmware>();
    const jobs = new Map<string, Job>();
    const planned: { jobId: string; started: number }[] = [];
    for (const { slug, id, product, size, verification, verified, created, ...rest } of content?.firmware ??
      []) {
      const productKey = product === undefined ? null : stateOf(products).bySlug.get(product);
      if (productKey === undefined) throw new WorldError(file, `firmware ${slug}: no product ${product}`);
      const bytes = Buffer.alloc(size, `firmware ${slug}\n`);
      bySlug.set(slug, {
        ...rest,
        firmwareId: id ?? hexOf(`firmware:${slug}`, 24),
        productKey,
        signMethod: 'sha256',
        sign: createHash('sha256').update(bytes).digest('hex'),
        fileUri: fileUri(hexOf(`firmware-file:${slug}`, 16), '.bin'),
        filename: `${slug}.bin`,
        bytes,
        enableVerification: verification,
        isVerified: verified,
        maxAllowedForVerification: null,
        minSuccessForVerified: null,
        createTime: momentToTime(created, now),
      });
    }
    for (const spec of content?.jobs ?? []) {
      const of = bySlug.get(spec.firmware);
      if (of === undefined) throw new WorldError(file, `job ${spec.slug}: no firmware ${spec.firmware}`);
      const jobId = spec.id ?? hexOf(`job:${spec.slug}`, 24);
      jobs.set(jobId, {
        jobId,
        firmwareId: of.firmwareId,
        name: spec.name,
        type: spec.type,
        enableUpgradeRequest: spec.type === 'upgrade' ? true : null,
        upgradePolicy: spec.type === 'upgrade' ? 'snapshot' : null,
        scope: { type: 'partial', ...spec.scope },
        upgradeTimeout: spec.timeout,
        retry: null,
        schedule: null,
        maximumConcurrency: spec.concurrency,
        status: 'stopped',
        createTime: momentToTime(spec.created, now),
      });
      if (spec.started !== undefined) planned.push({ jobId, started: momentToTime(spec.started, now) });
    }
    const byId = new Map([...bySlug.values()].map((one) => [one.firmwareId, one]));
    return { firmware: byId, jobs, tasks: new Map(), planned };
  },
};

function hexOf(slug: string, digits: number): string {
  return createHash('sha256').update(slug).digest('hex').slice(0, digits);
}
