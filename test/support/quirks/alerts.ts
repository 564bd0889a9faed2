/** Quirks of alerts and of their definitions. */
import { LosslessNumber } from 'lossless-json';
import { ANY_ANSWER, eachObject, isObject, mapObjects, quirkOf, rowsOf } from './quirk.js';
import type { Json, Quirk, Reply } from './quirk.js';

const EVENT_RECORDS = ['searchActiveAlerts', 'searchHistoryAlerts'];
const RECORDS = [...EVENT_RECORDS, 'searchAlerts'];
const DEFINITIONS = [
  'searchAlertSeverity',
  'searchAlertType',
  'searchAlertContent',
  'searchAlertRule',
  'getAlertContent',
];
const ALL = [...RECORDS, ...DEFINITIONS];

/** Texts of this service: severityDesc, typeDesc ... and content of alert-service. */
function eachText(envelope: Json, visit: (text: Json) => void): void {
  eachObject(envelope['data'], (object) => {
    for (const [member, text] of Object.entries(object)) {
      if (isObject(text) && (member.endsWith('Desc') || member === 'content')) visit(text);
    }
  });
}

const rename = (row: Json, from: string, to: string): void => {
  if (!(from in row)) return;
  row[to] = row[from];
  delete row[from];
};

/** Alerts of answers have `maskedBy` and `paths` under these names only. */
function withoutPaths(plain: unknown): unknown {
  return mapObjects(plain, (object) => ('paths' in object ? { ...object, paths: [] } : object));
}

const isEmptyMap = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

const contents = (reply: Reply): Json[] => {
  const { data } = reply.envelope;
  return isObject(data) ? [data] : rowsOf(reply);
};

