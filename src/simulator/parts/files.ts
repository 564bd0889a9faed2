/** Files of a world's assets: files.yaml. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WorldPart } from '../world/part.js';
import { momentSchema, momentToTime, slugSchema } from '../world/schema/common.js';
import { WorldError } from '../world/yaml.js';
import { devices } from './devices.js';

const schema = z.strictObject({
  files: z.array(
    z.strictObject({
      asset: slugSchema,
      name: z.string().min(1),
      text: z.string(),
      created: momentSchema,
      /** FILE attribute of the asset that names the file. */
      attribute: z.string().optional(),
    }),
  ),
});

/** A file that EnOS stores for an asset. */
export interface StoredFile {
  uri: string;
  assetId: string;
  name: string;
  bytes: Buffer;
  /** Unix milliseconds. */
  createTime: number;
}

/** The URI of a file; ids are 16 hex digits. */
export function fileUri(id: string, name: string): string {
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  return `enos-connect://${id}${extension}`;
}

/** Files by URI. */
export const files: WorldPart<z.infer<typeof schema>, Map<string, StoredFile>> = {
  file: 'files.yaml',
  schema,
  build: (content, { file, assets, idsOf, now, stateOf }) => {
    // Gateways may be named.
    stateOf(devices);
    const byUri = new Map<string, StoredFile>();
    for (const { asset, name, text, created, attribute } of content?.files ?? []) {
      const [assetId = ''] = idsOf(asset) ?? [];
      const owner = assets.get(assetId);
      if (owner === undefined) throw new WorldError(file, `no asset ${asset}`);
      const id = createHash('sha256').update(`file:${asset}:${name}`).digest('hex').slice(0, 16);
      const uri = fileUri(id, name);
      byUri.set(uri, {
        uri,
        assetId,
        name,
        bytes: Buffer.from(text),
        createTime: momentToTime(created, now),
      });
      if (attribute !== undefined)
        assets.set(assetId, { ...owner, attributes: { ...owner.attributes, [attribute]: uri } });
    }
    return byUri;
  },
};
