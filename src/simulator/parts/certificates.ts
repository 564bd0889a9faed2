/** Certificates of a world's devices: certificates.yaml. */
import { z } from 'zod';
import type { WorldPart } from '../world/part.js';
import { momentSchema, momentToTime, slugSchema } from '../world/schema/common.js';
import { WorldError } from '../world/yaml.js';
import { devices } from './devices.js';

/** Reasons of a revocation by the numbers of requests, in the words of replies. */
export const REASONS: Readonly<Record<number, string>> = {
  0: 'UNSPECIFIED',
  1: 'KEY COMPROMISE',
  3: 'AFFILIATION CHANGED',
  4: 'SUPERSEDED',
  5: 'CESSATION OF OPERATION',
  6: 'CERTIFICATE HOLD',
  9: 'PRIVILEGE WITHDRAWN',
};

const schema = z.strictObject({
  certificates: z.array(
    z.strictObject({
      /** One for each of these assets. */
      assets: z.array(slugSchema),
      /** Serial number of the first; counted on from 60001 without it. */
      sn: z.number().int().min(1).optional(),
      issued: momentSchema,
      days: z.number().int().min(1),
      authority: z.enum(['RSA', 'ECC']).default('RSA'),
      revoked: z
        .strictObject({ at: momentSchema, reason: z.union([0, 1, 3, 4, 5, 6, 9].map((n) => z.literal(n))) })
        .optional(),
    }),
  ),
});

/** A certificate of a device. */
export interface Certificate {
  /** Serial number, decimal text. */
  sn: string;
  assetId: string;
  /** The request that was signed, in PEM. */
  csr: string;
  authority: 'RSA' | 'ECC';
  /** Unix milliseconds. */
  signTime: number;
  expireTime: number;
  revoked: { by: string; reason: string; time: number } | null;
}

/** Certificates by serial number. */
export const certificates: WorldPart<z.infer<typeof schema>, Map<string, Certificate>> = {
  file: 'certificates.yaml',
  schema,
  build: (content, { file, idsOf, now, stateOf }) => {
    // Gateways may be named.
    stateOf(devices);
    const bySn = new Map<string, Certificate>();
    for (const { assets, sn: first, issued, days, authority, revoked } of content?.certificates ?? []) {
      for (const slug of assets) {
        const ids = idsOf(slug);
        if (ids === undefined) throw new WorldError(file, `no asset or range ${slug}`);
        for (const assetId of ids) {
          const sn =
            first !== undefined && !bySn.has(String(first)) ? String(first) : String(60_001 + bySn.size);
          const signTime = momentToTime(issued, now);
          bySn.set(sn, {
            sn,
            assetId,
            csr: `request of ${assetId} at ${signTime}`,
            authority,
            signTime,
            expireTime: signTime + days * 86_400_000,
            revoked:
              revoked === undefined
                ? null
                : {
                    by: 'IoT_Hub',
                    reason: REASONS[revoked.reason] ?? '',
                    time: momentToTime(revoked.at, now),
                  },
          });
        }
      }
    }
    return bySn;
  },
};
