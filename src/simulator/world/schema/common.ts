/**
 * Building blocks of the world files: internationalised text, units, times, slugs.
 */
import { z } from 'zod';
import type { I18nText } from '../world.js';
import { isZone } from '../zone.js';

/** Text: plain, or `{ default, en_US, zh_CN ... }`. */
export const textSchema = z
  .union([z.string().min(1), z.object({ default: z.string().min(1) }).catchall(z.string())], {
    error: 'expected a text, or an object with "default" and texts per locale',
  })
  .transform((text): I18nText => {
    if (typeof text === 'string') return { defaultValue: text, i18nValue: {} };
    const { default: defaultValue, ...i18nValue } = text;
    return { defaultValue, i18nValue };
  });

/** Readable name inside the world's files, from which the id follows. */
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9{}-]*$/, 'expected a slug of lower-case letters, digits and hyphens');

/** An 8-character id that the file fixes. */
export const idSchema = z.string().regex(/^[A-Za-z0-9]{8}$/, 'expected 8 letters or digits');

/** UTC offset or IANA zone. */
export const timezoneSchema = z
  .string()
  .refine(isZone, 'expected a UTC offset such as "+08:00" or an IANA time zone such as Europe/Copenhagen');

export const tagsSchema = z.record(z.string(), z.string().max(200)).default({});

const DURATION = /^(\d+(?:\.\d+)?)(s|m|h|d)$/;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time such as `90s`, `10m`, `3h`, `2d`, in milliseconds. */
export const durationSchema = z
  .string()
  .regex(DURATION, 'expected a length of time such as 90s, 10m, 3h or 2d')
  .transform((text) => {
    const match = DURATION.exec(text);
    return Math.round(Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? 0));
  });

/** When something happened: before now (`-3h`), or at an instant in ISO 8601 with its offset. */
export type Moment = { before: number } | { at: number };

export const momentSchema = z.string().transform((text, context): Moment => {
  if (text.startsWith('-')) {
    const before = durationSchema.safeParse(text.slice(1));
    if (before.success) return { before: before.data };
  } else if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))) {
    return { at: Date.parse(text) };
  }
  context.addIssue({
    code: 'custom',
    message: 'expected a time before now such as -3h, or an instant such as 2024-03-10T08:00:00+01:00',
  });
  return z.NEVER;
});

/** Unix milliseconds of a moment. */
export function momentToTime(moment: Moment, now: number): number {
  return 'at' in moment ? moment.at : now - moment.before;
}

const MULTIPLIERS = [
  'YOTTA', 'ZETTA', 'EXA', 'PETA', 'TERA', 'GIGA', 'MEGA', 'KILO', 'HECTO', 'DECA', 'ONE',
  'DECI', 'CENTI', 'MILLI', 'MICRO', 'NANO', 'PICO', 'FEMTO', 'ATTO', 'ZEPTO', 'YOCTO',
] as const; // prettier-ignore

/** A unit: its id (`m/s`), or multiplier and id (`KILO W`), or none. */
export const unitSchema = z
  .string()
  .nullable()
  .default(null)
  .transform((text): { unitId: string; multiplier: string } | null => {
    if (text === null) return null;
    const multiplier = MULTIPLIERS.find((name) => text.startsWith(`${name} `)) ?? null;
    return multiplier
      ? { unitId: text.slice(multiplier.length + 1), multiplier }
      : { unitId: text, multiplier: 'ONE' };
  });
