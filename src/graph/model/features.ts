/**
 * The features of a thing model: attributes, measurement points, services, events, and the data points of the latter two.
 * All come with their model, from searchThingModel or getThingModel.
 */
import { GraphQLBoolean, GraphQLID, GraphQLString } from 'graphql';
import type { I18nText } from '../../loading/common.js';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import { featureOf } from '../../loading/models/deferred.js';
import { HiddenMemo } from '../selection.js';
import { Field, ObjectType } from '../decorators.js';
import { JsonScalar } from '../scalars/scalars.js';
import { Tag, toTags } from '../names.js';
import {
  parseDataDefinition,
  toDataType,
  type DataTypeName,
  type ValueType,
} from '../value/data-definition.js';
import { DataDefinition } from './data-definition.js';
import { DataType, EventLevel, SignalType, toSignalType } from './enums.js';
import { Unit, toUnit } from './unit.js';

/** Key of the model that a feature belongs to. */
export interface FeatureOwner {
  orgId: string;
  modelId: string;
}

type Entry<Name extends 'attributes' | 'measurepoints' | 'services' | 'events'> = NonNullable<
  ModelRecord[Name]
>[string];
type Datapoint = NonNullable<Entry<'events'>['outputData']>[number];

/** What every feature has. */
@ObjectType({ simpleResolvers: true })
export abstract class Feature {
  constructor(
    readonly identifier: string,
    private readonly feature: Datapoint,
  ) {}

  get text(): I18nText | null {
    return this.feature.name ?? null;
  }

  get descriptionText(): I18nText {
    return { defaultValue: this.feature.desc ?? null, i18nValue: this.feature.i18nDesc?.i18nValue ?? null };
  }

  @Field(() => [Tag], { description: 'Tags of the feature.' })
  get tags(): Tag[] {
    return toTags(this.feature.tags);
  }

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'URN of the industry-standard element that it is; null for one of its own.',
  })
  get standardElementId(): string | null {
    return this.feature.stdElementId ?? null;
  }
}

/** What every feature with values has. */
@ObjectType({ simpleResolvers: true })
export abstract class ValueFeature extends Feature {
  private type: ValueType | undefined;
  private knownType: { type: ValueType } | undefined;

  constructor(
    identifier: string,
    private readonly datapoint: Datapoint,
  ) {
    super(identifier, datapoint);
  }

  /** Type of the values, read once. */
  get valueType(): ValueType {
    this.type ??= {
      dataType: toDataType(this.datapoint.dataType),
      definition: parseDataDefinition(this.datapoint.dataDefinition),
    };
    return this.type;
  }

  /** The same for the values themselves, one object for all of them. */
  get known(): { type: ValueType } {
    return (this.knownType ??= { type: this.valueType });
  }

  @Field(() => DataType, {
    nullable: true,
    description: 'Type of the values; null for one that this server does not know.',
  })
  get dataType(): DataTypeName | null {
    return this.valueType.dataType;
  }

  @Field(() => DataDefinition, {
    nullable: true,
    description: 'Details of the data type; null for types without any.',
  })
  get dataDefinition(): DataDefinition | null {
    const { definition } = this.valueType;
    return definition && new DataDefinition(definition);
  }

  @Field(() => Unit, { nullable: true, description: 'Unit of the values; null where they have none.' })
  get unit(): Unit | null {
    return toUnit(this.datapoint.unit);
  }
}

@ObjectType({ simpleResolvers: true, description: 'A static attribute that a thing model declares.' })
export class ThingAttribute extends ValueFeature {
  constructor(
    attributeId: string,
    private readonly attribute: Entry<'attributes'>,
  ) {
    super(attributeId, attribute);
  }

  @Field(() => GraphQLID, { description: 'Id of the attribute, unique within its model.' })
  get attributeId(): string {
    return this.identifier;
  }

  @Field(() => GraphQLBoolean, { description: 'Whether every asset must set it.' })
  get isRequired(): boolean {
    return this.attribute.isRequired === true;
  }

  @Field(() => JsonScalar, { nullable: true, description: 'Value of assets that set none.' })
  get defaultValue(): unknown {
    return this.attribute.defaultValue;
  }
}

