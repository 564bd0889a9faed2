/** Values in the type that EnOS gives them: the union `Value` and its members. */
import { GraphQLBoolean, GraphQLFloat, GraphQLString } from 'graphql';
import type { I18nText } from '../../loading/common.js';
import { Field, ObjectType, createUnionType } from '../decorators.js';
import { BigIntScalar, DateTime, JsonScalar } from '../scalars/scalars.js';
import { namedType } from '../names.js';

@ObjectType({ simpleResolvers: true, description: 'A value of data type INT.' })
export class IntValue {
  constructor(readonly number: number | bigint) {}

  @Field(() => BigIntScalar, { description: 'The integer, exact at any size.' })
  get int(): bigint {
    return BigInt(this.number);
  }
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type FLOAT or DOUBLE, or an average.' })
export class FloatValue {
  constructor(float: number) {
    this.float = float;
  }

  @Field(() => GraphQLFloat, { description: 'The number.' })
  float: number;
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type BOOL.' })
export class BooleanValue {
  constructor(boolean: boolean, text: string | null) {
    this.boolean = boolean;
    this.text = text;
  }

  @Field(() => GraphQLBoolean, { description: 'The truth value.' })
  boolean: boolean;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'Text that the model gives to it, e.g. `running`.',
  })
  text: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type STRING, or of none that is known.' })
export class StringValue {
  constructor(string: string) {
    this.string = string;
  }

  @Field(() => GraphQLString, { description: 'The text.' })
  string: string;
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type ENUM.' })
export class EnumValue {
  constructor(
    key: string,
    readonly text: I18nText | null,
  ) {
    this.key = key;
  }

  @Field(() => GraphQLString, { description: 'Key of the value, e.g. `3`.' })
  key: string;
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type DATE or TIMESTAMP.' })
export class DateTimeValue {
  constructor(milliseconds: number | null, text: string) {
    this.dateTime = milliseconds;
    this.timestamp = milliseconds;
    this.text = text;
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'The instant; for a date, its midnight in UTC. Null where EnOS holds neither.',
  })
  dateTime: number | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'The same in Unix milliseconds.' })
  timestamp: number | null;

  @Field(() => GraphQLString, {
    description: 'What EnOS holds, as text: a date has no time zone of its own.',
  })
  text: string;
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type FILE.' })
export class FileValue {
  constructor(uri: string) {
    this.uri = uri;
  }

  @Field(() => GraphQLString, { description: 'Address of the file in EnOS, `enos-connect://...`.' })
  uri: string;
}

/** A member of the union. */
export type TypedValue =
  | IntValue
  | FloatValue
  | BooleanValue
  | StringValue
  | EnumValue
  | DateTimeValue
  | FileValue
  | StructValue
  | ArrayValue;

@ObjectType({ simpleResolvers: true, description: 'A member of a struct.' })
export class StructField {
  constructor(
    identifier: string,
    readonly text: I18nText | null,
    value: unknown,
    typed: TypedValue | null,
  ) {
    this.identifier = identifier;
    this.value = value;
    this.typed = typed;
  }

  @Field(() => GraphQLString, { description: 'Id of the member within its struct.' })
  identifier: string;

  @Field(() => JsonScalar, { nullable: true, description: 'Its value.' })
  value: unknown;

  @Field(() => Value, { nullable: true, description: 'Its value in its type.' })
  typed: TypedValue | null;
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type STRUCT.' })
export class StructValue {
  constructor(fields: StructField[]) {
    this.fields = fields;
  }

  @Field(() => [StructField], { description: 'The members, in the order of the model.' })
  fields: StructField[];
}

@ObjectType({ simpleResolvers: true, description: 'A value of data type ARRAY.' })
export class ArrayValue {
  constructor(items: (TypedValue | null)[]) {
    this.items = items;
  }

  @Field(() => [Value], {
    nullable: 'items',
    description: 'The elements; null for one that cannot be read in its type.',
  })
  items: (TypedValue | null)[];
}

/** The union. Its members are told apart by class. */
export const Value = createUnionType({
  name: 'Value',
  description: 'A value in the type that its model gives it.',
  types: () =>
    [
      IntValue,
      FloatValue,
      BooleanValue,
      StringValue,
      EnumValue,
      DateTimeValue,
      FileValue,
      StructValue,
      ArrayValue,
    ] as const,
});

/** Resolvers of the types of values. */
export const valueResolvers = [
  namedType<EnumValue>(
    () => EnumValue,
    'value',
    ({ key, text }) => ({ text, id: key }),
  ),
  namedType<StructField>(
    () => StructField,
    'member',
    ({ identifier, text }) => ({ text, id: identifier }),
  ),
];
