/** Thing models. */
import { GraphQLID, GraphQLString } from 'graphql';
import type { I18nText } from '../../loading/common.js';
import { featureOf } from '../../loading/models/deferred.js';
import type { ModelKey, ModelRecord } from '../../loading/models/types.js';
import { connectionType } from '../lists/connection-type.js';
import type { GraphContext } from '../context.js';
import { FRESHNESS, Freshness, freshnessOf } from '../freshness.js';
import { Arg, Ctx, Extensions, Field, ObjectType } from '../decorators.js';
import { FEATURE_LIST, idCountOf } from '../lists/limits.js';
import { Node, toGlobalId } from '../nodes/node.js';
import { Tag, toTags } from '../names.js';
import { Measurepoint, ThingAttribute, ThingEvent, ThingService } from './features.js';

/** A thing model, and the organization that it was asked for: a shared model names the one that made it. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'A thing model: the type of assets, with the attributes, measurement points, services and events that they have. From searchThingModel and getThingModel.',
})
export class ThingModel {
  /** Points that were asked for one by one: many assets ask for the same. */
  private readonly points = new Map<string, Measurepoint>();

  constructor(
    readonly modelKey: ModelKey,
    private readonly record: ModelRecord,
  ) {}

  get text(): I18nText | null {
    return this.record.name ?? null;
  }

  get id(): string {
    return toGlobalId('ThingModel', this.modelKey.orgId, this.modelId);
  }

  @Field(() => Freshness, FRESHNESS)
  freshness(@Ctx() context: GraphContext): Freshness | null {
    return freshnessOf(this.record, context);
  }

  @Field(() => GraphQLID, { description: 'Id of the model in EnOS.' })
  get modelId(): string {
    return this.record.modelId;
  }

  @Field(() => GraphQLID, {
    description: 'Organization that made the model; another one for a shared model.',
  })
  get orgId(): string {
    return this.record.orgId ?? this.modelKey.orgId;
  }

  @Field(() => GraphQLString, { nullable: true, description: 'What the model is for.' })
  get description(): string | null {
    return this.record.desc || null;
  }

  @Field(() => GraphQLString, { nullable: true, description: 'Category that the author gave to it.' })
  get category(): string | null {
    return this.record.category || null;
  }

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Ids of the models from the root of inheritance down to this one, as `/root/parent/model`.',
  })
  get modelIdPath(): string | null {
    return this.record.modelIdPath ?? null;
  }

  /** Ids of the models that it inherits from, root first. */
  get ancestorIds(): string[] {
    return (this.modelIdPath ?? '').split('/').filter((id) => id !== '' && id !== this.modelId);
  }

  @Field(() => [Tag], { description: 'Tags of the model.' })
  get tags(): Tag[] {
    return toTags(this.record.tags);
  }

  @Extensions({ listSize: FEATURE_LIST })
  @Field(() => [ThingAttribute], { description: 'Static attributes, inherited ones included.' })
  get attributes(): ThingAttribute[] {
    return Object.entries(this.record.attributes ?? {}).map(([id, entry]) => new ThingAttribute(id, entry));
  }

  attributeOf(attributeId: string): ThingAttribute | null {
    const entry = featureOf(this.record, 'attributes', attributeId);
    return entry ? new ThingAttribute(attributeId, entry) : null;
  }

  /** One measurement point; null where the model declares none of that id. */
  pointOf(pointId: string): Measurepoint | null {
    const known = this.points.get(pointId);
    if (known) return known;
    const entry = featureOf(this.record, 'measurepoints', pointId);
    if (!entry) return null;
    const point = new Measurepoint(pointId, entry, this.modelKey);
    this.points.set(pointId, point);
    return point;
  }

  get pointIds(): string[] {
    return Object.keys(this.record.measurepoints ?? {});
  }

  @Extensions({ listSize: FEATURE_LIST })
  @Field(() => [ThingService], { description: 'Services (commands) that can be called on assets.' })
  get services(): ThingService[] {
    return Object.entries(this.record.services ?? {}).map(([id, entry]) => new ThingService(id, entry));
  }

  @Extensions({ listSize: FEATURE_LIST })
  @Field(() => [ThingEvent], { description: 'Events that assets raise.' })
  get events(): ThingEvent[] {
    return Object.entries(this.record.events ?? {}).map(([id, entry]) => new ThingEvent(id, entry));
  }

  @Extensions({ listSize: idCountOf('pointIds', FEATURE_LIST) })
  @Field(() => [Measurepoint], { description: 'Measurement points, inherited ones included.' })
  measurepoints(
    @Arg('pointIds', () => [GraphQLID], {
      nullable: true,
      description: 'Only these; ids that the model lacks are left out.',
    })
    pointIds?: string[] | null,
  ): Measurepoint[] {
    return (pointIds ?? this.pointIds).flatMap((pointId) => this.pointOf(pointId) ?? []);
  }
}

/** Page of thing models. */
export const ThingModelConnection = connectionType('ThingModel', 'thing models', () => ThingModel);
