/** A schema with everything in it that an executor may do wrong. */
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  Kind,
} from 'graphql';
import type { GraphQLFieldConfig, GraphQLOutputType } from 'graphql';

const later = <T>(value: T, ticks = 1): Promise<T> =>
  ticks <= 0
    ? Promise.resolve(value)
    : new Promise((resolve) => setImmediate(() => resolve(value))).then(() => later(value, ticks - 1));

const failLater = (message: string, ticks = 1): Promise<never> =>
  later(null, ticks).then(() => {
    throw new Error(message);
  });

const Moment = new GraphQLScalarType<number, string>({
  name: 'Moment',
  serialize: (value) => {
    if (value === 'bad') throw new GraphQLError('not a moment', { extensions: { code: 'BAD' } });
    if (value === 'none') return null as unknown as string;
    return `@${String(value)}`;
  },
  parseValue: (value) => {
    if (typeof value !== 'number') throw new GraphQLError('Moment: expected a number');
    return value + 1;
  },
  parseLiteral: (node) => {
    if (node.kind !== Kind.INT) throw new GraphQLError('Moment: expected a number');
    return Number(node.value) + 1;
  },
});

const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: { value: 1 }, BLUE: { value: 2 } } });
const Where = new GraphQLInputObjectType({
  name: 'Where',
  fields: {
    colour: { type: Colour, defaultValue: 2 },
    at: { type: Moment },
    tags: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
  },
});

const Named = new GraphQLInterfaceType({ name: 'Named', fields: { name: { type: GraphQLString } } });
const Lazy = new GraphQLInterfaceType({
  name: 'Lazy',
  fields: { name: { type: GraphQLString } },
  resolveType: async (value: { kind: string }) => {
    if (value.kind === 'throws') throw new Error('no type today');
    return value.kind === 'missing' ? undefined : value.kind;
  },
});

const Cat: GraphQLObjectType = new GraphQLObjectType({
  name: 'Cat',
  interfaces: [Named, Lazy],
  fields: () => ({
    name: { type: GraphQLString },
    lives: { type: GraphQLInt },
    friend: { type: Named, resolve: () => ({ kind: 'Dog', name: 'Rex' }) },
  }),
  isTypeOf: (value: { kind?: string }) => value.kind === 'Cat',
});
const Dog: GraphQLObjectType = new GraphQLObjectType({
  name: 'Dog',
  interfaces: [Named, Lazy],
  fields: { name: { type: GraphQLString }, barks: { type: GraphQLBoolean } },
  isTypeOf: async (value: { kind?: string }) => later(value.kind === 'Dog', 0),
});
const Fish = new GraphQLObjectType({
  name: 'Fish',
  interfaces: [Named],
  fields: { name: { type: GraphQLString } },
});
const Pet = new GraphQLUnionType({
  name: 'Pet',
  types: [Cat, Fish],
  resolveType: (value: { kind: string }) => value.kind,
});
const Tagged = new GraphQLUnionType({ name: 'Tagged', types: [Fish, Cat] });

/** Fields under whose type each way to fail is asked, nullable and not. */
function ways(type: GraphQLOutputType): Record<string, GraphQLFieldConfig<unknown, unknown>> {
  const make = {
    Null: () => null,
    Throws: () => {
      throw new Error('thrown');
    },
    Returns: () => new Error('returned'),
    Rejects: () => failLater('rejected'),
    RejectsLate: () => failLater('rejected late', 8),
    NullLater: () => later(null),
    Coded: () => {
      throw new GraphQLError('coded', { extensions: { code: 'NOT_FOUND' } });
    },
    Text: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what executors must cope with
      throw 'a text';
    },
  };
  return Object.fromEntries(
    Object.entries(make).flatMap(([name, resolve]) => [
      [`may${name}`, { type, resolve }],
      [`must${name}`, { type: new GraphQLNonNull(type), resolve }],
    ]),
  );
}

const Thing: GraphQLObjectType = new GraphQLObjectType({
  name: 'Thing',
  fields: () => ({
    ...ways(GraphQLString),
    name: { type: GraphQLString, resolve: () => 'thing' },
    slow: { type: GraphQLString, resolve: () => later('slow', 3) },
    slower: { type: new GraphQLNonNull(GraphQLString), resolve: () => later('slower', 6) },
    thing: { type: Thing, resolve: () => ({}) },
    mustThing: { type: new GraphQLNonNull(Thing), resolve: () => ({}) },
    mustThingLater: { type: new GraphQLNonNull(Thing), resolve: () => later({}) },
    things: { type: new GraphQLList(Thing), resolve: () => [{}, later({}), {}] },
    mustThings: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Thing))),
      resolve: () => [{}, later({})],
    },
    where: { type: Thing, args: { path: { type: GraphQLString } }, resolve: () => ({}) },
  }),
});

const list = (type: GraphQLOutputType, resolve: () => unknown): GraphQLFieldConfig<unknown, unknown> => ({
  type,
  resolve,
});
const texts = new GraphQLList(GraphQLString);
const mustTexts = new GraphQLList(new GraphQLNonNull(GraphQLString));

