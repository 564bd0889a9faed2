import { Kind, buildSchema, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { estimateCost } from '../../../src/server/limits/cost.js';
import { makeSchema } from '../../support/small-schema.js';

const schema = makeSchema();

function cost(query: string, variables: Record<string, unknown> = {}, over: GraphQLSchema = schema): number {
  const document = parse(query);
  expect(validate(over, document)).toEqual([]);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  return estimateCost({ schema: over, document, operation, variables });
}

test.each<[string, string, number]>([
  ['a field counts 1', '{ hello }', 1],
  ['an object counts with its fields', '{ tree { name } }', 2],
  ['a list without a size counts its content 10 times', '{ tree { children { name } } }', 12],
  ['lists multiply', '{ tree { children { children { name } } } }', 1 + 1 + 10 * (1 + 10)],
  ['a page hands its size to its lists', '{ many(first: 50) { nodes { name } } }', 2 + 50],
  ['the larger of first and last counts', '{ many(first: 5, last: 50) { nodes { name } } }', 2 + 50],
  ['what is no list in a page counts once', '{ many(first: 50) { totalCount nodes { name } } }', 3 + 50],
  ['edges count like nodes', '{ many(first: 50) { edges { cursor node { name } } } }', 2 + 50 * 3],
  ['a page without a size counts as 20', '{ many { nodes { name } } }', 2 + 20],
  ['a limit sizes the lists below', '{ samples(limit: 100) { unit values { time value } } }', 3 + 200],
  ['a list of ids sizes the list', '{ byId(ids: ["a", "b", "c"]) { name } }', 1 + 3],
  ['a negative size counts as none', '{ many(first: -5) { nodes { name } } }', 2],
  ['a fragment counts where it is spread', '{ ...F } fragment F on Query { a: hello b: hello }', 2],
  [
    'a fragment takes the size of where it is spread',
    '{ a: many(first: 2) { ...F } b: many(first: 3) { ...F } } fragment F on BranchConnection { nodes { name } }',
    2 + 2 + 3 + 2,
  ],
  ['an inline fragment too', '{ many(first: 7) { ... { nodes { name } } } }', 2 + 7],
  ['what is skipped counts nothing', '{ hello a: hello @skip(if: true) b: hello @include(if: false) }', 1],
  ['what is not skipped counts', '{ a: hello @skip(if: false) b: hello @include(if: true) }', 2],
])('%s', (_name, query, expected) => {
  expect(cost(query)).toBe(expected);
});

test('variables, their defaults and the defaults of arguments are filled in', () => {
  const query =
    'query ($n: Int = 4, $off: Boolean = true) { many(first: $n) { nodes { name } } hello @skip(if: $off) }';
  expect(cost(query)).toBe(2 + 4);
  expect(cost(query, { n: 9, off: false })).toBe(2 + 9 + 1);
  const sized = buildSchema('type Query { list(first: Int = 3): [Item] } type Item { name: String }');
  expect(cost('{ list { name } }', {}, sized)).toBe(1 + 3);
});

test('fields may say their cost and the size of their lists, by number or by arguments', () => {
  const hooked = buildSchema(`
    type Query { series(days: Int = 1): Series dear: String }
    type Series { values: [Value!]! unit: String } type Value { time: String }
  `);
  const fields = hooked.getQueryType()?.getFields();
  if (!fields?.series || !fields.dear) throw new Error('no fields');
  fields.series.extensions = { listSize: ({ days }) => Number(days) * 144 };
  fields.dear.extensions = { cost: 25 };
  expect(cost('{ series(days: 2) { unit values { time } } dear }', {}, hooked)).toBe(1 + 1 + 1 + 288 + 25);
  expect(cost('{ series { values { time } } }', {}, hooked)).toBe(2 + 144);
});

test('a cost beyond all numbers stays a number', () => {
  const page = (inner: string) => `page(first: 2000000000) { nodes { ${inner} } }`;
  const query = `{ tree { ${page(page(page(page('name'))))} } }`;
  expect(cost(query)).toBe(Number.MAX_SAFE_INTEGER);
});
