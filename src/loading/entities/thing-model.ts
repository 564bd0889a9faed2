/** Thing models of the Model Service: the types of assets. */
import type { Reply } from '../../enos/client.js';
import { isBefore } from '../../enos/editions.js';
import type { components } from '../../enos/generated/types/model.js';
import { InputError } from '../common.js';
import { entity, type SearchRead } from '../entity/description.js';
import { anyOf, oneWord, tagged, type FilterMember } from '../entity/filter.js';
import { getBy, searchBy } from '../entity/reads.js';
import { DeferredModel, isDeferred, modelCodec } from '../models/deferred.js';
import { FEATURES, type ModelRecord } from '../models/types.js';
import type { PageInfo } from '../page-window.js';

export type { ModelRecord } from '../models/types.js';

type RawModel = components['schemas']['ThingModel'];

/** Asks for a plain array in editions that would wrap it. */
export const PLAIN_ARRAY = { 'response-format-type': 'response-format-type' } as const;

const SCOPES = { organization: 0, all: 1, shared: 2 } as const;

/** getThingModel, searchThingModel. */
export const thingModel = entity<ModelRecord, RawModel & { modelId: string }>({
  type: 'ThingModel',
  nouns: { one: 'model', many: 'thing models' },
  key: 'modelId',
  right: { name: 'models:read', allows: 'see thing models' },
  assets: 'none',
  lifetime: { setting: 'CACHE_TTL_MODELS', fallback: 3_600_000 },
  get: getBy('model.getThingModel', ({ orgId, id }) => ({ query: { orgId, modelId: id } }), {
    defer: FEATURES,
  }),
  search: searchBy('model.searchThingModel', {
    args: ({ orgId, expression, pagination, parameters = {} }) => ({
      query: { orgId, ...(parameters as { scope?: 0 | 1 | 2 }) },
      headers: PLAIN_ARRAY,
      body: { expression, pagination },
    }),
    page: pageOf,
    // EnOS advises 25 models a page and states no maximum; models are heavy.
    maxPageSize: 100,
    defer: FEATURES,
  }),
  // What a model inherits changes with any of those above it.
  changesWith: ['ThingModel'],
  record: (raw) => {
    const model = {
      modelId: raw.modelId,
      makerOrgId: raw.orgId ?? null,
      name: raw.name ?? null,
      description: raw.desc || null,
      category: raw.category || null,
      modelIdPath: raw.modelIdPath ?? null,
      tags: raw.tags ?? {},
      attributes: raw.attributes,
      measurepoints: raw.measurepoints,
      services: raw.services,
      events: raw.events,
    };
    return isDeferred(model) ? new DeferredModel(model) : model;
  },
  codec: modelCodec,
  filter: {
    modelIds: anyOf('modelId', 'One of these models.'),
    tags: taggedBy('tags', 'Conditions on tags of the model.'),
    attributeTags: taggedBy('attribute_tags', 'Conditions on tags of its attributes.'),
    measurepointTags: taggedBy('measurepoint_tags', 'Conditions on tags of its measurement points.'),
    serviceTags: taggedBy('service_tags', 'Conditions on tags of its services.'),
    eventTags: taggedBy('event_tags', 'Conditions on tags of its events.'),
    scope: oneWord(
      {
        name: 'ModelScope',
        description: 'Whose thing models are listed.',
        values: {
          ALL: ['all', "The organization's own and the public ones."],
          ORGANIZATION: ['organization', "The organization's own."],
          SHARED: ['shared', 'Public ones only (EnOS 2.3 and later).'],
        },
      },
      'Whose models; ALL where absent.',
      (scope = 'all', argument, edition) => {
        if (scope === 'shared' && isBefore(edition, '2.3'))
          throw new InputError(`${argument}: EnOS ${edition} cannot search shared models alone`, argument);
        return SCOPES[scope as keyof typeof SCOPES];
      },
    ),
  },
});

function taggedBy(field: string, description: string): FilterMember {
  return tagged({ field, in: false, notExists: true, like: true }, description);
}

/**
 * The models are a plain array, or wrapped in editions that overlook the header. Where pagination stands beside wrapped models
 * is not documented: both are read.
 */
function pageOf({ data, body }: Reply<'model.searchThingModel'>): ReturnType<SearchRead['page']> {
  const inside = Array.isArray(data) ? undefined : (data as { pagination?: PageInfo | null }).pagination;
  return {
    items: Array.isArray(data) ? data : data.items,
    total: (body.pagination ?? inside)?.totalSize,
  };
}
