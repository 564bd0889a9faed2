/** Points of assets, their values and series. */
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt } from 'graphql';
import type { AssetRecord } from '../../loading/entities/asset.js';
import type { MaybePromise } from '../../loading/maybe.js';
import type { Sample } from '../../loading/series/types.js';
import type { GraphContext } from '../context.js';
import { Ctx, Extensions, Field, ObjectType } from '../decorators.js';
import { FRESHNESS, Freshness, freshnessOf } from '../freshness.js';
import type { ModelRecord } from '../../loading/entities/thing-model.js';
import { Unit } from '../model/unit.js';
import { Node } from '../nodes/node.js';
import { BigIntScalar, DateTime, Duration, JsonScalar } from '../scalars/scalars.js';
import { coerceValue } from '../value/coerce.js';
import type { ValueType } from '../value/data-definition.js';
import { toTyped } from '../value/typed.js';
import { Value, type TypedValue } from '../value/types.js';

/** What points of one asset have in common. */
interface KnownOfPoint {
  readonly asset?: AssetRecord;
  readonly modelId?: string | null;
  /** The model, once one of them has needed it. */
  model?: ModelRecord;
}

/** A measurement point of one asset. Made without any call: what it holds besides the ids spares calls later. */
@Extensions({ isMadePerRequest: true })
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'A measurement point of one asset: its definition, latest value and series. Those of a point that the thing model lacks are null, and `extensions.warnings` tell.',
})
export class AssetPoint {
  constructor(
    readonly orgId: string,
    readonly assetId: string,
    pointId: string,
    /** The asset itself, or what an alert says of its model. */
    readonly known: KnownOfPoint,
  ) {
    this.pointId = pointId;
  }

  @Field(() => GraphQLID, { description: 'Id of the point, unique within the model of the asset.' })
  pointId: string;
}

/** Type of a value, or why it is not known. */
export type KnownType = { type: ValueType } | { failure: unknown };

/**
 * A type that may still be awaited: values need not wait for it before they are shown, and those of one point wait for
 * one and the same.
 */
export class TypeToCome {
  private known: KnownType | undefined;

  constructor(private readonly coming: Promise<KnownType>) {
    void coming.then((known) => {
      this.known = known;
    });
  }

  /** What `read` makes of the type, at once where it has come. */
  read<T>(read: (known: KnownType) => T): MaybePromise<T> {
    return this.known ? read(this.known) : this.coming.then(read);
  }
}

/** What is known of the type of a value. */
export type TypeOfValue = KnownType | TypeToCome;

/** What `read` makes of a type, at once where it is known. */
function withType<T>(type: TypeOfValue, read: (known: KnownType) => T): MaybePromise<T> {
  return type instanceof TypeToCome ? type.read(read) : read(type);
}

/** A value as a member of the union; throws, or rejects, with what kept its type from being known. */
function typedValue(value: unknown, type: TypeOfValue): MaybePromise<TypedValue | null> {
  return withType(type, (known) => {
    if ('failure' in known) throw known.failure;
    return toTyped(value, known.type);
  });
}

function coerced({ value }: Sample, known: KnownType): unknown {
  return 'type' in known ? coerceValue(value, known.type) : value;
}

/** A value at an instant. */
@ObjectType({ simpleResolvers: true, description: 'A value of a point at an instant.' })
export class PointValue {
  constructor(
    private readonly sample: Sample,
    private readonly known: TypeOfValue,
  ) {}

  @Field(() => Freshness, FRESHNESS)
  freshness(@Ctx() context: GraphContext): Freshness | null {
    return freshnessOf(this.sample, context);
  }

  @Field(() => DateTime, { description: 'When it was measured; the start of the interval for an aggregate.' })
  get time(): number {
    return this.sample.time;
  }

