import { createBatchLoader } from '../read/batch-loader.js';
import { fetchInParts, groupBy } from '../chunk.js';
import { InputError } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import { thingModel } from '../entities/thing-model.js';
import { lifetimeOf } from '../entity/loader.js';
import type { LoadContext } from '../load-context.js';
import { modelTag, modelsTag } from '../tags.js';
import type { ModelKey, ModelLoaders } from './types.js';

const METADATA = 'tsdb-policy.getMeasurementPointTsdbMetadata';

type StorageKinds = Readonly<Record<string, readonly string[]>>;

/** The list of models travels in the URL: bytes of it that one call may take. */
const MAX_LIST_BYTES = 4_000;

/** Kinds of storage per point: getMeasurementPointTsdbMetadata for many models at once, all their points. */
export function createModelStorage(context: LoadContext): ModelLoaders['storage'] {
  const loader = createBatchLoader<ModelKey, StorageKinds>({
    context,
    kind: 'model.storage',
    operation: METADATA,
    keyOf: (key) => [key.modelId],
    lifetime: lifetimeOf(context.settings, thingModel),
    tags: ({ orgId, modelId }) => [modelTag(orgId, modelId), modelsTag(orgId)],
    fetch: (keys, call) => {
      const parts = [...groupBy(keys, (key) => key.orgId).values()].flatMap(partsThatFit);
      return fetchInParts(parts, (part) => fetchKinds(part, call));
    },
  });
  return (key) => {
    if (key.modelId.includes(',')) {
      return Promise.reject(
        new InputError('modelId: EnOS cannot be asked for an id with a comma here', 'modelId'),
      );
    }
    return loader.load(key);
  };
}

/** All keys of one organization. */
async function fetchKinds(keys: readonly ModelKey[], call: EnosCall): Promise<Map<ModelKey, StorageKinds>> {
  const modelIds = keys.map((key) => key.modelId).join(',');
  const { data } = await call(METADATA, { query: { orgId: keys[0]?.orgId ?? '', modelIds } });
  const kinds = new Map(data.map((model) => [model.modelId, flatKinds(model.tsdb_metadata)]));
  // A model without an entry has no storage policy, or does not exist: nothing of it is stored either way.
  return new Map(keys.map((key) => [key, kinds.get(key.modelId) ?? {}]));
}

/** Samples show a map from point to kinds, the table types it as a list of such maps. */
function flatKinds(metadata: StorageKinds | readonly StorageKinds[] | null | undefined): StorageKinds {
  if (metadata == null) return {};
  return Array.isArray(metadata)
    ? Object.fromEntries((metadata as readonly StorageKinds[]).flatMap((points) => Object.entries(points)))
    : (metadata as StorageKinds);
}

function partsThatFit(keys: readonly ModelKey[]): ModelKey[][] {
  const parts: ModelKey[][] = [];
  let room = 0;
  for (const key of keys) {
    // Each id with the separator, which is written as three characters in a query.
    const bytes = encodeURIComponent(key.modelId).length + 3;
    const part = parts.at(-1);
    if (part === undefined || bytes > room) {
      parts.push([key]);
      room = MAX_LIST_BYTES - bytes;
    } else {
      part.push(key);
      room -= bytes;
    }
  }
  return parts;
}
