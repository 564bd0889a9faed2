/**
 * What is left of a caller's quotas, in the header fields that the IETF drafts for it (RateLimit and RateLimit-Policy of
 * draft-ietf-httpapi-ratelimit-headers): each policy by name, `q` its quota, `w` its window in seconds, `r` what remains,
 * `t` the seconds until all of it is there again.
 */
import type { Price, Quota } from './bucket.js';

/** Writes the header fields. */
export interface QuotaHeaders {
  of(left: Price): Readonly<Record<string, string>>;
}

/** Makes the writer; what never changes is written once. */
export function quotaHeaders(quota: Quota): QuotaHeaders {
  const units = (['requests', 'cost'] as const).filter((unit) => quota[unit] !== Number.POSITIVE_INFINITY);
  const seconds = Math.ceil(quota.windowMs / 1_000);
  const policy = units.map((unit) => `"${unit}";q=${quota[unit]};w=${seconds}`).join(', ');
  const remaining = (unit: keyof Price, left: Price): string => {
    const r = Math.max(0, Math.min(Math.floor(left[unit]), quota[unit]));
    return `"${unit}";r=${r};t=${Math.ceil((1 - r / quota[unit]) * seconds)}`;
  };
  return {
    of: (left) => ({
      'ratelimit-policy': policy,
      ratelimit: units.map((unit) => remaining(unit, left)).join(', '),
    }),
  };
}
