/** Fetching ahead for lists: one wait for all objects, and answers that are those of graphql-js. */
import { Kind, buildSchema, execute, getOperationAST, parse } from 'graphql';
import type { ExecutionResult, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { compileOperation } from '../../src/server/execution/compile.js';

const SDL = `
  type Query { things: [Thing!]! single: [Thing!]! holey: [Thing] }
  type Thing { id: ID! dear: Dear must: Dear! other: Dear later: Dear }
  type Dear { name: String below: Dear }
`;

/** Things whose `dear` is known only once it was fetched, ahead or by the resolver. */
class Store {
  readonly known = new Map<string, unknown>();
  /** Ids that were fetched ahead, by fetch. */
  readonly ahead: string[][] = [];
  /** Ids that resolvers had to wait for. */
  readonly waited: string[] = [];
  answer: 'fetches' | 'refuses' | 'throws' | 'rejects' = 'fetches';

  prefetch(ids: readonly string[]): Promise<void> | undefined | false {
    if (this.answer === 'refuses') return false;
    if (this.answer === 'throws') throw new Error('no');
    if (this.answer === 'rejects') return Promise.reject(new Error('no'));
    const missing = ids.filter((id) => !this.known.has(id));
    if (missing.length === 0) return undefined;
    this.ahead.push(missing);
    return Promise.resolve().then(() => {
      for (const id of missing) this.known.set(id, valueOf(id));
    });
  }

  read(id: string): unknown {
    if (!this.known.has(id)) {
      this.waited.push(id);
      return Promise.resolve().then(() => unwrap(valueOf(id)));
    }
    return unwrap(this.known.get(id));
  }
}

const valueOf = (id: string): unknown =>
  id === 'bad' ? new Error('bad one') : id === 'none' ? null : { name: `dear ${id}`, below: { name: 'b' } };

function unwrap(value: unknown): unknown {
  if (value instanceof Error) throw value;
  return value;
}

interface Thing {
  id: string;
}

function schemaOf(ids: readonly string[]): GraphQLSchema {
  const schema = buildSchema(SDL);
  const things = ids.map((id) => ({ id }));
  const root = (schema.getQueryType() as GraphQLObjectType).getFields();
  root['things']!.resolve = () => things;
  root['single']!.resolve = () => things.slice(0, 1);
  root['holey']!.resolve = () => [things[0], null, ...things.slice(1)];
  const fields = (schema.getType('Thing') as GraphQLObjectType).getFields();
  for (const name of ['dear', 'must', 'other']) {
    const field = fields[name]!;
    field.resolve = ({ id }: Thing, _args, store: Store) => store.read(id);
    const load = (sources: readonly unknown[], _args: unknown, store: unknown) =>
      (store as Store).prefetch((sources as Thing[]).map(({ id }) => id));
    field.extensions = { loads: () => true, ...(name === 'other' ? {} : { prefetch: { load } }) };
  }
  const below = (schema.getType('Dear') as GraphQLObjectType).getFields()['below']!;
  below.extensions = { loads: () => true };
  return schema;
}

const IDS = ['a', 'b', 'c'];

async function run(query: string, store: Store, ids = IDS): Promise<ExecutionResult> {
  const schema = schemaOf(ids);
  const document = parse(query);
  const operation = getOperationAST(document)!;
  const compiled = compileOperation({ schema, operation, fragments: {} })!;
  const result = (await compiled.execute({ variables: {}, context: store }))!;
  const expected = await execute({ schema, document, contextValue: new Store() });
  expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(expected)));
  return result;
}

test('a list waits once for what its objects need', async () => {
  const store = new Store();
  await run('{ things { id dear { name } } }', store);
  expect(store.ahead.flat()).toEqual(IDS);
  expect(store.waited).toEqual([]);
});

test('nothing is waited for where all is there', async () => {
  const store = new Store();
  for (const id of IDS) store.known.set(id, valueOf(id));
  const compiled = compileOperation({
    schema: schemaOf(IDS),
    operation: getOperationAST(parse('{ things { dear { name } } }'))!,
    fragments: {},
  })!;
  expect(compiled.execute({ variables: {}, context: store })).not.toBeInstanceOf(Promise);
  expect(store.ahead).toEqual([]);
});

test.each([
  ['a single object', '{ single { dear { name } } }'],
  ['a list with holes', '{ holey { dear { name } } }'],
  ['a field that loads beside and cannot fetch ahead', '{ things { dear { name } other { name } } }'],
  ['a load below', '{ things { dear { name below { name } } } }'],
])('resolvers load for themselves: %s', async (_what, query) => {
  const store = new Store();
  await run(query, store);
  expect(store.ahead).toEqual([]);
  expect(store.waited.length).toBeGreaterThan(0);
});

test('fragments that double with each level are read once', () => {
  const levels = 60;
  const fragments = Array.from(
    { length: levels },
    (_, i) =>
      `fragment F${i} on Dear { name ...F${i + 1} ...F${i + 1} a${i}: below { ...F${i + 1} } b${i}: below { ...F${i + 1} } }`,
  );
  const document = parse(
    `{ things { dear { ...F0 } } } ${fragments.join(' ')} fragment F${levels} on Dear { name }`,
  );
  const schema = schemaOf(IDS);
  // Nothing below loads, or the first field that does would end the search.
  (schema.getType('Dear') as GraphQLObjectType).getFields()['below']!.extensions = {};
  const definitions = document.definitions.filter((it) => it.kind === Kind.FRAGMENT_DEFINITION);
  const compiled = compileOperation({
    schema,
    operation: getOperationAST(document)!,
    fragments: Object.fromEntries(definitions.map((it) => [it.name.value, it])),
  })!;
  const store = new Store();
  const before = process.cpuUsage().user;
  void compiled.execute({ variables: {}, context: store });
  expect(store.ahead.flat()).toEqual(IDS);
  expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
});

test.each(['refuses', 'throws', 'rejects'] as const)(
  'a field that %s is left to its resolver',
  async (answer) => {
    const store = new Store();
    store.answer = answer;
    await run('{ things { dear { name } must { name } } }', store);
    expect(store.waited).toEqual(expect.arrayContaining(IDS));
  },
);

test('failures and nulls are those of the resolver, at their places', async () => {
  const query = '{ things { id dear { name } } }';
  const { errors } = await run(query, new Store(), ['a', 'bad', 'none', 'c']);
  expect(errors?.map(({ path }) => path)).toEqual([['things', 1, 'dear']]);
  const { data } = await run('{ things { id must { name } } }', new Store(), ['a', 'bad', 'c']);
  expect(data).toBeNull();
});
