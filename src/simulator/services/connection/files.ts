/** Files of assets, and of firmware: information, download, delete. */
import { createHash } from 'node:crypto';
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { files } from '../../parts/files.js';
import type { StoredFile } from '../../parts/files.js';
import { firmware } from '../../parts/firmware.js';
import { requireAsset } from './identify.js';

interface FoundFile extends StoredFile {
  category: 'feature' | 'ota';
  signMethod: string | null;
  sign: string | null;
}

/** The file of an asset, or, of the category ota, a firmware for its product. */
function findFile({ query }: OperationRequest, { world }: SimulatorContext, category: string): FoundFile {
  const asset = requireAsset(world, query);
  const uri = query['fileUri'] ?? '';
  if (category === 'ota') {
    for (const one of world.parts.of(firmware).firmware.values()) {
      if (one.fileUri !== uri || (one.productKey ?? asset.productKey) !== asset.productKey) continue;
      const { filename: name, bytes, createTime, signMethod, sign } = one;
      return { uri, assetId: asset.assetId, name, bytes, createTime, category, signMethod, sign };
    }
  } else {
    const file = world.parts.of(files).get(uri);
    if (file?.assetId === asset.assetId)
      return { ...file, category: 'feature', signMethod: null, sign: null };
  }
  throw new ServiceError(99404, `Not Found fileUri: ${uri}`);
}

const getFile: OperationHandler = (request, context) => {
  const file = findFile(request, context, request.query['category'] ?? '');
  return {
    data: {
      orgId: context.world.orgId,
      category: file.category,
      fileUri: file.uri,
      originalFilename: file.name,
      fileSize: file.bytes.length,
      md5: createHash('md5').update(file.bytes).digest('hex'),
      signMethod: file.signMethod,
      sign: file.sign,
      createTime: file.createTime,
    },
  };
};

const downloadFile: OperationHandler = (request, context) => ({
  data: null,
  file: findFile(request, context, request.query['category'] ?? ''),
});

/** `data` is an empty object, not null. */
const deleteFile: OperationHandler = (request, context) => {
  const { uri } = findFile(request, context, 'feature');
  context.world.parts.of(files).delete(uri);
  return { data: {} };
};

/** Handlers of files. */
export const fileHandlers: ServiceHandlers = { getFile, downloadFile, deleteFile };
