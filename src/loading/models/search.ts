import { InputError, type Slice } from '../common.js';
import { and, EVERYTHING, expressionOf, field, isIn, type Condition, tagConditions } from '../expression.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { attempt, then } from '../maybe.js';
import { readWindow, windowLabel } from '../page-window.js';
import { modelsTag } from '../tags.js';
import { PLAIN_ARRAY, type ModelById } from './by-id.js';
import { FEATURES, modelSliceCodec } from './deferred.js';
import { modelPage, toModelRecord } from './record.js';
import type { ModelFilter, ModelLoaders, ModelRecord } from './types.js';

const SEARCH = 'model.searchThingModel';

/** EnOS advises 25 models a page and states no maximum; windows beyond this are read as several pages at once. */
const PAGES = { maxPageSize: 100 };

/** Lists of thing models: searchThingModel, whole models. */
export function createModelSearch(context: LoadContext, modelById: ModelById): ModelLoaders['search'] {
  return (orgId, filter, window) =>
    attempt(() => {
      const scope = searchScope(filter.scope ?? 'all', context.settings.edition);
      const expression = expressionOf(modelConditions(filter));
      if (expression === null) return { items: [], offset: window.offset, totalCount: 0 };
      const read = readList(context, {
        kind: 'model.search',
        operation: SEARCH,
        orgId,
        parts: [expression ?? null, scope, window.offset, window.limit],
        lifetime: context.settings.lifetimes.models,
        codec: modelSliceCodec,
        tags: [modelsTag(orgId)],
        label: `${expression ?? 'all'} ${windowLabel(window)}`,
        fetch: async (call, asOf): Promise<Slice<ModelRecord>> => {
          const page = await readWindow(window, PAGES, async (pagination) => {
            const reply = await call(
              SEARCH,
              {
                query: { orgId, scope },
                headers: PLAIN_ARRAY,
                body: { expression, pagination },
              },
              { defer: FEATURES },
            );
            return modelPage(reply.data, reply.body.pagination);
          });
          const items = page.items.map((raw) => toModelRecord(raw, SEARCH));
          modelById.store(
            items.map((model) => [{ orgId, modelId: model.modelId }, model]),
            asOf,
          );
          return { ...page, items };
        },
      });
      return then(read, (slice) => {
        for (const model of slice.items) modelById.prime({ orgId, modelId: model.modelId }, model);
        return slice;
      });
    });
}

function searchScope(scope: NonNullable<ModelFilter['scope']>, edition: string): 0 | 1 | 2 {
  if (scope === 'shared' && edition === '2.1') {
    throw new InputError('filter.scope: EnOS 2.1 cannot search shared models alone', 'filter.scope');
  }
  return { organization: 0, all: 1, shared: 2 }[scope] as 0 | 1 | 2;
}

function modelConditions(filter: ModelFilter): Condition {
  const tags = (name: string, argument: keyof ModelFilter, conditions: ModelFilter['tags']): Condition =>
    tagConditions(conditions, {
      field: name,
      argument: `filter.${argument}`,
      in: false,
      notExists: true,
      like: true,
    });
  return and(
    filter.modelIds === undefined ? EVERYTHING : isIn(field('modelId', 'filter.modelIds'), filter.modelIds),
    tags('tags', 'tags', filter.tags),
    tags('attribute_tags', 'attributeTags', filter.attributeTags),
    tags('measurepoint_tags', 'measurepointTags', filter.measurepointTags),
    tags('service_tags', 'serviceTags', filter.serviceTags),
    tags('event_tags', 'eventTags', filter.eventTags),
  );
}
