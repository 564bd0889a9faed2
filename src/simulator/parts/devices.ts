/**
 * Devices of a world: devices.yaml. What an asset and its device have in common (name, time zone, attributes, tags, keys)
 * the asset holds; the device holds the rest.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { idOfSlug, uuidOfSlug } from '../world/ids.js';
import type { PartSurroundings, WorldPart } from '../world/part.js';
import {
  durationSchema,
  idSchema,
  slugSchema,
  tagsSchema,
  textSchema,
  timezoneSchema,
} from '../world/schema/common.js';
import type { WorldAsset } from '../world/world.js';
import { WorldError } from '../world/yaml.js';
import { products } from './products.js';

/** How a device takes commands and firmware. */
const behaviours = ['obeys', 'refuses', 'silent', 'unreachable'] as const;
const statuses = ['online', 'offline', 'inactive', 'disable', 'mirror'] as const;

/** One value for all, or several in turn. */
const inTurn = <T extends z.ZodType>(one: T) =>
  z
    .union([one, z.array(one).min(1)])
    .transform((given) => (Array.isArray(given) ? given : [given]) as z.infer<T>[]);

const fields = {
  product: slugSchema.optional(),
  /** Key within the product, `{n}` the number of the asset within the rule; the asset's slug without it. */
  key: z.string().min(4).max(64).optional(),
  /** Slug of the gateway. */
  gateway: slugSchema.optional(),
  firmware: inTurn(z.string()).optional(),
  status: inTurn(z.enum(statuses)).optional(),
  behaviour: inTurn(z.enum(behaviours)).optional(),
  /** How long ago a device that is online came online, or one that is offline went offline. */
  since: durationSchema.optional(),
};

const schema = z.strictObject({
  limits: z
    .strictObject({
      devicesPerProduct: z.number().int().min(1).default(10_000),
      subDevicesPerGateway: z.number().int().min(1).default(10_000),
      cachedCommandsPerDevice: z.number().int().min(1).default(50),
    })
    .prefault({}),
  /** Gateways: devices that are assets of their own, in no tree. */
  gateways: z
    .array(
      z.strictObject({
        slug: slugSchema,
        id: idSchema.optional(),
        name: textSchema,
        timezone: timezoneSchema,
        attributes: z.record(z.string(), z.unknown()).default({}),
        tags: tagsSchema,
        created: z.iso.datetime({ offset: true }).default('2023-10-31T08:00:00Z'),
        ...fields,
        product: slugSchema,
      }),
    )
    .default([]),
  /** Rules about assets; of two about one asset the later says what it says, and the earlier the rest. */
  devices: z
    .array(
      z.strictObject({ model: z.string().optional(), assets: z.array(slugSchema).optional(), ...fields }),
    )
    .default([]),
});
type Rule = z.infer<typeof schema>['devices'][number];

/** What an asset that is a device has beyond an asset. */
export interface Device {
  assetId: string;
  productKey: string;
  deviceKey: string;
  secret: string;
  /** As the connection stands. */
  connection: 'online' | 'offline' | 'inactive' | 'mirror';
  isDisabled: boolean;
  /** Device key of what a mirror copies. */
  mirrorSource: string | null;
  firmwareVersion: string | null;
  /** Asset id of the gateway that it hangs below. */
  gatewayId: string | null;
  /** Unix milliseconds; 0 for never. */
  activeTime: number;
  lastOnlineTime: number;
  lastOfflineTime: number;
  /** Last change of its attributes, Unix milliseconds. */
  attributeUpdate: number | null;
  behaviour: (typeof behaviours)[number];
}

/** The devices of a world, by asset id. */
export interface Devices {
  byId: Map<string, Device>;
  readonly limits: Readonly<z.infer<typeof schema>['limits']>;
}

/** The part. */
export const devices: WorldPart<z.infer<typeof schema>, Devices> = {
  file: 'devices.yaml',
  schema,
  build: (given, around) => {
    const content = given ?? schema.parse({});
    const byId = new Map<string, Device>();
    const gatewayIds = new Map<string, string>();
    for (const spec of content.gateways) gatewayIds.set(spec.slug, addGatewayAsset(spec, around));
    const rules = new Map<string, { rule: Rule; number: number; label: string }>();
    for (const rule of content.devices) {
      const assets = assetsOf(rule, around);
      assets.forEach((asset, index) => {
        const label = String(index + 1).padStart(String(assets.length).length, '0');
        const earlier = rules.get(asset.assetId);
        const merged = { ...earlier?.rule, ...definedIn(rule) };
        const keyed = rule.key === undefined && earlier !== undefined ? earlier.label : label;
        rules.set(asset.assetId, { rule: merged, number: index, label: keyed });
      });
    }
    const add = (asset: WorldAsset, rule: Rule, number: number, label: string): void => {
      byId.set(asset.assetId, makeDevice(asset, rule, { number, label, gatewayIds, around }));
    };
    for (const { slug, ...spec } of content.gateways) {
      const asset = around.assets.get(gatewayIds.get(slug) ?? '');
      if (asset !== undefined) add(asset, spec, 0, '1');
    }
    for (const [assetId, { rule, number, label }] of rules) {
      const asset = around.assets.get(assetId);
      if (asset !== undefined) add(asset, rule, number, label);
    }
    checkKeys(byId, around.file);
    return { byId, limits: content.limits };
  },
};

