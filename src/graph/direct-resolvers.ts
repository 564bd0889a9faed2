/**
 * Resolvers without type-graphql's wrappers. type-graphql calls each resolver through a container, middlewares and the
 * validation of arguments: a promise for every field with an argument, and a list of parameters sorted anew each time. None
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
/** Stands for a parameter that type-graphql must read. */
const OTHERWISE = Symbol('otherwise');
/** Reads one parameter of a method. */
type Read = (...given: Parameters<Resolve>) => unknown;

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
  const reads = [...(handler.params ?? [])].sort((a, b) => a.index - b.index).map(reader);
  if (!otherwise || !isPlain(handler) || reads.some((read) => read === undefined)) return;
  const method = (instance as Record<string, (...given: unknown[]) => unknown>)[handler.methodName];
  if (!method) return;
  field.resolve = directResolver(method.bind(instance), reads as Read[], otherwise);
}

function directResolver(
  method: (...given: unknown[]) => unknown,
  reads: readonly Read[],
  otherwise: Resolve,
): Resolve {
  const [first, second, third] = reads;
  // Most methods have few parameters, which then need no list.
  if (first && reads.length <= 3) {
    return (source, args, context, info) => {
      const one = first(source, args, context, info);
      const two = second?.(source, args, context, info);
      const three = third?.(source, args, context, info);
      if (one === OTHERWISE || two === OTHERWISE || three === OTHERWISE)
        return otherwise(source, args, context, info);
      return method(one, two, three);
    };
  }
  return (source, args, context, info) => {
    const given: unknown[] = [];
    for (const read of reads) {
      const value = read(source, args, context, info);
      if (value === OTHERWISE) return otherwise(source, args, context, info);
      given.push(value);
    }
    return method(...given);
  };
}

/** How a parameter is read; undefined for kinds that are not used here. */
function reader(parameter: Parameter): Read | undefined {
  switch (parameter.kind) {
    case 'context': {
      const { propertyName } = parameter;
      if (propertyName === undefined) return (_source, _args, context) => context;
      return (_source, _args, context) => (context as Record<string, unknown>)[propertyName];
    }
    case 'info':
      return (_source, _args, _context, info) => info;
    case 'root':
      return rootReader(parameter.propertyName, parameter.getType?.());
    case 'arg': {
      const { name, validateFn } = parameter;
      return validateFn ? undefined : (_source, args) => asItIs(args[name]);
    }
    case 'args':
      return parameter.validateFn ? undefined : argsReader(parameter.getType());
    case 'custom':
    case 'pubSub':
      return undefined;
  }
}

/** The parent, or a property of it; of another class than declared it is first made one by type-graphql. */
function rootReader(propertyName: string | undefined, declared: unknown): Read {
  const type = typeof declared === 'function' ? declared : undefined;
  return (source) => {
    const value = propertyName === undefined ? source : (source as Record<string, unknown>)[propertyName];
    if (!type || typeof value !== 'object' || value === null || value instanceof type) return value;
    return OTHERWISE;
  };
}

/** The arguments of a class of arguments, as an object of that class. */
function argsReader(declared: unknown): Read | undefined {
  if (typeof declared !== 'function') return undefined;
  const names: string[] = [];
  for (let type: unknown = declared; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const metadata = getMetadataStorage().argumentTypes.find(({ target }) => target === type);
    names.push(...(metadata?.fields ?? []).map(({ name }) => name));
  }
  // Defaults of the class itself would be set by its constructor.
  const made = new (declared as Class)();
  if (Object.values(made).some((value) => value !== undefined)) return undefined;
  const prototype = declared.prototype as object;
  return (_source, args) => {
    const given = Object.create(prototype) as Record<string, unknown>;
    for (const name of names) {
      const value = asItIs(args[name]);
      if (value === OTHERWISE) return OTHERWISE;
      if (value !== undefined) given[name] = value;
    }
    return given;
  };
}

/** An argument that type-graphql would hand on unchanged: no object, and no list with one. */
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
