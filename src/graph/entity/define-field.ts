/**
 * Fields and enumerations declared by code, for what many types have alike: the same as decorators, with the name as data.
 */
import type { Words } from '../../loading/entity/filter.js';
import type { TypeClass } from '../lists/connection-type.js';
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  FieldResolver,
  Info,
  Mutation,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from '../decorators.js';

/** What a parameter of a resolver is. */
export type Parameter =
  | 'root'
  | 'context'
  | 'info'
  | { arguments: () => TypeClass }
  | {
      argument: string;
      type: NonNullable<Parameters<typeof Arg>[1]>;
      options: { nullable?: boolean; description: string };
    };

/** A field. */
export interface FieldDefinition {
  /** The type that has it; `mutation` for a root field that writes, absent for one that reads. */
  of?: (() => TypeClass) | 'mutation';
  name: string;
  type: NonNullable<Parameters<typeof FieldResolver>[0]>;
  options: { nullable?: boolean; description: string };
  extensions?: Readonly<Record<string, unknown>>;
  parameters: readonly Parameter[];
  resolve: (...parameters: never[]) => unknown;
}

/** A class that type-graphql takes for resolvers. */
export type ResolverClass = abstract new () => object;

/** Declares fields, which may be of several types; returns the classes that resolve them. */
export function defineFields(definitions: readonly FieldDefinition[]): ResolverClass[] {
  return definitions.map(defineField);
}

function defineField(definition: FieldDefinition): ResolverClass {
  const { of, name, type, options, extensions, parameters, resolve } = definition;
  class FieldOf {}
  const { prototype } = FieldOf;
  const descriptor = { value: resolve, writable: true, configurable: true };
  Object.defineProperty(prototype, name, descriptor);
  parameters.forEach((parameter, index) => decorate(parameter)(prototype, name, index));
  if (extensions) Extensions(extensions)(prototype, name, descriptor);
  if (of === 'mutation') Mutation(type, options)(prototype, name, descriptor);
  else if (of) FieldResolver(type, options)(prototype, name, descriptor);
  else Query(type, options)(prototype, name, descriptor);
  if (of && of !== 'mutation') Resolver(of)(FieldOf);
  else Resolver()(FieldOf);
  return FieldOf;
}

function decorate(parameter: Parameter): ReturnType<typeof Root> {
  if (parameter === 'root') return Root();
  if (parameter === 'context') return Ctx();
  if (parameter === 'info') return Info();
  if ('arguments' in parameter) return Args(parameter.arguments);
  return Arg(parameter.argument, parameter.type, parameter.options);
}

/** Declares an enumeration; resolvers and loaders see the words, callers the names. */
export function enumOf({ name, description, values }: Words): () => object {
  const entries = Object.entries(values);
  const words = Object.fromEntries(entries.map(([key, [word]]) => [key, word]));
  const valuesConfig = Object.fromEntries(
    entries.map(([key, [, meaning]]) => [key, { description: meaning }]),
  );
  registerEnumType(words, { name, description, valuesConfig });
  return () => words;
}
