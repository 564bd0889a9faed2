/** What an operation is planned to cost, and that no field is forgotten. The golden operations hold plans to what is called. */
import { defaultFieldResolver, isObjectType, Kind, parse } from 'graphql';
import 'reflect-metadata';
import { COSTS } from '../../../src/graph/plan/costs.js';
import { FREE } from '../../../src/graph/plan/free.js';
import { planOperation } from '../../../src/graph/plan/plan-operation.js';
import { RULES } from '../../../src/graph/plan/rules.js';
import type { PlannedCall, PlanSettings } from '../../../src/graph/plan/types.js';
import { OPERATIONS } from '../../../src/enos/generated/operations.js';
import { buildGraph } from '../../../src/graph/schema.js';

const { schema } = buildGraph();
const plan = (
  query: string,
  variables: Record<string, unknown> = {},
  edition: PlanSettings['edition'] = '2.3',
): PlannedCall[] => planOperation({ schema, document: parse(query), variables, settings: { edition } });
const brief = (calls: readonly PlannedCall[]): string[] =>
  calls.map(({ round, operation, calls: { least, most } }) => `${round} ${operation} ${least}-${most ?? ''}`);

test('every field with a resolver says what it loads, or that it loads nothing', () => {
  const resolved: string[] = [];
  const described: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve && field.resolve !== defaultFieldResolver)
        (field.extensions['rule'] ? described : resolved).push(`${type.name}.${field.name}`);
    }
  }
  expect(resolved.length + described.length).toBeGreaterThan(150);
  expect(resolved.filter((name) => !RULES[name] && !FREE.has(name))).toEqual([]);
  expect([...Object.keys(RULES), ...FREE].filter((name) => !resolved.includes(name))).toEqual([]);
  expect(Object.keys(RULES).filter((name) => FREE.has(name))).toEqual([]);
  expect(described.filter((name) => RULES[name] || FREE.has(name))).toEqual([]);
});

test('every loader names operations of the contract', () => {
  for (const cost of Object.values(COSTS)) {
    for (const edition of ['2.1', '2.3'] as const) {
      const { operations } = cost({ keys: { least: 50, most: 50 }, pages: 1, places: 1 }, { edition });
      expect(operations.filter((id) => !(id in OPERATIONS))).toEqual([]);
    }
  }
});

test('rounds follow the data, and what shares calls is one', () => {
  const calls = plan(
    `query ($ids: [ID!]!) {
      assetsById(assetIds: $ids) {
        ...P
        again: point(pointId: "power") { latest { timestamp } }
      }
    }
    fragment P on Asset { model { name } points(pointIds: ["power", "speed"]) { latest { value } } }`,
    { ids: ['a', 'b', 'c', 'a'] },
  );
  expect(brief(calls)).toEqual([
    '1 searchAssetNode 1-1',
    '2 searchThingModel or getThingModel 1-1',
    '2 getAssetLatestData 1-1',
  ]);
  expect(calls[2]?.paths).toEqual(['assetsById.points.latest', 'assetsById.again.latest']);
  expect(calls[0]).toMatchObject({ service: 'asset-tree', formula: null });
});

test('numbers that only the data knows are bounds with a formula', () => {
  const [asset, children, ...rest] = plan(
    `{ asset(assetId: "a") { children(treeId: "t", first: 1000, offset: 300) { nodes {
      points(pointIds: ["p", "q", "r", "s"]) { latest { timestamp } } children(treeId: "t", first: 5) { totalCount } } } } }`,
  );
  expect(brief([asset, children].flatMap((call) => call ?? []))).toEqual([
    '1 getAsset 1-1',
    '2 searchRelatedAssetNode 2-2',
  ]);
  expect(brief(rest)).toEqual(['3 getAssetLatestData 0-2', '3 searchRelatedAssetNode 0-1000']);
  expect(rest[0]?.formula).toBe('one per 3000 pairs of asset and point; 0 to 4000 pairs of asset and point');
});

test('what is skipped, carried or not selected costs nothing', () => {
  const query = `query ($no: Boolean!) {
    asset(assetId: "a") @skip(if: $no) { name }
    alerts(first: 5) { nodes { severity { name } type { name } model @include(if: $no) { name } } }
    assets { __typename }
  }`;
  expect(brief(plan(query, { no: true }))).toEqual([
    '1 searchActiveAlerts 1-1',
    '2 searchThingModel or getThingModel 0-1',
  ]);
  expect(brief(plan(query, { no: false }))).toEqual(['1 getAsset 1-1', '1 searchActiveAlerts 1-1']);
});

test('editions, past alerts and many states are told apart', () => {
  expect(brief(plan('{ a: assetTree(treeId: "a") { name } b: assetTree(treeId: "b") { name } }'))).toEqual([
    '1 searchAssetTree 1-1',
  ]);
  expect(
    brief(plan('{ a: assetTree(treeId: "a") { name } b: assetTree(treeId: "b") { name } }', {}, '2.1')),
  ).toEqual(['1 getAssetTree 2-2']);
  expect(brief(plan('{ alerts(state: HISTORY, first: 5) { totalCount } }'))).toEqual([
    '1 searchAlerts or searchHistoryAlerts 1-1',
  ]);
  const states = `query ($ids: [ID!]!) { assetsById(assetIds: $ids) { point(pointId: "s") {
    stateChanges(from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z") { timestamp } } } }`;
  const ids = Array.from({ length: 50 }, (_, index) => `a${index}`);
  expect(brief(plan(states, { ids })).slice(1)).toEqual([
    '2 searchThingModel or getThingModel 1-1',
    '3 getMeasurementPointTsdbMetadata 1-1',
    '4 getAssetDiData or getAssetRawDataByTimeRange 2-5',
  ]);
  expect(brief(plan(states, { ids: ids.slice(0, 12) }))[2]).toBe('3 getAssetDiData 2-2');
});

test('an operation that does not exist, and one that unfolds without end, are refused', () => {
  expect(() => plan('query A { assets { totalCount } } query B { assets { totalCount } }')).toThrow(
    RangeError,
  );
  const doubling = Array.from(
    { length: 20 },
    (_, index) => `fragment F${index} on Asset { a: model { modelId } ...F${index + 1} ...F${index + 1} }`,
  ).join('\n');
  const hostile = `{ asset(assetId: "a") { ...F0 } } ${doubling} fragment F20 on Asset { name }`;
  expect(() => plan(hostile)).toThrow(/more than 20000 fields/);
});

test('an operation that unfolds without end is refused before it has been unfolded', () => {
  for (const leaf of ['name', 'name @skip(if: true)']) {
    const doubling = Array.from(
      { length: 18 },
      (_, index) => `fragment F${index} on Asset { ...F${index + 1} ...F${index + 1} }`,
    );
    const document = parse(
      `{ asset(assetId: "a") { ...F0 } } ${doubling.join('\n')} fragment F18 on Asset { ${leaf} }`,
    );
    const last = document.definitions.at(-1);
    if (last?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error('The last one is F18');
    const { selectionSet } = last;
    let looks = 0;
    const counted = () => {
      looks += 1;
      return selectionSet;
    };
    Object.defineProperty(last, 'selectionSet', { get: counted });
    const planned = () => planOperation({ schema, document, settings: { edition: '2.3' } });
    expect(planned).toThrow(/more than 20000 fields/);
    expect(looks).toBeLessThan(100_000);
  }
});
