/**
 * Uploads on behalf of devices and logical assets: attributes, events, points, and the files that they name. One that is not
 * as the thing model says refuses the whole message.
 */
import { createHash } from 'node:crypto';
import { isObject } from '../../contract/documents.js';
import { ServiceError } from '../../operation.js';
import type { FormFile } from '../../multipart.js';
import type {
  OperationHandler,
  OperationRequest,
  ServiceHandlers,
  SimulatorContext,
} from '../../operation.js';
import { devices } from '../../parts/devices.js';
import { happenings } from '../../parts/events.js';
import { files, fileUri } from '../../parts/files.js';
import { invalidArgument } from '../../refusals.js';
import type { ModelFeature, WorldAsset, WorldModel } from '../../world/world.js';
import { storedValue } from './command-life.js';
import { requireAsset } from './identify.js';
import { changedAttributes, checkAttributes, checkValue } from './values.js';

const LOCAL = 'local://';

interface Message {
  params: Readonly<Record<string, unknown>>[];
  files?: Record<string, Record<string, unknown>>;
  isRealtimeIntegration?: boolean;
}

/** Each asset that a message is about, with what is said of it, its files stored and their URIs in place. */
function* entriesOf(
  request: OperationRequest,
  context: SimulatorContext,
): Iterable<{ asset: WorldAsset; model: WorldModel; entry: Record<string, unknown>; message: Message }> {
  const message = request.body['enos-message'] as Message;
  for (const param of message.params) {
    const asset = requireAsset(context.world, param);
    const model = context.world.models.get(asset.modelId);
    if (model === undefined) throw new Error(`${asset.assetId} has no model`);
    const store = (value: unknown): unknown => {
      if (typeof value === 'string' && value.startsWith(LOCAL))
        return storeFile(value.slice(LOCAL.length), asset, message, request.files, context);
      if (Array.isArray(value)) return value.map(store);
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, store(inner)]));
    };
    yield { asset, model, entry: store(param) as Record<string, unknown>, message };
  }
}

/** Stores a file that came with the message, and gives the URI by which the feature names it. */
function storeFile(
  name: string,
  asset: WorldAsset,
  message: Message,
  sent: readonly FormFile[],
  { world, ids, now }: SimulatorContext,
): string {
  const mapping = message.files?.[name];
  const file = sent.find(({ filename }) => filename === name);
  if (mapping === undefined || file === undefined)
    throw invalidArgument('files', `${name} is named but was not sent`);
  const md5 = createHash('md5').update(file.bytes).digest('hex');
  const told = mapping['md5'] as string | undefined;
  if (told !== undefined && told.toLowerCase() !== md5)
    throw invalidArgument(`files.${name}.md5`, 'is not that of the file');
  const all = world.parts.of(files);
  const original = typeof mapping['originalFilename'] === 'string' ? mapping['originalFilename'] : name;
  const uri = fileUri(ids.hex({ has: (id) => all.has(fileUri(id, original)) }, 16), original);
  all.set(uri, { uri, assetId: asset.assetId, name: original, bytes: file.bytes, createTime: now() });
  return uri;
}

const uploadAttributes: OperationHandler = (request, context) => {
  const { byId } = context.world.parts.of(devices);
  for (const { asset, model, entry } of entriesOf(request, context)) {
    const attributes = entry['attributes'] as Record<string, unknown>;
    checkAttributes(model, attributes);
    context.world.assets.set(asset.assetId, {
      ...asset,
      attributes: changedAttributes(asset.attributes, attributes),
    });
    const device = byId.get(asset.assetId);
    if (device !== undefined) byId.set(asset.assetId, { ...device, attributeUpdate: context.now() });
  }
  return { data: {} };
};

const uploadEvents: OperationHandler = (request, context) => {
  const { events } = context.world.parts.of(happenings);
  for (const { asset, model, entry } of entriesOf(request, context)) {
    const time = Number(entry['time']);
    for (const [key, output] of Object.entries(entry['events'] as Record<string, Record<string, unknown>>)) {
      const feature = Object.hasOwn(model.events, key) ? model.events[key] : undefined;
      if (feature === undefined) throw invalidArgument(`events.${key}`, 'is not in the thing model');
      const fields = (feature['outputData'] ?? []) as ModelFeature[];
      for (const [id, value] of Object.entries(output))
        checkValue(
          `events.${key}.${id}`,
          fields.find(({ identifier }) => identifier === id),
          value,
        );
      const eventId = context.ids.dated(events, time);
      events.set(eventId, { eventId, assetId: asset.assetId, key, output, time });
    }
  }
  return { data: {} };
};

const uploadMeasurementPoints: OperationHandler = (request, context) => {
  for (const { asset, model, entry, message } of entriesOf(request, context)) {
    const isOffline = message.isRealtimeIntegration === false;
    const time = Number(entry['time']);
    if (!Number.isSafeInteger(time) || time < 0)
      throw new ServiceError(99400, 'Invalid Argument time: no time');
    for (const [pointId, given] of Object.entries(entry['measurepoints'] as Record<string, unknown>)) {
      const point = Object.hasOwn(model.measurepoints, pointId) ? model.measurepoints[pointId] : undefined;
      // A point with quality may come as { value, quality }.
      const pair = point?.hasQuality === true && isObject(given) && 'value' in given ? given : null;
      const value = pair === null ? given : pair['value'];
      checkValue(`measurepoints.${pointId}`, point, value);
      const quality = point?.hasQuality === true ? Number(pair?.['quality'] ?? 0) : null;
      context.series.write(asset.assetId, pointId, { time, value: storedValue(value), quality, isOffline });
    }
  }
  return { data: {} };
};

/** Handlers of the integration channel's uploads. */
export const integrationHandlers: ServiceHandlers = {
  uploadAttributes,
  uploadEvents,
  uploadMeasurementPoints,
};
