/**
 * New and changed assets: what the Asset Service and the Asset Tree Service have in common.
 */
import { ServiceError } from '../../operation.js';
import type { SimulatorContext } from '../../operation.js';
import { invalidArgument, notFound } from '../../refusals.js';
import { checkTags } from '../../tags.js';
import { misfitOf, missingOf, withDefaults } from '../../world/attributes.js';
import type { I18nText, WorldAsset, WorldModel } from '../../world/world.js';
import { isZone } from '../../world/zone.js';

/** A text as requests write it. */
export interface SentText {
  defaultValue: string;
  i18nValue?: Record<string, string> | null;
}

/** Fields of an asset in a request. */
export interface SentAsset {
  name?: SentText;
  description?: string | null;
  timezone?: string;
  attributes?: Record<string, unknown>;
  tags?: Record<string, string>;
}

/** A text as worlds keep it. */
export function toText({ defaultValue, i18nValue }: SentText): I18nText {
  return { defaultValue, i18nValue: i18nValue ?? {} };
}

/** Makes the refusal of attributes that do not fit: each operation has a code of its own for it. */
export type Misfit = (detail: string) => ServiceError;

/** Adds a logical asset to the world; gives its id. Refuses an unknown model, misfitting attributes, and a full world. */
export function addLogicalAsset(
  sent: SentAsset & { modelId: string; name: SentText; timezone: string },
  { world, now, ids }: SimulatorContext,
  misfit: Misfit,
): string {
  const { modelId, name, timezone, description = null, attributes = {}, tags = {} } = sent;
  const model = world.models.get(modelId);
  if (model === undefined) throw notFound('modelId', modelId);
  checkFields(sent);
  const wrong = misfitOf(model, attributes) ?? missingOf(model, attributes);
  if (wrong !== null) throw misfit(wrong);
  if (world.assets.size >= world.limits.assets) throw new ServiceError(17946, 'Quota limit error');
  const assetId = ids.short(world.assets);
  world.assets.set(assetId, {
    assetId,
    orgId: world.orgId,
    modelId,
    name: toText(name),
    description,
    timezone,
    label: '1',
    inValid: false,
    attributes: withDefaults(model, attributes),
    tags,
    createTime: now(),
    productKey: null,
    deviceKey: null,
    readable: true,
  });
  return assetId;
}

/** An asset with the given fields changed; attributes one by one, tags as a whole. A null attribute is cleared. */
export function patched(asset: WorldAsset, model: WorldModel, sent: SentAsset, misfit: Misfit): WorldAsset {
  checkFields(sent);
  const { name, description, timezone, attributes = {}, tags } = sent;
  const cleared = Object.keys(attributes).filter((id) => attributes[id] === null);
  const required = cleared.find((id) => model.attributes[id]?.['isRequired'] === true);
  const wrong =
    misfitOf(model, attributes) ?? (required === undefined ? null : `attribute ${required} is required`);
  if (wrong !== null) throw misfit(wrong);
  return {
    ...asset,
    ...(name === undefined ? {} : { name: toText(name) }),
    ...(description === undefined ? {} : { description }),
    ...(timezone === undefined ? {} : { timezone }),
    attributes: Object.fromEntries(
      Object.entries({ ...asset.attributes, ...attributes }).filter(([id]) => !cleared.includes(id)),
    ),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** An asset that keeps nothing but its id: what is not given is cleared, or takes the model's default. */
export function replaced(asset: WorldAsset, model: WorldModel, sent: SentAsset, misfit: Misfit): WorldAsset {
  const { name, timezone, description = null, attributes = {}, tags = {} } = sent;
  if (name === undefined) throw invalidArgument('name', 'is required');
  if (timezone === undefined) throw invalidArgument('timezone', 'is required');
  checkFields(sent);
  const wrong = misfitOf(model, attributes) ?? missingOf(model, attributes);
  if (wrong !== null) throw misfit(wrong);
  return {
    ...asset,
    name: toText(name),
    description,
    timezone,
    attributes: withDefaults(model, attributes),
    tags,
  };
}

function checkFields({ timezone, tags = {} }: SentAsset): void {
  if (timezone !== undefined && !isZone(timezone))
    throw invalidArgument('timezone', `${timezone} is neither an offset nor a zone`);
  checkTags('tags', tags);
}

/** The model of an asset that is there. */
export function modelOf(asset: WorldAsset, { world }: SimulatorContext): WorldModel {
  const model = world.models.get(asset.modelId);
  if (model === undefined) throw new Error(`Asset ${asset.assetId} has no model`);
  return model;
}
