/**
 * event-service, definitions: searches of alert severities, types and contents, and getAlertContent.
 */
import type { FieldReader } from '../../../expression/evaluate.js';
import { compileExpression } from '../../../expression/select.js';
import { keyOf, languageOf, ownValue, textsIn } from '../../../names.js';
import type { OperationHandler, ServiceHandlers } from '../../../operation.js';
import type { I18nText, World, WorldAlertContent, WorldAlertType } from '../../../world/world.js';
import { notFound } from '../../../refusals.js';
import { searchDefinitions } from './pages.js';

const searchAlertSeverity: OperationHandler = (request, { world }) => {
  const test = compileExpression(request.operationId, request.body.expression);
  const rows = [...world.severities.values()].filter((severity) =>
    test((field) =>
      field === 'severityId' ? [severity.severityId] : [ownValue(severity.tags, keyOf(field))],
    ),
  );
  // `source` is a remnant that samples still show.
  return searchDefinitions(request, rows, (severity) => ({ ...severity, source: null }));
};

const searchAlertType: OperationHandler = (request, { world }) => {
  const test = compileExpression(request.operationId, request.body.expression);
  const rows = [...world.alertTypes.values()].filter((type) =>
    test((field) => {
      if (field === 'typeId') return [type.typeId];
      return field === 'parentTypeId' ? [type.parentTypeId] : [ownValue(type.tags, keyOf(field))];
    }),
  );
  return searchDefinitions(request, rows, (type) => ({ ...type, typeDesc: strayDefault(type.typeDesc) }));
};

const searchAlertContent: OperationHandler = (request, { world }) => {
  const { modelId, alertTypeId, subAlertTypeId, expression } = request.body;
  const test = compileExpression(request.operationId, expression);
  const rows = [...world.alertContents.values()].filter(
    (content) =>
      (modelId === undefined || content.modelId === modelId) &&
      (alertTypeId === undefined || content.alertTypeId === alertTypeId) &&
      (subAlertTypeId === undefined || content.subAlertTypeId === subAlertTypeId) &&
      test(contentFields(content)),
  );
  return searchDefinitions(request, rows, (content) => contentView(content, world));
};

const getAlertContent: OperationHandler = ({ query }, { world }) => {
  const contentId = query.contentId ?? '';
  const content = world.alertContents.get(contentId);
  if (content === undefined) throw notFound('contentId', contentId);
  // The sample shows the action echoed beside data.
  return { data: contentView(content, world), beside: { action: 'get' } };
};

function contentFields(content: WorldAlertContent): FieldReader {
  return (field) => {
    switch (field) {
      case 'contentId':
        return [content.contentId];
      case 'modelId':
        return [content.modelId];
      case 'alertTypeId':
        return [content.alertTypeId];
      case 'subAlertTypeId':
        return [content.subAlertTypeId];
    }
    if (field.startsWith('tags.')) return [ownValue(content.tags, keyOf(field))];
    return textsIn(content.contentDesc, languageOf(field));
  };
}

function contentView(content: WorldAlertContent, world: World): Record<string, unknown> {
  const { contentId, contentDesc, modelId, orgId, updatePerson, updateTime, tags } = content;
  return {
    contentId,
    contentDesc,
    modelId,
    orgId,
    updatePerson,
    updateTime,
    alertType: embeddedType(world.alertTypes.get(content.alertTypeId), orgId),
    subAlertType: embeddedType(world.alertTypes.get(content.subAlertTypeId ?? ''), orgId),
    tags,
  };
}

/** A type inside a content is less complete; without one, an object that lacks typeId comes all the same. */
function embeddedType(type: WorldAlertType | undefined, orgId: string): Record<string, unknown> {
  return {
    ...(type === undefined ? {} : { typeId: type.typeId }),
    orgId,
    parentTypeId: type?.parentTypeId ?? null,
    updatePerson: null,
    source: null,
    typeDesc: type === undefined ? { i18nValue: {} } : strayDefault(type.typeDesc),
    tags: type?.tags ?? {},
    updateTime: 0,
  };
}

/** Samples of types show a stray key `defaultValue` among the languages. */
function strayDefault(text: I18nText): object {
  return { defaultValue: text.defaultValue, i18nValue: { defaultValue: null, ...text.i18nValue } };
}

/** Handlers of severities, types and contents. */
export const definitionSearchHandlers: ServiceHandlers = {
  searchAlertSeverity,
  searchAlertType,
  searchAlertContent,
  getAlertContent,
};
