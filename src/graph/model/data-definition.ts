/** Details of data types as the graph shows them. They come with their thing model, as JSON text (parsed in value/). */
import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { I18nText } from '../../loading/common.js';
import { Field, ObjectType } from '../decorators.js';
import { JsonScalar } from '../scalars/scalars.js';
import { toDataType, type DataDefinitionSource, type DataTypeName } from '../value/data-definition.js';
import { DataType } from './enums.js';
import { Unit, toUnit } from './unit.js';

@ObjectType({ simpleResolvers: true, description: 'A value of an enumeration.' })
export class EnumOption {
  @Field(() => GraphQLString, { description: 'Key of the value, as data carry it.' })
  value!: string;

  text!: I18nText | null;
}

@ObjectType({ simpleResolvers: true, description: 'Texts for the two values of a BOOL.' })
class BoolTexts {
  @Field(() => GraphQLString, { nullable: true, description: 'Text for true.' })
  whenTrue!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Text for false.' })
  whenFalse!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A member of a STRUCT, as its model declares it.' })
export class StructMember {
  @Field(() => GraphQLID, { description: 'Id of the member within its struct.' })
  identifier!: string;

  text!: I18nText | null;

  @Field(() => DataType, { nullable: true, description: 'Type of its values.' })
  dataType!: DataTypeName | null;

  @Field(() => Unit, { nullable: true, description: 'Unit of its values.' })
  unit!: Unit | null;

  @Field(() => GraphQLBoolean, { description: 'Whether each struct must have it.' })
  required!: boolean;

  @Field(() => DataDefinition, { nullable: true, description: 'Details of its data type.' })
  dataDefinition!: DataDefinition | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Details of a data type. Which of the fields are there depends on the type.',
})
export class DataDefinition {
  constructor(private readonly source: DataDefinitionSource) {}

  @Field(() => [EnumOption], { nullable: true, description: 'ENUM: the valid values with their names.' })
  get enumValues(): EnumOption[] | null {
    return this.source.enumValues?.map(({ value, name }) => ({ value, text: name })) ?? null;
  }

  @Field(() => BoolTexts, { nullable: true, description: 'BOOL: texts for the two values.' })
  get boolTexts(): BoolTexts | null {
    return this.source.boolTexts;
  }

  @Field(() => GraphQLInt, { nullable: true, description: 'STRING: most characters of a value.' })
  get maxLength(): number | null {
    return this.source.maxLength;
  }

  @Field(() => [StructMember], { nullable: true, description: 'STRUCT: its members.' })
  get structMembers(): StructMember[] | null {
    const members = this.source.structMembers?.map(
      ({ identifier, name, dataType, unitId, required, definition }) => ({
        identifier,
        text: name,
        dataType,
        unit: toUnit(unitId),
        required,
        dataDefinition: definition && new DataDefinition(definition),
      }),
    );
    return members ?? null;
  }

  @Field(() => DataType, { nullable: true, description: 'ARRAY: type of the elements.' })
  get itemType(): DataTypeName | null {
    return toDataType(this.source.itemType);
  }

  @Field(() => JsonScalar, { nullable: true, description: 'The whole definition as EnOS keeps it.' })
  get json(): unknown {
    return this.source.json;
  }
}
