/** Quirks of assets, trees and thing models. */
import { LosslessNumber } from 'lossless-json';
import { ANY_ANSWER, eachObject, isObject, mapObjects, quirkOf, rowsOf } from './quirk.js';
import type { Json, Quirk, Reply } from './quirk.js';

const SEARCHES = ['searchAssetNode', 'searchRelatedAssetNode', 'searchAssetTree', 'searchAssetPath'];
const ASSETS = ['getAsset', 'getAssetTree', 'getAssetTrees', ...SEARCHES];
const MODELS = ['getThingModel', 'searchThingModel'];

function isAsked({ request }: Reply, member: string): boolean {
  const { projection } = request;
  return Array.isArray(projection) && projection.includes(member);
}

/** Calls `visit` on every asset of a reply, wherever it stands; on a tree path those of the map too. */
function eachAsset({ envelope, operationId }: Reply, visit: (asset: Json) => void): void {
  if (operationId === 'searchAssetPath') {
    const data = envelope['data'];
    if (isObject(data) && isObject(data['assets']))
      Object.values(data['assets']).filter(isObject).forEach(visit);
    return;
  }
  eachObject(envelope['data'], (object) => {
    if (typeof object['assetId'] === 'string') visit(object);
  });
}

function eachName(envelope: Json, visit: (name: Json) => void): void {
  eachObject(envelope['data'], ({ name }) => {
    if (isObject(name)) visit(name);
  });
}

/** The plain answer with every object's member of that name replaced. */
function withMember(member: string, value: unknown): (plain: unknown) => unknown {
  return (plain) =>
    mapObjects(plain, (object) => (member in object ? { ...object, [member]: value } : object));
}

/** Names in a chosen language are asked under the alias `localized`, besides the default one. */
function withDefaultNames(plain: unknown): unknown {
  return mapObjects(plain, (object) => ({
    ...object,
    ...(isObject(object['names']) && 'values' in object['names']
      ? { names: { ...object['names'], values: [] } }
      : {}),
    ...('localized' in object ? { localized: object['inDefault'] } : {}),
    // Of the examples.
    ...('nameInChinese' in object ? { nameInChinese: object['name'] } : {}),
  }));
}

export const ASSET_QUIRKS: Quirk[] = [
  quirkOf('desc instead of description', ['getAsset'], ({ envelope }) => {
    const data = envelope['data'] as Json;
    data['desc'] = data['description'];
    delete data['description'];
  }),
  quirkOf(
    'modelIdPath of assets is null',
    ASSETS,
    (reply) =>
      eachAsset(reply, (asset) => {
        if ('modelIdPath' in asset) asset['modelIdPath'] = null;
      }),
    { expected: withMember('assetModelPath', null) },
  ),
  quirkOf(
    'description of assets is null',
    ASSETS,
    (reply) =>
      eachAsset(reply, (asset) => {
        if ('description' in asset) asset['description'] = null;
      }),
    {
      expected: (plain) =>
        mapObjects(plain, (object) => ({
          ...object,
          ...('assetDescription' in object ? { assetDescription: null } : {}),
          // Of the examples: assets have a time zone there, models have none.
          ...('description' in object && 'timezone' in object ? { description: null } : {}),
        })),
    },
  ),
  quirkOf(
    'names without i18nValue',
    [...ASSETS, ...MODELS],
    ({ envelope }) => eachName(envelope, (name) => delete name['i18nValue']),
    { expected: withDefaultNames },
  ),
  quirkOf(
    'names with i18nValue null',
    [...ASSETS, ...MODELS],
    ({ envelope }) => eachName(envelope, (name) => Object.assign(name, { i18nValue: null })),
    { expected: withDefaultNames, beyondSchema: true },
  ),
  quirkOf(
    'languages that are null or empty',
    [...ASSETS, ...MODELS],
    ({ envelope }) =>
      eachName(envelope, (name) => {
        name['i18nValue'] = { ...(name['i18nValue'] as Json), ja_JP: '', es_ES: null, defaultValue: null };
      }),
    { beyondSchema: true },
  ),
  quirkOf(
    'empty attributes and tags of assets are null',
    ASSETS,
    (reply) =>
      eachAsset(reply, (asset) => {
        for (const member of ['attributes', 'tags']) {
          const map = asset[member];
          if (isObject(map) && Object.keys(map).length === 0) asset[member] = null;
        }
      }),
    { beyondSchema: true },
  ),
  quirkOf(
    'attributes and tags of assets are always null',
    ASSETS,
    (reply) =>
      eachAsset(reply, (asset) => {
        for (const member of ['attributes', 'tags']) if (member in asset) asset[member] = null;
      }),
    { beyondSchema: true, ...ANY_ANSWER },
  ),
  quirkOf('empty parts of projected assets are left out', SEARCHES, (reply) => {
    if (!Array.isArray(reply.request['projection'])) return;
    eachAsset(reply, (asset) => {
      for (const [member, value] of Object.entries(asset)) {
        if (value === null || (isObject(value) && Object.keys(value).length === 0)) delete asset[member];
      }
    });
  }),
  quirkOf('totalSzie instead of totalSize, and no sortedBy', SEARCHES, ({ envelope }) => {
    const pagination = envelope['pagination'];
    if (!isObject(pagination)) return;
    pagination['totalSzie'] = pagination['totalSize'];
    delete pagination['totalSize'];
    delete pagination['sortedBy'];
  }),
  quirkOf('no createTime and no childAssetNodeCount', ASSETS, (reply) =>
    eachAsset(reply, (asset) => {
      delete asset['createTime'];
      delete asset['childAssetNodeCount'];
    }),
  ),
  quirkOf('createTime and childAssetNodeCount although not asked for', SEARCHES, (reply) =>
    eachAsset(reply, (asset) => {
      asset['createTime'] = null;
      if (!isAsked(reply, 'childAssetNodeCount')) asset['childAssetNodeCount'] = new LosslessNumber('0');
      asset['label'] = '0';
      asset['inValid'] = false;
    }),
  ),
  quirkOf('trees of an asset without name', ['getAssetTrees'], ({ envelope }) => {
    for (const tree of Object.values(envelope['data'] as Json).flat() as Json[]) {
      delete tree['name'];
    }
  }),
  quirkOf('trees of assets that were not asked for', ['getAssetTrees'], ({ envelope }) => {
    const data = envelope['data'] as Json;
    data['nO0tAsk3d'] = Object.values(data)[0] ?? [];
  }),
  quirkOf('assets on paths do not repeat their id', ['searchAssetPath'], (reply) =>
    eachAsset(reply, (asset) => delete asset['assetId']),
  ),
];