const Query = new GraphQLObjectType({
  name: 'Query',
  fields: {
    thing: { type: Thing, resolve: () => ({}) },
    thingLater: { type: Thing, resolve: () => later({}) },
    mustThing: { type: new GraphQLNonNull(Thing), resolve: () => ({}) },
    things: {
      type: new GraphQLList(Thing),
      resolve: () => [{}, null, later({}), later(null), new Error('item'), failLater('item later')],
    },
    mustItems: {
      type: new GraphQLList(new GraphQLNonNull(Thing)),
      resolve: () => [{}, later({}), failLater('item later')],
    },
    ...ways(GraphQLInt),
    texts: list(texts, () => ['a', null, 'b', later('c')]),
    set: list(texts, () => new Set(['a', 'b'])),
    textsOfErrors: list(texts, () => ['a', new Error('in the list'), failLater('later in the list'), {}]),
    mustTextsNull: list(mustTexts, () => ['a', null, later('not seen')]),
    mustTextsRejecting: list(mustTexts, () => ['a', null, failLater('not seen')]),
    mustTextsLate: list(mustTexts, () => ['a', later(null), 'b']),
    notIterable: list(texts, () => 'a text is not a list'),
    nested: list(new GraphQLList(mustTexts), () => [
      ['a'],
      ['b', null],
      later(null).then(() => ['c', failLater('deep')]),
      null,
    ]),
    int: list(GraphQLInt, () => 3_000_000_000),
    intText: list(GraphQLInt, () => '7'),
    float: list(GraphQLFloat, () => Number.NaN),
    floatText: list(GraphQLFloat, () => '1.5'),
    boolean: list(GraphQLBoolean, () => 1),
    id: list(GraphQLID, () => 12),
    textObject: list(GraphQLString, () => ({ a: 1 })),
    textBoolean: list(GraphQLString, () => true),
    colour: list(Colour, () => 1),
    colourUnknown: list(Colour, () => 9),
    moment: list(Moment, () => 5),
    momentBad: list(new GraphQLNonNull(Moment), () => 'bad'),
    momentNone: list(Moment, () => 'none'),
    pets: list(new GraphQLList(Pet), () => [
      { kind: 'Cat', name: 'Tom', lives: 9 },
      { kind: 'Fish', name: 'Wanda' },
      { kind: 'Dog' },
      { kind: 'Horse' },
      { kind: 'Named' },
      {},
      { kind: 3 },
    ]),
    named: list(new GraphQLList(Named), () => [
      { kind: 'Cat', name: 'Tom', lives: 9 },
      { kind: 'Dog', name: 'Rex', barks: true },
      { kind: 'Stone' },
      { __typename: 'Fish', name: 'Nemo' },
    ]),
    lazy: list(new GraphQLList(Lazy), () => [
      { kind: 'Cat', name: 'Tom' },
      later({ kind: 'Dog', name: 'Rex' }),
      { kind: 'missing' },
      { kind: 'throws' },
      { kind: 'Fish' },
    ]),
    tagged: list(Tagged, () => ({ __typename: 'Fish', name: 'Nemo' })),
    wrongCat: list(Cat, () => ({ kind: 'Dog' })),
    wrongDog: list(Dog, () => ({ kind: 'Cat' })),
    echo: {
      type: GraphQLString,
      args: {
        text: { type: GraphQLString, defaultValue: 'default' },
        where: { type: Where },
        at: { type: Moment },
        must: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 4 },
        colours: { type: new GraphQLList(Colour) },
      },
      resolve: (_source, args) => JSON.stringify(args),
    },
    info: {
      type: Thing,
      args: { n: { type: GraphQLInt } },
      resolve: () => ({}),
    },
    describe: {
      type: GraphQLString,
      resolve: (source: unknown, args: unknown, context: unknown, info) =>
        JSON.stringify({
          source: source ?? null,
          args,
          context: context ?? null,
          path: info.path,
          fieldName: info.fieldName,
          returnType: String(info.returnType),
          parentType: String(info.parentType),
          operation: info.operation.name?.value ?? null,
          fragments: Object.keys(info.fragments),
          variables: info.variableValues,
          nodes: info.fieldNodes.map((node) => node.alias?.value ?? node.name.value),
          root: info.rootValue ?? null,
          schema: info.schema.getQueryType()?.name,
        }),
    },
    plain: { type: GraphQLString },
    method: { type: GraphQLString, args: { n: { type: GraphQLInt } } },
  },
});

/** The schema; its resolvers keep nothing. */
export const schema = new GraphQLSchema({
  query: Query,
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: { set: { type: GraphQLInt, resolve: () => 1 } },
  }),
  types: [Cat, Dog, Fish],
});

/** A root that some fields are read from by graphql-js's default resolver. */
export class Root {
  readonly plain = 'of the root';
  private readonly secret = 'kept';

  method(args: { n?: number }, context: unknown): string {
    return `${this.secret} ${String(args.n)} ${JSON.stringify(context)}`;
  }
}
