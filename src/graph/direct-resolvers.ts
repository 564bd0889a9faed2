/**
 * Resolvers without type-graphql's wrappers. type-graphql calls each resolver through a container, middlewares and the
 * validation of arguments: a promise for every field with an argument, and a list of parameters sorted again each time. None
 * of it is used here, so that once the schema is built its resolvers are replaced by direct calls, which answer at once
 * where the method does. What a direct call would treat otherwise (inputs that are objects, parents that are of another
 * class than declared) is left to the resolver that type-graphql has made.
 */
import { isAbstractType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { TypeResolver } from 'type-graphql';

type Resolve = GraphQLFieldResolver<unknown, unknown, Record<string, unknown>>;
type Storage = ReturnType<typeof getMetadataStorage>;
type Handler = Storage['queries'][number] | Storage['fieldResolvers'][number];
type Parameter = NonNullable<Handler['params']>[number];
type Declaration = NonNullable<Storage['objectTypes'][number]['fields']>[number];
type Class = new () => object;
type Method = (...given: unknown[]) => unknown;
/** Stands for a parameter that type-graphql must read. */
const OTHERWISE = Symbol('otherwise');

/** How one parameter of a method is read. */
type Reading =
  | { kind: 'context' | 'info' }
  | { kind: 'contextProperty' | 'arg'; name: string }
  /** The parent, or a property of it, which must be of a class where one is declared. */
  | { kind: 'root'; name: string | undefined; type: ((...given: unknown[]) => unknown) | undefined }
  /** The arguments as an object of their class. */
  | { kind: 'args'; prototype: object; names: readonly string[] };

/** Replaces what can be replaced in a schema that was built of all resolver classes there are. */
export function resolveDirectly(schema: GraphQLSchema): void {
  const storage = getMetadataStorage();
  const instances = new Map<unknown, object>();
  const instanceOf = (target: unknown): object => {
    let instance = instances.get(target);
    if (!instance) instances.set(target, (instance = new (target as Class)()));
    return instance;
  };
  const query = schema.getQueryType();
  for (const handler of storage.queries) {
    const field = query?.getFields()[handler.schemaName];
    if (field) replace(field, handler, instanceOf(handler.target));
  }
  const external = storage.fieldResolvers.filter(({ kind }) => kind === 'external');
  for (const { name, target, fields = [], interfaceClasses = [] } of storage.objectTypes) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    const inherited = storage.interfaceTypes.filter((it) => interfaceClasses.includes(it.target));
    // Of two declarations of one name the later one counts, as in type-graphql.
    const declared = new Map<string, Declaration>();
    for (const field of [...inherited.flatMap((it) => it.fields ?? []), ...fields])
      declared.set(field.schemaName, field);
    for (const declaration of declared.values()) {
      const field = type.getFields()[declaration.schemaName];
      const handler = external.find(
        (it) => it.methodName === declaration.name && it.getObjectType?.() === declaration.target,
      );
      if (!field) continue;
      if (handler) replace(field, handler, instanceOf(handler.target));
      else if (isMerePropertyOf(declaration, target, storage)) delete field.resolve;
    }
  }
  for (const { name, resolveType } of storage.interfaceTypes) resolveTypeAtOnce(schema, name, resolveType);
  for (const { name, resolveType } of storage.unions) resolveTypeAtOnce(schema, name, resolveType);
}

/** Whether type-graphql's resolver of a field does what GraphQL does without one. */
function isMerePropertyOf(field: Declaration, target: unknown, { fieldResolvers }: Storage): boolean {
  const isMethod = fieldResolvers.some(
    (it) =>
      it.kind === 'internal' &&
      it.methodName === field.name &&
      [target, field.target].includes(it.getObjectType?.()),
  );
  return !isMethod && isPlain(field) && field.name === field.schemaName;
}

function isPlain({ middlewares = [], roles }: Pick<Handler, 'middlewares' | 'roles'>): boolean {
  return middlewares.length === 0 && roles === undefined;
}

function replace(field: GraphQLField<unknown, unknown>, handler: Handler, instance: object): void {
  const otherwise = field.resolve;
  const readings = [...(handler.params ?? [])].sort((a, b) => a.index - b.index).map(readingOf);
  if (!otherwise || !isPlain(handler) || readings.some((reading) => reading === undefined)) return;
  const method = (instance as Record<string, Method | undefined>)[handler.methodName];
  if (!method) return;
  field.resolve = directResolver(instance, method, readings as Reading[], otherwise);
  // Arguments are only read here, and type-graphql makes objects of its own of them.
  field.extensions = { ...field.extensions, sharesArguments: true };
}

