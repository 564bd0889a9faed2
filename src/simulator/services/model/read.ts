/**
 * Model Service: getThingModel and the two editions of searchThingModel.
 */
import { compileExpression } from '../../expression/select.js';
import type { FieldReader } from '../../expression/evaluate.js';
import { keyOf, ownValue } from '../../names.js';
import type { OperationHandler, OperationReply, OperationRequest, ServiceHandlers } from '../../operation.js';
import { pageInfo, pageOf, readPage } from '../../paging.js';
import type { ModelFeature, World, WorldModel } from '../../world/world.js';
import { invalidArgument, notFound } from '../../refusals.js';

const FEATURES = {
  attribute_tags: 'attributes',
  measurepoint_tags: 'measurepoints',
  service_tags: 'services',
  event_tags: 'events',
} as const;

const getThingModel: OperationHandler = ({ query }, { world }) => {
  const modelId = query.modelId ?? '';
  const model = world.models.get(modelId);
  if (model === undefined || !inScope(model, world, query.scope)) throw notFound('modelId', modelId);
  return { data: modelView(model) };
};

/** The 2.1 search; without its special header, a plain array comes wrapped in `items` from 2.2 on. */
const searchThingModel: OperationHandler = (request, { world }) => {
  if (request.body.expression !== undefined && request.body.relationFilter !== undefined) {
    throw invalidArgument('relationFilter', 'excludes expression');
  }
  const reply = searchModels(request, world);
  if (request.headers['response-format-type'] === 'response-format-type') return reply;
  return { ...reply, data: { items: reply.data }, rows: 'items' };
};

const searchThingModelV22: OperationHandler = (request, { world }) => searchModels(request, world);

function searchModels({ operationId, body, query }: OperationRequest, world: World): OperationReply {
  const test = compileExpression(operationId, body.expression);
  const related = relationTest(body.relationFilter as RelationFilter | undefined, world);
  const page = readPage(operationId, body);
  const models = [...world.models.values()].filter(
    (model) => inScope(model, world, query.scope) && related(model) && test(modelFields(model)),
  );
  return { data: pageOf(models, page).map(modelView), beside: pageInfo(page, models.length) };
}

/** scope 0: the organization's own models, 1: public ones as well, 2: public ones only. */
function inScope(model: WorldModel, world: World, scope: string | undefined): boolean {
  if (scope === '0') return model.orgId === world.orgId;
  return scope !== '2' || model.orgId !== world.orgId;
}

interface RelationFilter {
  relatedModelId: string;
  relationType: string;
}

function relationTest(filter: RelationFilter | undefined, world: World): (model: WorldModel) => boolean {
  if (filter === undefined) return () => true;
  const type = filter.relationType.toLowerCase();
  if (type !== 'child' && type !== 'descendant') {
    throw invalidArgument(
      'relationFilter.relationType',
      `${filter.relationType} is neither child nor descendant`,
    );
  }
  const path = world.models.get(filter.relatedModelId)?.modelIdPath;
  if (path === undefined) return () => false;
  return ({ modelIdPath }) => {
    if (!modelIdPath.startsWith(`${path}/`)) return false;
    return type === 'descendant' || !modelIdPath.slice(path.length + 1).includes('/');
  };
}

function modelFields(model: WorldModel): FieldReader {
  return (field) => {
    if (field === 'modelId') return [model.modelId];
    if (field === 'modelName') return [model.name.defaultValue, ...Object.values(model.name.i18nValue)];
    const key = keyOf(field);
    const map = field.slice(0, field.indexOf('.'));
    if (map === 'tags') return [ownValue(model.tags, key)];
    if (!Object.hasOwn(FEATURES, map)) return [];
    const features = model[FEATURES[map as keyof typeof FEATURES]] as Record<string, ModelFeature>;
    return Object.values(features).map(({ tags }) => ownValue(tags, key));
  };
}

function modelView(model: WorldModel): Record<string, unknown> {
  const { modelId, modelIdPath, orgId, name, desc, category, tags } = model;
  const { attributes, measurepoints, services, events } = model;
  return {
    modelId,
    modelIdPath,
    orgId,
    name,
    desc,
    category,
    tags,
    attributes,
    measurepoints,
    services,
    events,
  };
}

/** Handlers of reads. */
export const modelReadHandlers: ServiceHandlers = { getThingModel, searchThingModel, searchThingModelV22 };
