/** Names of values and of the members of structs. */
import { namedType } from '../names.js';
import { EnumValue, StructField } from './types.js';

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
