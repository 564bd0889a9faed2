import { createBatchLoader, type BatchLoader } from '../read/batch-loader.js';
import type { EnosCall } from '../enos-call.js';
import { field } from '../expression.js';
import { fetchByIds, searchForIds } from '../read/fetch-by-ids.js';
import type { LoadContext } from '../load-context.js';
import { FEATURES, modelCodec } from './deferred.js';
import { modelsOf, toModelRecord } from './record.js';
import { modelTag, modelsTag } from '../tags.js';
import type { ModelKey, ModelRecord } from './types.js';

const GET = 'model.getThingModel';
const SEARCH = 'model.searchThingModel';

/** No maximum is documented; models are heavy, so a batch is kept to what one reply should hold. */
const MODELS_PER_SEARCH = 100;

/** Asks for a plain array in editions that would wrap it. */
export const PLAIN_ARRAY = { 'response-format-type': 'response-format-type' } as const;

/** Thing models by id, shared by all loaders of a request. */
export type ModelById = BatchLoader<ModelKey, ModelRecord>;

/** Models by id: getThingModel for one alone, searchThingModel for many. */
export function createModelById(context: LoadContext): ModelById {
  return createBatchLoader({
    context,
    kind: 'model',
    operation: SEARCH,
    keyOf: (key: ModelKey) => [key.modelId],
    lifetime: context.settings.lifetimes.models,
    codec: modelCodec,
    // What a model inherits changes with any of those above it.
    tags: ({ orgId, modelId }) => [modelTag(orgId, modelId), modelsTag(orgId)],
    fetch: (keys, call) =>
      fetchByIds(keys, {
        idOf: (key) => key.modelId,
        maxIds: MODELS_PER_SEARCH,
        search: (orgId, ids) => searchMany(orgId, ids, call),
        get: (key) => getOne(key, call),
      }),
  });
}

async function searchMany(
  orgId: string,
  ids: readonly string[],
  call: EnosCall,
): Promise<Map<string, ModelRecord>> {
  const { data } = await call(
    SEARCH,
    {
      query: { orgId },
      headers: PLAIN_ARRAY,
      body: searchForIds(field('modelId', 'modelId'), ids),
    },
    { defer: FEATURES },
  );
  return new Map(
    modelsOf(data).flatMap((raw) =>
      raw.modelId === undefined ? [] : [[raw.modelId, toModelRecord(raw, SEARCH)]],
    ),
  );
}

async function getOne({ orgId, modelId }: ModelKey, call: EnosCall): Promise<ModelRecord> {
  const { data } = await call(GET, { query: { orgId, modelId } }, { defer: FEATURES });
  return toModelRecord(data, GET);
}
