/**
 * Assets of a world: single ones and numbered ranges, with the place where each stands.
 */
import { idOfSlug } from './ids.js';
import type { AssetFile, AssetSpec, Place, RangeSpec } from './schema/asset.js';
import type { WorldAsset, WorldModel } from './world.js';
import { WorldError } from './yaml.js';

/** The assets, and how the other files of the world name them. */
export interface AssetBook {
  assets: Map<string, WorldAsset>;
  /** Asset id by slug. */
  bySlug: Map<string, string>;
  /** Asset ids by slug of range, in order. */
  ranges: Map<string, string[]>;
  /** Place by asset id. */
  places: Map<string, Place>;
}

/** Ids of an asset's slug (one) or of a range's (all); undefined for a slug that names neither. */
export function idsOf(book: AssetBook, slug: string): string[] | undefined {
  const one = book.bySlug.get(slug);
  return one === undefined ? book.ranges.get(slug) : [one];
}

/** Makes every asset of the files. */
export function buildAssets(
  files: readonly { file: string; content: AssetFile }[],
  models: ReadonlyMap<string, WorldModel>,
  orgId: string,
): AssetBook {
  const book: AssetBook = { assets: new Map(), bySlug: new Map(), ranges: new Map(), places: new Map() };
  for (const { file, content } of files) {
    const { place } = content;
    for (const spec of content.assets) addAsset(book, file, place, spec, models, orgId);
    for (const range of content.ranges) {
      if (book.ranges.has(range.range)) throw new WorldError(file, `range ${range.range} is there twice`);
      const ids: string[] = [];
      for (let n = 1; n <= range.count; n++) {
        ids.push(addAsset(book, file, place, numbered(range, n, place), models, orgId));
      }
      book.ranges.set(range.range, ids);
    }
  }
  for (const range of book.ranges.keys()) {
    if (book.bySlug.has(range)) throw new WorldError('assets', `${range} names both an asset and a range`);
  }
  return book;
}

function addAsset(
  book: AssetBook,
  file: string,
  place: Place,
  spec: AssetSpec,
  models: ReadonlyMap<string, WorldModel>,
  orgId: string,
): string {
  const problem = (text: string): WorldError => new WorldError(file, `asset ${spec.slug}: ${text}`);
  const assetId = spec.id ?? idOfSlug('asset', spec.slug);
  if (book.bySlug.has(spec.slug)) throw problem('the slug is there twice');
  if (book.assets.has(assetId)) throw problem(`the id ${assetId} is there twice`);
  const model = models.get(spec.model);
  if (!model) throw problem(`no model ${spec.model}`);
  for (const id of Object.keys(spec.attributes)) {
    if (!(id in model.attributes)) throw problem(`model ${spec.model} has no attribute ${id}`);
  }
  const attributes: Record<string, unknown> = {};
  for (const [id, definition] of Object.entries(model.attributes)) {
    const value = spec.attributes[id] ?? definition['defaultValue'];
    if (value !== null && value !== undefined) attributes[id] = value;
    else if (definition['isRequired'] === true) throw problem(`expected a value for the attribute ${id}`);
  }
  book.bySlug.set(spec.slug, assetId);
  book.places.set(assetId, place);
  book.assets.set(assetId, {
    assetId,
    orgId,
    modelId: spec.model,
    name: spec.name,
    description: spec.description,
    timezone: spec.timezone ?? place.timezone,
    label: spec.logical ? '1' : '0',
    inValid: !spec.valid,
    attributes,
    tags: spec.tags,
    createTime: Date.parse(spec.created),
    productKey: spec.logical ? null : idOfSlug('product', spec.model),
    deviceKey: spec.logical ? null : spec.slug,
    readable: spec.readable,
  });
  return assetId;
}

const METRES_PER_DEGREE = 111_320;

/** The n-th asset of a range, from 1. */
function numbered(range: RangeSpec, n: number, place: Place): AssetSpec {
  const { grid, ...fields } = range;
  const label = String(n).padStart(String(range.count).length, '0');
  const fill = (text: string): string => text.replaceAll('{n}', label);
  const attributes = Object.fromEntries(
    Object.entries(range.attributes).map(([id, value]) => [id, attributeOf(value, n, fill)]),
  );
  if (grid) {
    const east = ((n - 1) % grid.columns) * grid.spacing;
    const north = Math.floor((n - 1) / grid.columns) * grid.spacing;
    const shrink = Math.cos((place.latitude * Math.PI) / 180);
    attributes['latitude'] = Number((place.latitude + north / METRES_PER_DEGREE).toFixed(6));
    attributes['longitude'] = Number((place.longitude + east / METRES_PER_DEGREE / shrink).toFixed(6));
  }
  return {
    ...fields,
    slug: fill(range.slug),
    id: range.ids[n - 1],
    name: {
      defaultValue: fill(range.name.defaultValue),
      i18nValue: Object.fromEntries(
        Object.entries(range.name.i18nValue).map(([locale, text]) => [locale, fill(text)]),
      ),
    },
    description: range.description === null ? null : fill(range.description),
    attributes,
    tags: Object.fromEntries(Object.entries(range.tags).map(([key, text]) => [key, fill(text)])),
  };
}

function attributeOf(value: unknown, n: number, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const rule = value as Record<string, unknown>;
  if (Array.isArray(rule['cycle'])) return rule['cycle'][(n - 1) % rule['cycle'].length] as unknown;
  const { from, step } = rule;
  // Serial numbers may lie beyond 2^53, where only bigint counts exactly.
  if (typeof from === 'bigint') return from + BigInt(n - 1) * BigInt(typeof step === 'number' ? step : 1);
  if (typeof from === 'number') return from + (n - 1) * (typeof step === 'number' ? step : 1);
  return value;
}