function definedIn(rule: Rule): Rule {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
}

function addGatewayAsset(
  spec: z.infer<typeof schema>['gateways'][number],
  { file, orgId, assets, name, stateOf }: PartSurroundings,
): string {
  const { byKey, bySlug } = stateOf(products);
  const product = byKey.get(bySlug.get(spec.product) ?? '');
  const assetId = spec.id ?? idOfSlug('asset', spec.slug);
  if (product === undefined) throw new WorldError(file, `gateway ${spec.slug}: no product ${spec.product}`);
  if (assets.has(assetId)) throw new WorldError(file, `gateway ${spec.slug}: the id ${assetId} is taken`);
  assets.set(assetId, {
    assetId,
    orgId,
    modelId: product.modelId,
    name: spec.name,
    description: null,
    timezone: spec.timezone,
    label: '0',
    inValid: false,
    attributes: spec.attributes,
    tags: spec.tags,
    createTime: Date.parse(spec.created),
    productKey: product.key,
    deviceKey: spec.key ?? spec.slug,
    readable: true,
  });
  name(spec.slug, assetId);
  return assetId;
}

function assetsOf(rule: Rule, { file, assets, idsOf, models }: PartSurroundings): WorldAsset[] {
  const { model, assets: slugs } = rule;
  if ((model === undefined) === (slugs === undefined))
    throw new WorldError(file, 'a rule about devices has either model or assets');
  if (model !== undefined) {
    if (!models.has(model)) throw new WorldError(file, `there is no model ${model}`);
    return [...assets.values()].filter(({ modelId, label }) => modelId === model && label === '0');
  }
  return (slugs ?? []).flatMap((slug) => {
    const ids = idsOf(slug);
    if (ids === undefined) throw new WorldError(file, `no asset or range ${slug}`);
    return ids.flatMap((id) => assets.get(id) ?? []);
  });
}

function makeDevice(
  asset: WorldAsset,
  rule: Rule,
  place: {
    number: number;
    label: string;
    gatewayIds: ReadonlyMap<string, string>;
    around: PartSurroundings;
  },
): Device {
  const { number, label, gatewayIds, around } = place;
  const { file, assets, now, stateOf } = around;
  const problem = (text: string): WorldError =>
    new WorldError(file, `device ${asset.deviceKey ?? asset.assetId}: ${text}`);
  const productKey = stateOf(products).bySlug.get(rule.product ?? '');
  const product = stateOf(products).byKey.get(productKey ?? '');
  if (product === undefined) throw problem(`no product ${rule.product ?? ''}`);
  if (product.modelId !== asset.modelId) throw problem(`product ${rule.product} is of ${product.modelId}`);
  const gatewayId = rule.gateway === undefined ? null : gatewayIds.get(rule.gateway);
  if (gatewayId === undefined) throw problem(`no gateway ${rule.gateway}`);
  const deviceKey = rule.key?.replaceAll('{n}', label) ?? asset.deviceKey ?? asset.assetId;
  assets.set(asset.assetId, { ...asset, productKey: product.key, deviceKey });
  const status = turn(rule.status, number) ?? 'online';
  const isActive = status !== 'inactive' && status !== 'mirror';
  // Spread over three days, so that not all of them look alike.
  const since = now - (rule.since ?? spread(asset.assetId) * 259_200_000);
  const isOffline = status === 'offline' || status === 'disable';
  return {
    assetId: asset.assetId,
    productKey: product.key,
    deviceKey,
    secret: uuidOfSlug(`device-secret:${asset.assetId}`).replaceAll('-', '').slice(0, 12),
    connection: status === 'disable' ? 'offline' : status,
    isDisabled: status === 'disable',
    mirrorSource: status === 'mirror' ? deviceKey : null,
    firmwareVersion: isActive ? (turn(rule.firmware, number) ?? null) : null,
    gatewayId,
    activeTime: isActive ? asset.createTime + 3_600_000 : 0,
    lastOnlineTime: isActive ? Math.floor(isOffline ? since - 86_400_000 : since) : 0,
    lastOfflineTime: isActive ? Math.floor(isOffline ? since : since - 300_000) : 0,
    attributeUpdate: asset.createTime,
    behaviour: turn(rule.behaviour, number) ?? 'obeys',
  };
}

function turn<T>(values: readonly T[] | undefined, number: number): T | undefined {
  return values?.[number % values.length];
}

/** A number from 0 to 1 that follows from an id. */
function spread(assetId: string): number {
  return createHash('sha256').update(assetId).digest().readUInt16BE(0) / 65_536;
}

function checkKeys(byId: ReadonlyMap<string, Device>, file: string): void {
  const taken = new Set<string>();
  for (const { productKey, deviceKey, gatewayId } of byId.values()) {
    const key = `${productKey} ${deviceKey}`;
    if (taken.has(key)) throw new WorldError(file, `device ${deviceKey} is there twice in ${productKey}`);
    taken.add(key);
    if (gatewayId !== null && !byId.has(gatewayId))
      throw new WorldError(file, `device ${deviceKey}: its gateway is no device`);
  }
}
