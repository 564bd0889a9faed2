/**
 * Fields with a resolver that load nothing: they read what their object holds. Attributes and tags are fetched with the
 * asset where they are selected; the asset of a point is mostly the one that it was asked of.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Query: ['viewer'],
  Asset: ['id', 'freshness', 'attributes', 'attribute', 'attributeValues', 'tags', 'point', 'name', 'names'],
  AttributeValue: ['unit'],
  ThingAttribute: ['description', 'name', 'names'],
  EnumOption: ['name', 'names'],
  LocalizedString: ['value'],
  StructMember: ['name', 'names'],
  EnumValue: ['name', 'names'],
  StructField: ['name', 'names'],
  AssetPoint: ['id', 'asset'],
  Measurepoint: ['description', 'name', 'names'],
  ThingModel: ['freshness', 'measurepoints', 'attribute', 'measurepoint', 'name', 'names'],
  ThingService: ['description', 'name', 'names'],
  ThingDatapoint: ['description', 'name', 'names'],
  ThingEvent: ['description', 'name', 'names'],
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
  AlertSeverity: ['name', 'names'],
  AlertType: ['name', 'names'],
  AlertContent: ['name', 'names'],
  AlertRule: ['name', 'names'],
  PointValue: ['freshness'],
  AssetTree: ['id', 'freshness', 'root', 'tags', 'name', 'names'],
};

/** Their coordinates, `Type.field`. */
export const FREE: ReadonlySet<string> = new Set(
  Object.entries(FIELDS).flatMap(([type, fields]) => fields.map((field) => `${type}.${field}`)),
);
