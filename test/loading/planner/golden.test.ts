/**
 * Golden operations: what each costs at EnOS with a cold cache, computed from the hard limits and the data, never copied
 * from a run. One call more is a loss, one less means that the formula is wrong: both fail. Confirmations, splits and
 * retries would be extra; none of these operations needs one.
 */
import { parse } from 'graphql';
import 'reflect-metadata';
import { planOperation } from '../../../src/graph/plan/plan-operation.js';
import { buildGraph } from '../../../src/graph/schema.js';
import { STATE_PAIRS } from './golden-case.js';
import { startGolden, type Golden } from './golden-harness.js';
import { THINGS } from './golden-things.js';
import { VALUES_OF_POINTS } from './golden-values.js';
import { FACTS } from './golden-world.js';

const GOLDEN_CASES = [...THINGS, ...VALUES_OF_POINTS];

const { schema } = buildGraph();
let golden: Golden;
beforeAll(async () => {
  golden = await startGolden();
}, 60_000);
afterAll(() => golden?.close());

test('there are thirty golden operations and more', () => {
  expect(GOLDEN_CASES.length).toBeGreaterThanOrEqual(30);
  expect(golden.turbines).toHaveLength(FACTS.turbines);
  expect(golden.boxes).toHaveLength(FACTS.farms * FACTS.boxesPerFarm);
});

test.each(GOLDEN_CASES)('$name', async ({ query, variables, edition, calls }) => {
  const given = variables?.(golden);
  const { answer, calls: made } = await golden.count(query, given, edition);
  expect(answer.errors).toBeUndefined();
  expect(made).toEqual(calls);
  // What was planned without running it holds: no other operation, and as many calls as were said.
  const plan = planOperation({
    schema,
    document: parse(query),
    variables: given,
    settings: { edition: edition ?? '2.3' },
  });
  const named = new Set(plan.flatMap(({ operation }) => operation.split(' or ')));
  expect(Object.keys(made).filter((operation) => !named.has(operation))).toEqual([]);
  const total = Object.values(made).reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThanOrEqual(plan.reduce((sum, call) => sum + call.calls.least, 0));
  expect(total).toBeLessThanOrEqual(plan.reduce((sum, call) => sum + (call.calls.most ?? Infinity), 0));
});

/** What `di` and the records of the same points say of the same time range. */
test.each([
  ['2024-03-10T08:00:00Z', '2024-03-10T09:00:00Z'],
  ['2024-03-01T00:07:31Z', '2024-03-04T00:00:00Z'],
])('states from records are those of di, from %s to %s', async (from, to) => {
  const query = `query ($ids: [ID!]!, $from: DateTime!, $to: DateTime!) { assetsById(assetIds: $ids) {
    assetId point(pointId: "state") { stateChanges(from: $from, to: $to) { timestamp value } } } }`;
  interface States {
    assetId: string;
    point: { stateChanges: { timestamp: string; value: unknown }[] };
  }
  const states = async (
    ids: readonly string[],
  ): Promise<{ list: States[]; calls: Record<string, number> }> => {
    const { answer, calls } = await golden.count(query, { ids, from, to });
    expect(answer.errors).toBeUndefined();
    return { list: answer.data?.assetsById as States[], calls };
  };
  const ids = golden.turbines.slice(0, 40);
  const together = await states(ids);
  expect(together.calls).toMatchObject({ getAssetRawDataByTimeRange: 2 });
  expect(together.calls).not.toHaveProperty('getAssetDiData');
  const apart: States[] = [];
  for (let start = 0; start < ids.length; start += STATE_PAIRS) {
    const { list, calls } = await states(ids.slice(start, start + STATE_PAIRS));
    expect(calls).toMatchObject({ getAssetDiData: 1 });
    apart.push(...list);
  }
  expect(together.list).toEqual(apart);
  expect(together.list.some(({ point }) => point.stateChanges.length > 0)).toBe(true);
});
