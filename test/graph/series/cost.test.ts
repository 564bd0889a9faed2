/** What operations of the graph weigh: assets times points times samples, by literals and by variables. */
import { Kind, parse, validate } from 'graphql';
import { buildGraph } from '../../../src/graph/schema.js';
import { estimateCost } from '../../../src/server/limits/cost.js';

const { schema } = buildGraph();

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  return estimateCost({ schema, document, operation, variables });
}

const DAY = 'from: "2024-03-10T00:00:00Z", to: "2024-03-11T00:00:00Z"';
const series = (args: string) =>
  `{ asset(assetId: "a") { point(pointId: "p") { series(${args}) { values { value } } } } }`;
/** asset, point, the series itself and its list. */
const AROUND = 1 + 1 + 10 + 1;

test.each<[string, string, number]>([
  ['a value per interval', `${DAY}, interval: "PT10M"`, AROUND + 1 + 144],
  ['a day is an interval', `${DAY}, interval: "P1D"`, AROUND + 1],
  ['at most limit', `${DAY}, interval: "PT10M", limit: 20`, AROUND + 20],
  ['at most maxPoints, while all are read', `${DAY}, interval: "PT1M", maxPoints: 100`, AROUND + 14 + 100],
  ['stored values by a guess', DAY, AROUND + 96],
  ['stored values at most limit', `${DAY}, limit: 5000`, AROUND + 96],
  [
    'arguments that make no sense weigh what is usual',
    'from: "2024-03-10T00:00:00Z", to: "2024-03-11T00:00:00Z", interval: "PT0S"',
    0,
  ],
])('%s', (_name, args, expected) => {
  if (expected === 0) {
    // Refused by validation, since the scalar knows; by variables it gets as far as the estimate.
    const query = `query ($i: Duration) ${series(`${DAY}, interval: $i`)}`;
    expect(cost(query, { i: 'PT0S' })).toBe(AROUND + 2 + 200);
    return;
  }
  expect(cost(series(args))).toBe(expected);
});

test('assets times points times samples, all in variables', () => {
  const query = `query ($ids: [ID!]!, $points: [ID!]!, $from: DateTime!, $to: DateTime!, $every: Duration) {
    assetsById(assetIds: $ids) { points(pointIds: $points) {
      series(from: $from, to: $to, interval: $every) { values { time value } } } } }`;
  const variables = {
    ids: Array.from({ length: 50 }, (_, i) => `a${i}`),
    points: ['p', 'q', 'r', 's'],
    from: '2024-03-10T00:00:00+01:00',
    to: '2024-03-11T00:00:00+01:00',
    every: 'PT10M',
  };
  // The list of assets, then per asset the list of points, then per point the series, its list and its samples.
  expect(cost(query, variables)).toBe(1 + 50 * (1 + 4 * (11 + 1 + 144 * 2)));
  expect(cost(query, { ...variables, ids: ['a'] })).toBe(1 + 1 * (1 + 4 * (11 + 1 + 144 * 2)));
  expect(cost(query, { ...variables, every: 'PT1M' })).toBe(1 + 50 * (1 + 4 * (24 + 1 + 1440 * 2)));
});

test('nodes(ids) counts its content by the number of ids', () => {
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Asset { assetId trees { treeId } } } }';
  expect(cost(query, { ids: ['a'] })).toBe(1 + 1 + 1 + 10);
  expect(cost(query, { ids: Array.from({ length: 100 }, String) })).toBe(1 + 100 * 12);
});
