/** The decorators of type-graphql, with the metadata library that they need loaded before anything is decorated. */
import 'reflect-metadata';

export {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  InputType,
  Info,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
  createUnionType,
  registerEnumType,
} from 'type-graphql';
