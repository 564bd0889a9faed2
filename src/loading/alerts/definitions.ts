/** Severities, types, contents and rules by id. Records may name ids that exist nowhere: null, which is cached too. */
import { createBatchLoader } from '../batch-loader.js';
import { chunk, fetchInParts, groupBy } from '../chunk.js';
import type { EnosCall } from '../enos-call.js';
import { isQuotable } from '../expression.js';
import type { LoadContext } from '../load-context.js';
import { attempt, type MaybePromise } from '../maybe.js';
import { isNotFound } from '../not-found.js';
import { idsExpression } from './conditions.js';
import { contentOf, ruleOf, severityOf, typeOf } from './normalize.js';
import { definitionsTag } from '../tags.js';
import type { AlertLoaders } from './types.js';

/** As many ids as one page of definitions may hold. */
const MAX_IDS = 1000;

interface DefinitionKey {
  orgId: string;
  id: string;
}

interface DefinitionSpec<Value> {
  kind: string;
  operation:
    | 'alert.searchAlertSeverity'
    | 'alert.searchAlertType'
    | 'alert.searchAlertContent'
    | 'alert.searchAlertRule';
  idOf(value: Value): string;
  /** Definitions with these ids, as far as they exist. */
  search(call: EnosCall, orgId: string, ids: readonly string[]): Promise<readonly Value[]>;
  /** One definition alone, where EnOS has an operation for it. */
  get?: (call: EnosCall, orgId: string, id: string) => Promise<Value | null>;
}

/** The definition loaders: each kind by one search for all ids of a tick, a content alone by getAlertContent. */
export function createDefinitionLoaders(
  context: LoadContext,
): Pick<AlertLoaders, 'severity' | 'type' | 'content' | 'rule'> {
  return {
    severity: definitionLoader(context, {
      kind: 'alerts.severity',
      operation: 'alert.searchAlertSeverity',
      idOf: ({ severityId }) => severityId,
      search: async (call, orgId, ids) => {
        const reply = await call('alert.searchAlertSeverity', search(orgId, 'severityId', ids));
        return reply.data.map(severityOf);
      },
    }),
    type: definitionLoader(context, {
      kind: 'alerts.type',
      operation: 'alert.searchAlertType',
      idOf: ({ typeId }) => typeId,
      search: async (call, orgId, ids) => {
        const reply = await call('alert.searchAlertType', search(orgId, 'typeId', ids));
        return reply.data.flatMap((type) => {
          const { typeId } = type;
          return typeId === undefined ? [] : [typeOf({ ...type, typeId })];
        });
      },
    }),
    content: definitionLoader(context, {
      kind: 'alerts.content',
      operation: 'alert.searchAlertContent',
      idOf: ({ contentId }) => contentId,
      search: async (call, orgId, ids) => {
        const reply = await call('alert.searchAlertContent', search(orgId, 'contentId', ids));
        return reply.data.map(contentOf);
      },
      get: async (call, orgId, contentId) => {
        const reply = await call('alert.getAlertContent', { query: { orgId, contentId } });
        return contentOf(reply.data);
      },
    }),
    rule: definitionLoader(context, {
      kind: 'alerts.rule',
      operation: 'alert.searchAlertRule',
      idOf: ({ ruleId }) => ruleId,
      search: async (call, orgId, ids) => {
        const reply = await call('alert.searchAlertRule', search(orgId, 'ruleId', ids));
        return reply.data.map(ruleOf);
      },
    }),
  };
}

function definitionLoader<Value>(
  context: LoadContext,
  spec: DefinitionSpec<Value>,
): (orgId: string, id: string) => MaybePromise<Value | null> {
  const { lifetimes } = context.settings;
  const loader = createBatchLoader<DefinitionKey, Value | null>({
    context,
    kind: spec.kind,
    operation: spec.operation,
    keyOf: ({ id }) => [id],
    tags: ({ orgId }) => [definitionsTag(orgId)],
    lifetime: (value) => (value === null ? lifetimes.notFound : lifetimes.alertDefinitions),
    fetch: (keys, call) => {
      const parts = [...groupBy(keys, ({ orgId }) => orgId).values()].flatMap((group) =>
        chunk(group, MAX_IDS),
      );
      return fetchInParts(parts, async (part) => {
        const [first, ...others] = part;
        if (!first) return new Map<DefinitionKey, Value | null>();
        if (spec.get && others.length === 0) return new Map([[first, await getOne(spec.get, call, first)]]);
        const ids = part.map(({ id }) => id);
        const found = await spec.search(call, first.orgId, ids);
        const byId = new Map(found.map((value) => [spec.idOf(value), value]));
        return new Map(part.map((key) => [key, byId.get(key.id) ?? null]));
      });
    },
  });
  return (orgId, id) =>
    attempt(() => {
      // Refused alone, before it can spoil the search of the others.
      if (!isQuotable(id)) idsExpression('id', [id]);
      return loader.load({ orgId, id });
    });
}

async function getOne<Value>(
  get: NonNullable<DefinitionSpec<Value>['get']>,
  call: EnosCall,
  { orgId, id }: DefinitionKey,
): Promise<Value | null> {
  try {
    return await get(call, orgId, id);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function search(
  orgId: string,
  field: string,
  ids: readonly string[],
): {
  query: { orgId: string };
  body: { expression: string; pagination: { pageNo: number; pageSize: number } };
} {
  return {
    query: { orgId },
    body: { expression: idsExpression(field, ids), pagination: { pageNo: 1, pageSize: ids.length } },
  };
}
