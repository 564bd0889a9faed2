import type { components } from '../../enos/generated/types/model.js';
import type { OperationId } from '../../enos/operation.js';
import { localError } from '../enos-call.js';
import { DeferredModel, isDeferred } from './deferred.js';
import type { Page, PageInfo } from '../page-window.js';
import type { ModelRecord } from './types.js';

type RawModel = components['schemas']['ThingModel'];
type Wrapped = components['schemas']['ThingModelItems'] & { pagination?: PageInfo | null };
type SearchData = RawModel[] | Wrapped;

/** The models of a searchThingModel reply: a plain array, or wrapped in editions that overlook the header. */
export function modelsOf(data: SearchData): RawModel[] {
  return Array.isArray(data) ? data : data.items;
}

/** A page of a searchThingModel reply. Where pagination stands beside wrapped models is not documented: both are read. */
export function modelPage(data: SearchData, pagination: PageInfo | null | undefined): Page<RawModel> {
  const inside = Array.isArray(data) ? undefined : data.pagination;
  return { items: modelsOf(data), info: pagination ?? inside };
}

/** A model as the graph sees it. Throws `EnosError` (invalid-response) for one without an id. */
export function toModelRecord(raw: RawModel, operation: OperationId): ModelRecord {
  const { modelId } = raw;
  if (typeof modelId !== 'string') {
    throw localError(operation, 'invalid-response', 'EnOS sent a model without modelId');
  }
  const record = { ...raw, modelId };
  return isDeferred(record) ? new DeferredModel(record) : record;
}

/** The parent's id by the inheritance path `/root/parent/model`; null for a root model or an unknown path. */
export function parentModelId(modelIdPath: string | null | undefined): string | null {
  const segments = (modelIdPath ?? '').split('/').filter((segment) => segment !== '');
  return segments.at(-2) ?? null;
}
