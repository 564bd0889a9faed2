/** The decorators of type-graphql, with the metadata library that they need loaded before anything is decorated. */
import 'reflect-metadata';
import { Field as DeclareField } from 'type-graphql';
import type { FieldOptions } from 'type-graphql';

export {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Extensions,
  FieldResolver,
  InputType,
  Info,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  createUnionType,
  registerEnumType,
} from 'type-graphql';

/**
 * Declares a field. type-graphql makes a resolver for every accessor, with checks of its own on each object; a getter needs
 * none of it, since GraphQL reads it like a property. So an accessor is declared as what it looks like from outside.
 */
export function Field(
  type: NonNullable<Parameters<typeof DeclareField>[0]>,
  options: FieldOptions,
): PropertyDecorator & MethodDecorator {
  const declare = DeclareField(type, options);
  return (target: object, name: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor && !descriptor.get) declare(target, name, descriptor);
    else declare(target, name);
  };
}
