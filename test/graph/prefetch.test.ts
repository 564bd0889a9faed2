/** Which fields of assets fetch ahead for a list, with what, and for whom. */
import { getOperationAST, parse } from 'graphql';
import { createGraphContext } from '../../src/graph/context.js';
import { buildGraph } from '../../src/graph/schema.js';
import { thingModel } from '../../src/loading/entities/thing-model.js';
import { guardLoaders } from '../../src/loading/guard/guard.js';
import { compileOperation } from '../../src/server/execution/compile.js';
import { fakeLoaders } from './fake-loaders.js';

const { schema } = buildGraph();
const ORG = 'o1';

/** Names and arguments of what was fetched ahead for the assets of a list: for the first of them, then for the others. */
async function ahead(selection: string): Promise<unknown[]> {
  // Whatever is fetched ahead is not there yet.
  const never = (): Promise<void> => Promise.resolve();
  const { loaders, calls } = fakeLoaders({
    of: { ThingModel: { prefetch: never } },
    alerts: { prefetchOfAssets: never },
    series: { prefetchLatest: never },
  });
  const document = parse(`{ assets { nodes { assetId ${selection} } } }`);
  const context = createGraphContext({ loaders, identity: { id: 'test', orgId: ORG } });
  const compiled = compileOperation({ schema, operation: getOperationAST(document)!, fragments: {} })!;
  const result = await compiled.execute({ variables: {}, context });
  expect(result?.errors).toBeUndefined();
  return calls
    .filter(({ name }) => name.includes('prefetch'))
    .map(({ name, args }) => [name, ...args.slice(1)]);
}

const of = (name: string, ...rest: unknown[]): unknown[] => [
  [name, ['a1'], ...rest],
  [name, ['a2', 'a3'], ...rest],
];
const NEWEST_TWO = { offset: 0, limit: 2 };

test.each<[string, unknown[]]>([
  ['points(pointIds: ["power"]) { latest { time } }', of('series.prefetchLatest', ['power'])],
  ['point(pointId: "power") { latest { time } }', of('series.prefetchLatest', ['power'])],
  ['alerts(first: 2) { nodes { alertId } }', of('alerts.prefetchOfAssets', 'ACTIVE', {}, NEWEST_TWO)],
  ['alerts { totalCount }', of('alerts.prefetchOfAssets', 'ACTIVE', {}, { offset: 0, limit: 0 })],
  // What it depends on is not known ahead.
  ['points { latest { time } }', []],
  ['point(pointId: "power") { latest(within: "PT5M") { time } }', []],
  // It needs nothing.
  ['point(pointId: "power") { pointId }', []],
])('%s', async (selection, expected) => {
  expect(await ahead(selection)).toEqual(expected);
});

test('the models of values that are read in their type come along', async () => {
  const fetched = await ahead('point(pointId: "power") { latest { value } }');
  expect(fetched.map((call) => (call as unknown[])[0])).toEqual([
    'series.prefetchLatest',
    'ThingModel.prefetch',
    'series.prefetchLatest',
    'ThingModel.prefetch',
  ]);
});

test('what has something to load below itself is not waited for', async () => {
  expect(await ahead('model { modelId parent { modelId } }')).toEqual([]);
});

test('nothing is fetched ahead of what the caller may not see, or without the right to it', async () => {
  const { loaders, calls } = fakeLoaders();
  const guarded = guardLoaders(loaders, {
    organizations: null,
    rights: new Set(['series:read', 'alerts:read']),
    assets: () => new Set(['a1', 'a3']),
  });
  await guarded.series.prefetchLatest(ORG, ['a1', 'a2', 'a3'], ['power']);
  await guarded.alerts.prefetchOfAssets(ORG, ['a1', 'a2'], 'ACTIVE', {}, NEWEST_TWO);
  expect(guarded.of(thingModel).prefetch(ORG, ['Turbine'])).toBeUndefined();
  expect(calls).toEqual([
    { name: 'series.prefetchLatest', args: [ORG, ['a1', 'a3'], ['power']] },
    { name: 'alerts.prefetchOfAssets', args: [ORG, ['a1'], 'ACTIVE', {}, NEWEST_TWO] },
  ]);
});