/** Definitions of types are in this text; without it a value keeps the type that its JSON has. */
const features = (envelope: Json, visit: (feature: Json) => void): void =>
  eachObject(envelope['data'], (object) => {
    if (typeof object['identifier'] === 'string') visit(object);
  });

function wrap(envelope: Json): Json | undefined {
  if (!Array.isArray(envelope['data'])) return undefined;
  const data = { items: envelope['data'] };
  envelope['data'] = data;
  return data;
}

export const MODEL_QUIRKS: Quirk[] = [
  quirkOf('models are wrapped in items, pagination beside', ['searchThingModel'], ({ envelope }) => {
    wrap(envelope);
  }),
  quirkOf('models and pagination are wrapped', ['searchThingModel'], ({ envelope }) => {
    const data = wrap(envelope);
    if (data !== undefined) data['pagination'] = envelope['pagination'];
    delete envelope['pagination'];
  }),
  quirkOf(
    'models are wrapped in items, no pagination',
    ['searchThingModel'],
    ({ envelope }) => {
      wrap(envelope);
      delete envelope['pagination'];
    },
    // Without it nobody knows how many models there are.
    {
      comparable: (answer) =>
        mapObjects(answer, (object) => {
          const { totalCount, pageInfo, ...rest } = object;
          return totalCount === undefined ? { ...object } : { ...rest, known: pageInfo !== undefined };
        }),
    },
  ),
  quirkOf('features leave out what says nothing', MODELS, ({ envelope }) =>
    features(envelope, (feature) => {
      for (const member of [
        'dataDefinition',
        'defaultValue',
        'stdElementId',
        'isStdElement',
        'unit',
        'desc',
      ]) {
        if (feature[member] === null || feature[member] === false) delete feature[member];
      }
      for (const member of ['tags', 'inputData', 'outputData']) {
        const value = feature[member];
        if (isObject(value) && Object.keys(value).length === 0) delete feature[member];
        if (Array.isArray(value) && value.length === 0) delete feature[member];
      }
    }),
  ),
  quirkOf(
    'features without definition, default and standard element, as the sample of getThingModel',
    MODELS,
    ({ envelope }) =>
      features(envelope, (feature) => {
        for (const member of ['dataDefinition', 'defaultValue', 'stdElementId', 'isStdElement'])
          delete feature[member];
      }),
    ANY_ANSWER,
  ),
  quirkOf(
    'features without units',
    MODELS,
    ({ envelope }) =>
      features(envelope, (feature) => {
        if ('unit' in feature) feature['unit'] = null;
      }),
    { expected: withMember('unit', null) },
  ),
  quirkOf(
    'models without description, category and tags',
    MODELS,
    (reply) => {
      const { data } = reply.envelope;
      for (const model of isObject(data) ? [data] : rowsOf(reply)) {
        model['desc'] = null;
        delete model['category'];
        delete model['tags'];
      }
    },
    {
      expected: (plain) =>
        mapObjects(plain, (object) => ({
          ...object,
          ...('modelDescription' in object ? { modelDescription: null, modelTags: [] } : {}),
          ...('category' in object ? { category: null } : {}),
          // Of the examples: models have their path there.
          ...('description' in object && 'modelIdPath' in object ? { description: null } : {}),
        })),
    },
  ),
  quirkOf('searched models leave out maps that are empty', ['searchThingModel'], (reply) => {
    for (const model of rowsOf(reply)) {
      for (const member of ['attributes', 'measurepoints', 'services', 'events', 'tags']) {
        const map = model[member];
        if (isObject(map) && Object.keys(map).length === 0) delete model[member];
      }
    }
  }),
  quirkOf(
    'maps of models that are empty are null',
    MODELS,
    (reply) => {
      const { data } = reply.envelope;
      for (const model of isObject(data) ? [data] : rowsOf(reply)) {
        for (const member of ['attributes', 'measurepoints', 'services', 'events', 'tags']) {
          const map = model[member];
          if (isObject(map) && Object.keys(map).length === 0) model[member] = null;
        }
      }
    },
    { beyondSchema: true },
  ),
];
