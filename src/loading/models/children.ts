import type { Slice } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { then, type MaybePromise } from '../maybe.js';
import { isNotFound } from '../../enos/errors.js';
import { readAll } from '../page-window.js';
import { modelsTag } from '../tags.js';
import { PLAIN_ARRAY, type ModelById } from './by-id.js';
import { FEATURES, modelsCodec } from './deferred.js';
import { modelPage, parentModelId, toModelRecord } from './record.js';
import type { ModelKey, ModelLoaders, ModelRecord } from './types.js';

const SEARCH = 'model.searchThingModel';
const WHOLE_MODELS = { maxPageSize: 100 };
/** Ids and paths are light; an organization has 1000 models of its own unless its operator allows more. */
const LIGHT_MODELS = { maxPageSize: 1000 };

/** Direct heirs of a model: by relationFilter where the edition has it, else by comparing the paths of all models. */
export function createModelChildren(context: LoadContext, modelById: ModelById): ModelLoaders['children'] {
  return context.settings.edition === '2.1'
    ? (key) => childrenByPath(context, modelById, key)
    : (key) => childrenByRelation(context, modelById, key);
}

function childrenByRelation(
  context: LoadContext,
  modelById: ModelById,
  { orgId, modelId }: ModelKey,
): MaybePromise<ModelRecord[]> {
  const read = readList(context, {
    kind: 'model.children',
    operation: SEARCH,
    orgId,
    parts: [modelId],
    lifetime: context.settings.lifetimes.models,
    codec: modelsCodec,
    tags: [modelsTag(orgId)],
    fetch: async (call, asOf) => {
      const { items } = await searchAll(call, orgId, WHOLE_MODELS, {
        relationFilter: { relatedModelId: modelId, relationType: 'child' },
      });
      modelById.store(
        items.map((model) => [{ orgId, modelId: model.modelId }, model]),
        asOf,
      );
      return items;
    },
  });
  return then(read, (heirs) => {
    for (const model of heirs) modelById.prime({ orgId, modelId: model.modelId }, model);
    return heirs;
  });
}

async function childrenByPath(
  context: LoadContext,
  modelById: ModelById,
  { orgId, modelId }: ModelKey,
): Promise<ModelRecord[]> {
  const parents = await readList(context, {
    kind: 'model.parents',
    operation: SEARCH,
    orgId,
    parts: [],
    lifetime: context.settings.lifetimes.models,
    tags: [modelsTag(orgId)],
    label: 'all',
    fetch: async (call) => {
      const { items } = await searchAll(call, orgId, LIGHT_MODELS, {
        projection: ['modelId', 'modelIdPath'],
      });
      return items.map((model) => ({ modelId: model.modelId, parentId: parentModelId(model.modelIdPath) }));
    },
  });
  const heirs = parents.filter((model) => model.parentId === modelId);
  const loaded = await Promise.all(
    heirs.map(async (heir) => {
      try {
        return await modelById.load({ orgId, modelId: heir.modelId });
      } catch (error) {
        // Deleted since the list was read.
        if (isNotFound(error)) return null;
        throw error;
      }
    }),
  );
  return loaded.filter((model) => model !== null);
}

async function searchAll(
  call: EnosCall,
  orgId: string,
  pages: { maxPageSize: number },
  body: { projection?: string[]; relationFilter?: { relatedModelId: string; relationType: string } },
): Promise<Slice<ModelRecord>> {
  const all = await readAll(pages, async (pagination) => {
    const reply = await call(
      SEARCH,
      {
        query: { orgId },
        headers: PLAIN_ARRAY,
        body: { ...body, pagination },
      },
      { defer: FEATURES },
    );
    return modelPage(reply.data, reply.body.pagination);
  });
  return { ...all, items: all.items.map((raw) => toModelRecord(raw, SEARCH)) };
}
