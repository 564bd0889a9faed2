/**
 * Fields with a resolver of their own that load nothing: they read what their object holds. Attributes and tags are fetched with the
 * asset where they are selected; the asset of a point is mostly the one that it was asked of.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Query: ['viewer'],
  Asset: ['attribute', 'attributeValues', 'point'],
  AttributeValue: ['unit'],
  ThingAttribute: ['description'],
  LocalizedString: ['value'],
  AssetPoint: ['id', 'asset'],
  Measurepoint: ['description'],
  ThingService: ['description'],
  ThingDatapoint: ['description'],
  ThingEvent: ['description'],
  Alert: [
    'id',
    'point',
    'occurredAt',
    'occurredTimestamp',
    'recoveredAt',
    'origin',
    'tags',
    'paths',
    'maskedBy',
  ],
  PointValue: ['freshness'],
  AssetTree: ['id', 'freshness', 'root', 'tags'],
};

/** Their coordinates, `Type.field`. */
export const FREE: ReadonlySet<string> = new Set(
  Object.entries(FIELDS).flatMap(([type, fields]) => fields.map((field) => `${type}.${field}`)),
);