  @Field(() => BigIntScalar, { description: 'The same in Unix milliseconds.' })
  get timestamp(): number {
    return this.sample.time;
  }

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'The value in the type of its point, null where it cannot be read in it. As EnOS sent it where the thing model could not be read.',
  })
  get value(): unknown {
    const { known } = this;
    return known instanceof TypeToCome
      ? known.read((come) => coerced(this.sample, come))
      : coerced(this.sample, known);
  }

  @Field(() => Value, {
    nullable: true,
    description: 'The value as a member of a union, by the data type of its point.',
  })
  get typed(): MaybePromise<TypedValue | null> {
    return typedValue(this.sample.value, this.known);
  }

  @Field(() => GraphQLInt, {
    nullable: true,
    description: 'Quality code of the value; null where the point has none or EnOS sends none.',
  })
  get quality(): number | null {
    return this.sample.quality;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'What the values of a series amount to, before `maxPoints` thins them out.',
})
export class SeriesStatistics {
  @Field(() => GraphQLInt, { description: 'Number of values that are there; gaps do not count.' })
  count!: number;

  @Field(() => GraphQLInt, {
    nullable: true,
    description: 'Number of stored values that went in, where known: intervals that EnOS aggregates hide it.',
  })
  rawCount!: number | null;

  @Field(() => GraphQLFloat, { nullable: true, description: 'Smallest value, as a double. Numbers only.' })
  min!: number | null;

  @Field(() => GraphQLFloat, { nullable: true, description: 'Greatest value, as a double. Numbers only.' })
  max!: number | null;

  @Field(() => PointValue, {
    nullable: true,
    description:
      'The value that `min` is of, and when; the earliest of equals. Exact at any size. Numbers only.',
  })
  lowest!: PointValue | null;

  @Field(() => PointValue, {
    nullable: true,
    description:
      'The value that `max` is of, and when; the earliest of equals. Exact at any size. Numbers only.',
  })
  highest!: PointValue | null;

  @Field(() => GraphQLFloat, {
    nullable: true,
    description: 'Mean of the values, each counting the same. Numbers only.',
  })
  mean!: number | null;

  @Field(() => GraphQLFloat, { nullable: true, description: 'Sum of the values. Numbers only.' })
  sum!: number | null;

  @Field(() => PointValue, { nullable: true, description: 'Earliest value.' })
  first!: PointValue | null;

  @Field(() => PointValue, { nullable: true, description: 'Latest value.' })
  last!: PointValue | null;

  @Field(() => GraphQLBoolean, {
    description: 'Whether the stretch holds more values than `limit` let through.',
  })
  truncated!: boolean;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Values of a point over a stretch of time, earliest first.',
})
export class Series {
  constructor(
    unit: Unit | null,
    values: readonly PointValue[],
    /** Looks at all values: only where their statistics are asked for. */
    private readonly summarize: () => SeriesStatistics,
  ) {
    this.unit = unit;
    this.values = values;
  }

  @Field(() => Unit, { nullable: true, description: 'Unit of the values; null where they have none.' })
  unit: Unit | null;

  @Field(() => [PointValue], { description: 'The values. A gap in the data is a gap here, never a zero.' })
  values: readonly PointValue[];

  @Field(() => SeriesStatistics, { description: 'What they amount to.' })
  get statistics(): SeriesStatistics {
    return this.summarize();
  }
}

@ObjectType({ simpleResolvers: true, description: 'Time that a point spent in one state.' })
export class StateDuration {
  constructor(
    state: number | null,
    milliseconds: number,
    private readonly known: TypeOfValue,
  ) {
    this.state = state;
    this.duration = milliseconds;
    this.milliseconds = milliseconds;
  }

  @Field(() => GraphQLInt, { nullable: true, description: 'The state; null for time without a known state.' })
  state: number | null;

  @Field(() => Value, {
    nullable: true,
    description: 'The state in the type of its point, with the name that the model gives it.',
  })
  get typed(): MaybePromise<TypedValue | null> {
    return typedValue(this.state, this.known);
  }

  @Field(() => Duration, { description: 'How long, in all.' })
  duration: number;

  @Field(() => BigIntScalar, { description: 'The same in milliseconds.' })
  milliseconds: number;
}
