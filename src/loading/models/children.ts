import type { Codec } from '../read/codec.js';
import type { Slice } from '../common.js';
import type { EnosCall } from '../enos-call.js';
import { PLAIN_ARRAY, thingModel, type ModelRecord } from '../entities/thing-model.js';
import { lifetimeOf, type SharedReads } from '../entity/loader.js';
import { recordOf } from '../entity/records.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { all, then, type MaybePromise } from '../maybe.js';
import { readAll } from '../page-window.js';
import { modelsTag } from '../tags.js';
import { modelCodec } from './deferred.js';
import { FEATURES, type ModelKey, type ModelLoaders } from './types.js';

const SEARCH = 'model.searchThingModel';
const WHOLE_MODELS = thingModel.search;
/** Ids and paths are light; an organization has 1000 models of its own unless its operator allows more. */
const LIGHT_MODELS = { maxPageSize: 1000 };

const modelsCodec: Codec<readonly ModelRecord[]> = {
  toJson: (models) => models.map((model) => modelCodec.toJson(model)),
  fromJson: (json) => json as ModelRecord[],
};

/** Direct heirs of a model: by relationFilter where the edition has it, else by comparing the paths of all models. */
export function createModelChildren(
  context: LoadContext,
  models: SharedReads<ModelRecord>,
): ModelLoaders['children'] {
  return context.settings.edition === '2.1'
    ? (key) => childrenByPath(context, models, key)
    : (key) => childrenByRelation(context, models, key);
}

function childrenByRelation(
  context: LoadContext,
  models: SharedReads<ModelRecord>,
  { orgId, modelId }: ModelKey,
): MaybePromise<readonly ModelRecord[]> {
  const read = readList<readonly ModelRecord[]>(context, {
    kind: 'model.children',
    operation: SEARCH,
    orgId,
    parts: [modelId],
    lifetime: lifetimeOf(context.settings, thingModel),
    codec: modelsCodec,
    tags: [modelsTag(orgId)],
    fetch: async (call, asOf) => {
      const { items } = await searchAll(call, orgId, WHOLE_MODELS, {
        relationFilter: { relatedModelId: modelId, relationType: 'child' },
      });
      models.store(items, asOf);
      return items;
    },
  });
  return then(read, (heirs) => {
    models.prime(heirs);
    return heirs;
  });
}

async function childrenByPath(
  context: LoadContext,
  models: SharedReads<ModelRecord>,
  { orgId, modelId }: ModelKey,
): Promise<ModelRecord[]> {
  const parents = await readList(context, {
    kind: 'model.parents',
    operation: SEARCH,
    orgId,
    parts: [],
    lifetime: lifetimeOf(context.settings, thingModel),
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
  // One may have been deleted since the list was read.
  const loaded = await all(heirs.map((heir) => models.find({ orgId, id: heir.modelId })));
  return loaded.filter((model) => model !== null);
}

/** The parent's id by the inheritance path `/root/parent/model`; null for a root model or an unknown path. */
function parentModelId(modelIdPath: string | null): string | null {
  const segments = (modelIdPath ?? '').split('/').filter((segment) => segment !== '');
  return segments.at(-2) ?? null;
}

async function searchAll(
  call: EnosCall,
  orgId: string,
  pages: { maxPageSize: number },
  body: { projection?: string[]; relationFilter?: { relatedModelId: string; relationType: string } },
): Promise<Slice<ModelRecord>> {
  return readAll(pages, async (pagination) => {
    const reply = await call(
      SEARCH,
      {
        query: { orgId },
        headers: PLAIN_ARRAY,
        body: { ...body, pagination },
      },
      { defer: FEATURES },
    );
    const { items, total } = thingModel.search.page(reply);
    return {
      items: items.map((raw) => recordOf(thingModel, raw, orgId, SEARCH)),
      info: { totalSize: total ?? null },
    };
  });
}