export const ALERT_QUIRKS: Quirk[] = [
  quirkOf('a stray defaultValue among the languages', ALL, ({ envelope }) =>
    eachText(envelope, (text) => {
      text['i18nValue'] = { ...(isObject(text['i18nValue']) ? text['i18nValue'] : {}), defaultValue: null };
    }),
  ),
  quirkOf('languages that are empty or null', ALL, ({ envelope }) =>
    eachText(envelope, (text) => {
      text['i18nValue'] = {
        ...(isObject(text['i18nValue']) ? text['i18nValue'] : {}),
        ja_JP: '',
        es_ES: null,
      };
    }),
  ),
  quirkOf(
    'texts without defaultValue',
    ALL,
    ({ envelope }) => eachText(envelope, (text) => delete text['defaultValue']),
    ANY_ANSWER,
  ),
  quirkOf(
    'texts with defaultValue null',
    ALL,
    ({ envelope }) => eachText(envelope, (text) => Object.assign(text, { defaultValue: null })),
    ANY_ANSWER,
  ),
  quirkOf(
    'texts are null',
    ALL,
    ({ envelope }) =>
      eachObject(envelope['data'], (object) => {
        for (const member of Object.keys(object)) {
          if (member.endsWith('Desc') || (member === 'content' && isObject(object[member])))
            object[member] = null;
        }
      }),
    ANY_ANSWER,
  ),
  quirkOf('texts in one language only have no i18nValue', ALL, ({ envelope }) =>
    eachText(envelope, (text) => {
      if (isEmptyMap(text['i18nValue'])) delete text['i18nValue'];
    }),
  ),
  quirkOf(
    'values as numbers',
    RECORDS,
    (reply) => {
      for (const row of rowsOf(reply)) {
        const { value } = row;
        if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
          row['value'] = new LosslessNumber(value);
      }
    },
    {
      // The value of an alert is what EnOS sends, in the type that it sends.
      comparable: (answer) =>
        mapObjects(answer, (object) =>
          'value' in object ? { ...object, value: String(object['value']) } : object,
        ),
    },
  ),
  quirkOf('localRecoverTime and assetPaths', ['searchHistoryAlerts'], (reply) => {
    for (const row of rowsOf(reply)) {
      rename(row, 'recoverLocalTime', 'localRecoverTime');
      rename(row, 'assetPath', 'assetPaths');
    }
  }),
  quirkOf('assetPath beside assetPaths that are null', ['searchHistoryAlerts'], (reply) => {
    for (const row of rowsOf(reply)) {
      rename(row, 'assetPaths', 'assetPath');
      row['assetPaths'] = null;
    }
  }),
  quirkOf(
    'paths are null',
    RECORDS,
    (reply) => {
      for (const row of rowsOf(reply)) {
        for (const member of ['assetPath', 'assetPaths']) if (member in row) row[member] = null;
        const labels = row['metricTags'];
        if (!isObject(labels)) continue;
        for (const key of Object.keys(labels)) if (key.startsWith('assetTreePath')) delete labels[key];
      }
    },
    { expected: withoutPaths },
  ),
  quirkOf(
    'maskedBy as text',
    ['searchAlerts'],
    (reply) => {
      for (const row of rowsOf(reply)) row['maskedBy'] = `Lm3xE8Vd:${String(row['alertId'])}`;
    },
    {
      expected: (plain) =>
        mapObjects(plain, (object) =>
          object['state'] === 'HISTORY'
            ? { ...object, maskedBy: [{ treeId: 'Lm3xE8Vd', alertId: object['alertId'] }] }
            : object,
        ),
      // Those of a tree come from event-service also in edition 2.3.
      comparable: (answer) =>
        mapObjects(answer, ({ assetTree, ...rest }) =>
          assetTree === undefined ? rest : { ...rest, tree: true },
        ),
    },
  ),
  quirkOf('maskedBy of an alert that nothing masks is an empty list', RECORDS, (reply) => {
    for (const row of rowsOf(reply)) row['maskedBy'] ??= [];
  }),
  quirkOf('tags are null where there are none', ALL, ({ envelope }) =>
    eachObject(envelope['data'], (object) => {
      for (const member of ['tag', 'tags', 'ruleTags']) if (isEmptyMap(object[member])) object[member] = null;
    }),
  ),
  quirkOf('what is null or empty is left out', RECORDS, (reply) => {
    for (const row of rowsOf(reply)) {
      for (const [member, value] of Object.entries(row))
        if (value === null || isEmptyMap(value)) delete row[member];
    }
  }),
  quirkOf('records of alert-service without organization and times of storage', ['searchAlerts'], (reply) => {
    for (const row of rowsOf(reply)) {
      for (const member of [
        'orgId',
        'createTime',
        'updateTime',
        'localOccurTime',
        'localRecoverTime',
        'ruleTags',
        'inhibited',
      ]) {
        delete row[member];
      }
    }
  }),
  quirkOf(
    'records of alert-service without labels',
    ['searchAlerts'],
    (reply) => {
      for (const row of rowsOf(reply)) row['metricTags'] = null;
    },
    ANY_ANSWER,
  ),
  quirkOf('the kind of source of a record is named', ['searchAlerts'], (reply) => {
    for (const row of rowsOf(reply))
      row['dataSource'] = row['metricId'] === 'offline' ? 'device_status' : 'model_measurepoint';
  }),
  quirkOf('definitions without who and when', DEFINITIONS, (reply) => {
    for (const row of contents(reply)) {
      row['updatePerson'] = null;
      row['source'] = null;
      delete row['orgId'];
    }
  }),
  quirkOf(
    'a content without sub-type has an object without id there',
    ['searchAlertContent', 'getAlertContent'],
    (reply) => {
      for (const content of contents(reply)) {
        const { subAlertType } = content;
        if (!isObject(subAlertType) || typeof subAlertType['typeId'] !== 'string') {
          content['subAlertType'] = {
            typeDesc: { i18nValue: {} },
            tags: null,
            updateTime: new LosslessNumber('0'),
          };
        }
      }
    },
  ),
  quirkOf(
    'a content without sub-type has null there',
    ['searchAlertContent', 'getAlertContent'],
    (reply) => {
      for (const content of contents(reply)) {
        const { subAlertType } = content;
        if (!isObject(subAlertType) || typeof subAlertType['typeId'] !== 'string')
          content['subAlertType'] = null;
      }
    },
    { beyondSchema: true },
  ),
  quirkOf(
    'rules with the names of their severity, content and type',
    ['searchAlertRule'],
    (reply) => {
      for (const rule of rowsOf(reply)) {
        Object.assign(rule, {
          typeId: 'x',
          typeDesc: { defaultValue: 'x' },
          severityDesc: null,
          contentDesc: null,
        });
        if (String(rule['triggeringDelayTimer']) === '0') delete rule['triggeringDelayTimer'];
      }
    },
    {
      comparable: (answer) =>
        mapObjects(answer, ({ triggeringDelay, ...rest }) => ({
          ...rest,
          delayed: Boolean(triggeringDelay),
        })),
    },
  ),
];
