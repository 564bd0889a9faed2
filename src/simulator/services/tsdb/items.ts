/**
 * The three shapes of data.items.
 */
import type { OperationReply, OperationRequest } from '../../operation.js';
import type { WorldAsset, WorldSample } from '../../world/world.js';
import type { LocalTimeStyle } from './time.js';
import { localTime, localTimeStyle } from './time.js';

/** A value of a reply; null where interpolation found none. */
export interface Reading extends Omit<WorldSample, 'value'> {
  value: WorldSample['value'] | null;
}

/** Readings of one asset under one key: the point, or the expression as it was sent. */
export interface KeyedReadings {
  asset: WorldAsset;
  key: string;
  readings: Reading[];
}

/** How to write the items. */
export interface ItemStyle {
  itemFormat: 0 | 1 | 2;
  /** Null where no localtime is wanted. */
  localTime: LocalTimeStyle | null;
  withQuality: boolean;
  /** Some operations send every value as text. */
  asText: boolean;
  descending: boolean;
}

/** The style that a request asks for; `extra` adds what depends on the operation. */
export function itemStyle(body: OperationRequest['body'], extra: Partial<ItemStyle> = {}): ItemStyle {
  const format = body['itemFormat'];
  return {
    itemFormat: format === 1 || format === 2 ? format : 0,
    localTime: localTimeStyle(body),
    withQuality: false,
    asText: false,
    descending: false,
    ...extra,
  };
}

/** The reply's data in the shape asked for; keys without readings give no item. */
export function itemsReply(groups: readonly KeyedReadings[], style: ItemStyle): OperationReply {
  const filled = groups.filter(({ readings }) => readings.length > 0);
  switch (style.itemFormat) {
    case 0:
      return { data: { items: filled.flatMap((group) => records(group, style)) } };
    case 1:
      return { data: { items: merged(filled, style) } };
    case 2:
      return { data: { items: filled.map((group) => columns(group, style)) } };
  }
}

function head(asset: WorldAsset, time: number, style: ItemStyle): Record<string, unknown> {
  const item: Record<string, unknown> = { assetId: asset.assetId, timestamp: time };
  if (style.localTime) item['localtime'] = localTime(asset, time, style.localTime);
  return item;
}

function valueOf({ value }: Reading, asText: boolean): Reading['value'] {
  return asText && value !== null ? String(value) : value;
}

function records({ asset, key, readings }: KeyedReadings, style: ItemStyle): Record<string, unknown>[] {
  return readings.map((reading) => {
    const item = head(asset, reading.time, style);
    item[key] = valueOf(reading, style.asText);
    if (style.withQuality) item['quality'] = reading.quality === null ? null : String(reading.quality);
    return item;
  });
}

/** One item per asset and instant. Quality has no place in this shape. */
function merged(groups: readonly KeyedReadings[], style: ItemStyle): Record<string, unknown>[] {
  const byAsset = new Map<WorldAsset, Map<number, Record<string, unknown>>>();
  for (const { asset, key, readings } of groups) {
    let instants = byAsset.get(asset);
    if (!instants) byAsset.set(asset, (instants = new Map<number, Record<string, unknown>>()));
    for (const reading of readings) {
      let item = instants.get(reading.time);
      if (!item) instants.set(reading.time, (item = head(asset, reading.time, style)));
      item[key] = valueOf(reading, style.asText);
    }
  }
  const order = style.descending ? -1 : 1;
  return [...byAsset.values()].flatMap((instants) =>
    [...instants.entries()].sort(([a], [b]) => (a - b) * order).map(([, item]) => item),
  );
}

/** Parallel arrays. As in EnOS's one sample, values are texts and localTime has a blank before the offset. */
function columns({ asset, key, readings }: KeyedReadings, style: ItemStyle): Record<string, unknown> {
  const format = style.localTime;
  const item: Record<string, unknown> = { assetId: asset.assetId, pointId: key };
  if (format) item['localTime'] = readings.map(({ time }) => localTime(asset, time, format, ' '));
  item['timestamp'] = readings.map(({ time }) => time);
  item['value'] = readings.map((reading) => valueOf(reading, true));
  if (style.withQuality) item['dataQuality'] = readings.map(({ quality }) => quality);
  return item;
}
