import { alert } from '../entities/alert.js';
import { lifetimeOf } from '../entity/loader.js';
import { lazily, attempt } from '../maybe.js';
import type { LoadContext } from '../load-context.js';
import { readList } from '../read/read-list.js';
import { entitiesTag } from '../tags.js';
import { windowLabel } from '../page-window.js';
import { createByIdLoader } from './by-id.js';
import { filterParts } from './conditions.js';
import { createCountActive } from './counts.js';
import { createOfAssetLoader } from './of-asset.js';
import { checkQuestion, searchAlerts, searchOperation } from './search.js';
import type { AlertLoaders } from './types.js';

/** The alert loaders of one request. */
export function createAlertLoaders(context: LoadContext): AlertLoaders {
  return {
    search: (orgId, state, filter, window) =>
      attempt(() => {
        const question = { orgId, state, filter };
        checkQuestion(question, context);
        return readList(context, {
          kind: 'alerts.search',
          operation: searchOperation(question, context),
          orgId,
          parts: [state, filterParts(filter), window.offset, window.limit],
          lifetime: lifetimeOf(context.settings, alert),
          tags: [entitiesTag(alert.type, orgId)],
          label: `${state} ${windowLabel(window)}`,
          fetch: async (call) => {
            const { items, offset, totalCount } = await searchAlerts(question, window, call, context);
            return { items, offset, totalCount };
          },
        });
      }),
    ...createOfAssetLoader(context),
    byId: lazily(() => createByIdLoader(context)),
    countActive: lazily(() => createCountActive(context)),
  };
}