@ObjectType({ simpleResolvers: true, description: 'A measurement point that a thing model declares.' })
export class Measurepoint extends ValueFeature {
  constructor(
    pointId: string,
    private readonly point: Entry<'measurepoints'>,
    readonly owner: FeatureOwner,
  ) {
    super(pointId, point);
  }

  /** The name as EnOS sends it, for the loaders. */
  get rawSignalType(): string {
    return this.point.signalType ?? 'UNKNOWN';
  }

  @Field(() => GraphQLID, { description: 'Id of the point, unique within its model.' })
  get pointId(): string {
    return this.identifier;
  }

  @Field(() => SignalType, { description: 'Kind of point.' })
  get signalType(): SignalType {
    return toSignalType(this.point.signalType);
  }

  @Field(() => GraphQLBoolean, { description: 'Whether its values carry a quality code.' })
  get hasQuality(): boolean {
    return this.point.hasQuality === true;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'An argument or result of a service, or a field of an event.',
})
export class ThingDatapoint extends ValueFeature {
  @Field(() => GraphQLID, { name: 'identifier', description: 'Id of the datapoint.' })
  get datapointId(): string {
    return this.identifier;
  }
}

@ObjectType({ simpleResolvers: true, description: 'A service (command) that a thing model declares.' })
export class ThingService extends Feature {
  constructor(
    serviceId: string,
    private readonly service: Entry<'services'>,
  ) {
    super(serviceId, service);
  }

  @Field(() => GraphQLID, { description: 'Id of the service, unique within its model.' })
  get serviceId(): string {
    return this.identifier;
  }

  @Field(() => [ThingDatapoint], { description: 'Arguments that a call takes.' })
  get inputs(): ThingDatapoint[] {
    return toDatapoints(this.service.inputData);
  }

  @Field(() => [ThingDatapoint], { description: 'Results that a call returns.' })
  get outputs(): ThingDatapoint[] {
    return toDatapoints(this.service.outputData);
  }
}

@ObjectType({ simpleResolvers: true, description: 'An event that a thing model declares.' })
export class ThingEvent extends Feature {
  constructor(
    eventId: string,
    private readonly event: Entry<'events'>,
  ) {
    super(eventId, event);
  }

  @Field(() => GraphQLID, { description: 'Id of the event, unique within its model.' })
  get eventId(): string {
    return this.identifier;
  }

  @Field(() => EventLevel, { nullable: true, description: 'Weight of the event.' })
  get level(): keyof typeof EventLevel | null {
    return Object.values(EventLevel).find((level) => level === this.event.eventType) ?? null;
  }

  @Field(() => [ThingDatapoint], { description: 'What the event carries.' })
  get outputs(): ThingDatapoint[] {
    return toDatapoints(this.event.outputData);
  }
}

function toDatapoints(datapoints: readonly Datapoint[] | null | undefined): ThingDatapoint[] {
  return (datapoints ?? []).map((datapoint) => new ThingDatapoint(datapoint.identifier ?? '', datapoint));
}

/** One attribute of a model; null where it declares none of that id. */
export function attributeOf(model: ModelRecord, attributeId: string): ThingAttribute | null {
  const entry = featureOf(model, 'attributes', attributeId);
  return entry ? new ThingAttribute(attributeId, entry) : null;
}

/** Ids of the measurement points of a model. */
export function pointIdsOf({ measurepoints }: ModelRecord): string[] {
  return Object.keys(measurepoints ?? {});
}

/** Points that were asked for one by one live as long as the record, which nobody changes: many assets ask for the same. */
const known = new HiddenMemo<ModelRecord, Map<string, Measurepoint>>();

/** One measurement point of a model; null where it declares none of that id. */
export function pointOf(model: ModelRecord, pointId: string): Measurepoint | null {
  const points = known.get(model) ?? known.set(model, new Map<string, Measurepoint>());
  let point = points.get(pointId);
  if (point) return point;
  const entry = featureOf(model, 'measurepoints', pointId);
  if (!entry) return null;
  point = new Measurepoint(pointId, entry, { orgId: model.orgId, modelId: model.modelId });
  points.set(pointId, point);
  return point;
}