function directResolver(
  instance: object,
  method: Method,
  readings: readonly Reading[],
  otherwise: Resolve,
): Resolve {
  const [first, second, third, fourth] = readings;
  // Most methods have few parameters, which then need no list.
  if (readings.length <= 4) {
    return (source, args, context, info) => {
      const one = first && read(first, source, args, context, info);
      const two = second && read(second, source, args, context, info);
      const three = third && read(third, source, args, context, info);
      const four = fourth && read(fourth, source, args, context, info);
      if (one === OTHERWISE || two === OTHERWISE || three === OTHERWISE || four === OTHERWISE)
        return otherwise(source, args, context, info);
      return method.call(instance, one, two, three, four);
    };
  }
  return (source, args, context, info) => {
    const given: unknown[] = [];
    for (const reading of readings) {
      const value = read(reading, source, args, context, info);
      if (value === OTHERWISE) return otherwise(source, args, context, info);
      given.push(value);
    }
    return method.apply(instance, given);
  };
}

/** How a parameter is read; undefined for kinds that are not used here. */
function readingOf(parameter: Parameter): Reading | undefined {
  switch (parameter.kind) {
    case 'context': {
      const { propertyName: name } = parameter;
      return name === undefined ? { kind: 'context' } : { kind: 'contextProperty', name };
    }
    case 'info':
      return { kind: 'info' };
    case 'root': {
      const declared: unknown = parameter.getType?.();
      const type = typeof declared === 'function' ? (declared as Method) : undefined;
      return { kind: 'root', name: parameter.propertyName, type };
    }
    case 'arg':
      return parameter.validateFn ? undefined : { kind: 'arg', name: parameter.name };
    case 'args':
      return parameter.validateFn ? undefined : argsReading(parameter.getType());
    case 'custom':
    case 'pubSub':
      return undefined;
  }
}

/** One function for all, since calls of one place to many functions are slow. */
function read(
  reading: Reading,
  source: unknown,
  args: Record<string, unknown>,
  context: unknown,
  info: unknown,
): unknown {
  switch (reading.kind) {
    case 'context':
      return context;
    case 'contextProperty':
      return (context as Record<string, unknown>)[reading.name];
    case 'info':
      return info;
    case 'arg':
      return asItIs(args[reading.name]);
    case 'root': {
      const { name, type } = reading;
      const value = name === undefined ? source : (source as Record<string, unknown>)[name];
      if (!type || typeof value !== 'object' || value === null || value instanceof type) return value;
      // Of another class than declared it is first made one by type-graphql.
      return OTHERWISE;
    }
    case 'args':
      return argumentsOf(reading, args);
  }
}

/** How the arguments of a class of arguments are read; undefined for a class that does more than hold them. */
function argsReading(declared: unknown): Reading | undefined {
  if (typeof declared !== 'function') return undefined;
  const names: string[] = [];
  for (let type: unknown = declared; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const metadata = getMetadataStorage().argumentTypes.find(({ target }) => target === type);
    names.push(...(metadata?.fields ?? []).map(({ name }) => name));
  }
  // Defaults of the class itself would be set by its constructor.
  const made = new (declared as Class)();
  if (Object.values(made).some((value) => value !== undefined)) return undefined;
  return { kind: 'args', prototype: declared.prototype as object, names };
}

function argumentsOf(
  { prototype, names }: { prototype: object; names: readonly string[] },
  args: Record<string, unknown>,
): unknown {
  const given = Object.create(prototype) as Record<string, unknown>;
  for (const name of names) {
    const value = asItIs(args[name]);
    if (value === OTHERWISE) return OTHERWISE;
    if (value !== undefined) given[name] = value;
  }
  return given;
}

/** An argument that type-graphql would pass on unchanged: no object, and no list with one. */
function asItIs(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return OTHERWISE;
  return value.some((item) => typeof item === 'object' && item !== null) ? OTHERWISE : value;
}

/** type-graphql awaits the type of every value of an interface or union; ours are told at once. */
function resolveTypeAtOnce(
  schema: GraphQLSchema,
  name: string,
  resolveType: TypeResolver<unknown, unknown> | undefined,
): void {
  const type = schema.getType(name);
  if (!resolveType || !isAbstractType(type)) return;
  const names = new Map<unknown, string>(
    getMetadataStorage().objectTypes.map((it) => [it.target as unknown, it.name]),
  );
  const nameOf = (found: unknown): string | undefined =>
    typeof found === 'string' || found == null ? (found ?? undefined) : names.get(found);
  type.resolveType = (...given) => {
    const found: unknown = resolveType(...given);
    return found instanceof Promise ? found.then(nameOf) : nameOf(found);
  };
}
